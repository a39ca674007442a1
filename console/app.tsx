// Who is there decides what is shown: the sign-in, or the frame with its pages.
import { Redirect, Route, Switch } from 'wouter';
import type { Me } from '../server/contract.ts';
import { problemOf } from './api.ts';
import { Live } from './live.tsx';
import { AccountPage } from './pages/account.tsx';
import { AlertsPage } from './pages/alerts.tsx';
import { ApprovalsPage } from './pages/approvals.tsx';
import { AuditPage } from './pages/audit.tsx';
import { BindPage } from './pages/bind.tsx';
import { ConnectorsPage } from './pages/connectors.tsx';
import { ContainedPage } from './pages/contained.tsx';
import { IncidentsPage } from './pages/incidents.tsx';
import { NowPage } from './pages/now.tsx';
import { PeoplePage } from './pages/people.tsx';
import { PlaybooksPage } from './pages/playbooks.tsx';
import { RunsPage } from './pages/runs.tsx';
import { SignInPage } from './pages/sign-in.tsx';
import { SuppressionsPage } from './pages/suppressions.tsx';
import { screen } from './paths.ts';
import { useMe } from './queries.ts';
import { Frame } from './ui/frame.tsx';
import { Empty, Failed } from './ui/notice.tsx';
import { SinglePage } from './ui/page.tsx';
import { Clockwork } from './ui/when.tsx';

export function App() {
  const { data: me, error, isPending, refetch } = useMe();
  const problem = error ? problemOf(error) : undefined;
  if (isPending) return null;
  if (problem?.status === 401 || me?.mustChangePassword || problem?.code === 'PASSWORD_CHANGE_REQUIRED') {
    return <SignInPage me={problem?.status === 401 ? undefined : (me ?? STRANGER)} />;
  }
  if (!me) {
    return (
      <main>
        <Failed error={error} where="at the start" retry={() => void refetch()} />
      </main>
    );
  }
  return (
    <Live>
      <Clockwork>
        <Frame>
          <Pages />
        </Frame>
      </Clockwork>
    </Live>
  );
}

/** Where the server hides even the own account until the one-time password is changed. */
const STRANGER: Me = { id: '', name: '', login: '', role: 'viewer', mustChangePassword: true, scopes: [] };

function Pages() {
  return (
    <Switch>
      <Route path="/" component={NowPage} />
      <Route path="/alerts/:id?" component={AlertsPage} />
      <Route path="/incidents/:id?" component={IncidentsPage} />
      <Route path="/runs/:id?" component={RunsPage} />
      <Route path="/approvals/:id?" component={ApprovalsPage} />
      <Route path="/contained/:id?" component={ContainedPage} />
      <Route path="/suppressions/:id?" component={SuppressionsPage} />
      <Route path="/playbooks/:id?" component={PlaybooksPage} />
      <Route path="/connectors/:id?" component={ConnectorsPage} />
      <Route path="/audit" component={AuditPage} />
      <Route path="/people/:id?" component={PeoplePage} />
      <Route path="/account" component={AccountPage} />
      <Route path="/bind" component={BindPage} />
      <Route path="/holds/:id">{({ id }) => <Redirect replace to={screen.hold(id)} />}</Route>
      <Route path="/holds">
        <Redirect replace to={screen.contained()} />
      </Route>
      <Route>
        <SinglePage title="Not here">
          <Empty title="There is no page at this address">It may have moved. Press Ctrl K or ⌘ K to go anywhere.</Empty>
        </SinglePage>
      </Route>
    </Switch>
  );
}
