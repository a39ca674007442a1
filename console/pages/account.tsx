// What belongs to whoever is signed in: who they are here, their password, their API tokens.
import { api } from '../paths.ts';
import { useMe } from '../queries.ts';
import { Detail, Part } from '../ui/detail.tsx';
import { Fact, Facts } from '../ui/facts.tsx';
import { Failed, Loading } from '../ui/notice.tsx';
import { SinglePage } from '../ui/page.tsx';
import { AddToken } from '../ui/people/add-token.tsx';
import { OwnPassword } from '../ui/people/own-password.tsx';
import css from '../ui/people/people.module.css';
import { roleWords } from '../ui/people/roles.ts';
import { Tokens } from '../ui/people/tokens.tsx';
import { plain } from '../words.ts';

export function AccountPage() {
  const { data: me, error, refetch } = useMe();
  return (
    <SinglePage title="Your account">
      {me ? (
        <Detail title={me.name} head={<span className="dim">{me.role}</span>}>
          <Facts>
            <Fact label="Login">
              <code>{plain(me.login)}</code>
            </Fact>
            <Fact label="E-mail">{me.email ? plain(me.email) : <span className="dim">none; an admin can add it</span>}</Fact>
            <Fact label="Role">
              {me.role} <span className="dim">{roleWords(me.role)}</span>
            </Fact>
          </Facts>
          <Part title="API tokens">
            <div className={css.stack}>
              <p className="dim">For the command line and for programs. Each acts in your name, and does no more than you may.</p>
              <Tokens path={api.token} />
              <AddToken me={me} />
            </div>
          </Part>
          <Part title="Password">
            <OwnPassword login={me.login} />
          </Part>
        </Detail>
      ) : error ? (
        <Failed error={error} where="while reading your account" retry={() => void refetch()} />
      ) : (
        <Loading rows={4} />
      )}
    </SinglePage>
  );
}
