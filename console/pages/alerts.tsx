import { Link, useParams } from 'wouter';
import type { AlertDetail, AlertRow, TriggerDecision } from '../../server/contract.ts';
import { screen } from '../paths.ts';
import { useAlert, useAlerts } from '../queries.ts';
import { AlertBody } from '../ui/alert-body.tsx';
import { Callout, Detail, Lines, Part } from '../ui/detail.tsx';
import { Raw } from '../ui/facts.tsx';
import { Choices, Search, useFilters } from '../ui/filters.tsx';
import { Ident } from '../ui/ident.tsx';
import { Empty, Failed, Loading } from '../ui/notice.tsx';
import { ListPage } from '../ui/page.tsx';
import type { RowView } from '../ui/row.tsx';
import { RowList } from '../ui/row-list.tsx';
import { Severity } from '../ui/severity.tsx';
import { Tag } from '../ui/tag.tsx';
import { When } from '../ui/when.tsx';
import { alertSaid, count, plain, type Said } from '../words.ts';

const CHOICES = [
  { value: '', label: 'All' },
  { value: 'accepted', label: 'Accepted' },
  { value: 'quarantined', label: 'Quarantined' },
];

export function AlertsPage() {
  const { id } = useParams<{ id?: string }>();
  const { state, q, suppression } = useFilters();
  const source = useAlerts({ state, suppression });
  return (
    <ListPage
      title="Alerts"
      back={screen.alerts({ state, q, suppression })}
      tools={
        <>
          {suppression ? (
            <p className="dim">
              only what <Link href={screen.suppression(suppression)}>a suppression</Link> hid · <Link href={screen.alerts({ q })}>all</Link>
            </p>
          ) : null}
          <Choices name="state" choices={CHOICES} href={(value) => screen.alerts({ state: value, q, suppression })} />
          <Search label="Search alerts" />
        </>
      }
      list={
        <RowList
          label="Alerts"
          source={source}
          toRow={toRow}
          search={q}
          openId={id}
          empty={
            <Empty
              title={state === 'quarantined' ? 'Nothing is quarantined' : suppression ? 'It has hidden nothing' : 'No alert yet'}
              command="npx cordon alerts send --sample travel"
            >
              Alerts that sources post to /hooks/&lt;source&gt; appear here within a second. To send one:
            </Empty>
          }
        />
      }
      detail={id ? <Opened key={id} id={id} /> : undefined}
    />
  );
}

function toRow(alert: AlertRow): RowView {
  return {
    id: alert.id,
    href: screen.alert(alert.id),
    title: alert.title || 'Untitled',
    said: alertSaid(alert),
    severityId: alert.severity_id,
    details: [
      alert.seenCount > 1 ? `${alert.source}, seen ${alert.seenCount.toLocaleString('en')} times` : alert.source,
      alert.runs[0]?.playbook ?? '',
    ],
    at: alert.receivedAt,
  };
}

function Opened({ id }: { readonly id: string }) {
  const { data: alert, error, refetch } = useAlert(id);
  if (!alert) return error ? <Failed error={error} where={`alert ${id}`} retry={() => void refetch()} /> : <Loading />;
  return (
    <Detail
      title={alert.title || 'Untitled'}
      head={
        <>
          <Tag {...alertSaid(alert)} />
          <Severity id={alert.severity_id} />
          <span className="dim">
            from {plain(alert.source)}, <When at={alert.receivedAt} />
            {alert.seenCount > 1 ? `, seen ${alert.seenCount.toLocaleString('en')} times` : ''}
          </span>
          <Ident value={alert.id} what="alert id" />
        </>
      }
    >
      {alert.state === 'quarantined' ? (
        <Callout tone="needs">
          <strong>Quarantined: it is authentic, but not understood.</strong> {plain(alert.quarantineReason ?? '')}. Nothing was started. It
          is kept below as received; mend its source and let it send again.
        </Callout>
      ) : null}
      <Why alert={alert} />
      {alert.body ? (
        <Part title="What it says">
          <AlertBody body={alert.body} />
        </Part>
      ) : null}
      <Part title={alert.state === 'quarantined' ? 'As received' : 'As received, before anything was read into it'}>
        {alert.state === 'quarantined' ? (
          <Raw text={alert.raw} label="The alert as received" />
        ) : (
          <details>
            <summary>{count(alert.raw.length, 'character')}</summary>
            <Raw text={alert.raw} label="The alert as received" />
          </details>
        )}
      </Part>
      {alert.incidentId ? (
        <p className="dim">
          Part of <Link href={screen.incident(alert.incidentId)}>its incident</Link>.
        </p>
      ) : null}
    </Detail>
  );
}

const DECISION_WORDS: Readonly<Record<TriggerDecision['decision'], Said>> = {
  start: { tone: 'wait', word: 'started' },
  join: { tone: 'wait', word: 'joined' },
  duplicate: { tone: 'none', word: 'duplicate' },
  suppressed: { tone: 'none', word: 'suppressed' },
  no_match: { tone: 'none', word: 'no match' },
  error: { tone: 'bad', word: 'error' },
};

/** Why it matched: every decision with its reason, those that started something first. */
function Why({ alert }: { readonly alert: AlertDetail }) {
  if (alert.state === 'quarantined') return null;
  if (alert.decisions.length === 0)
    return <Part title="Why it matched">Not decided yet. It is in line; this page shows it when it is.</Part>;
  const rank = (decision: TriggerDecision): number => (decision.runId ? 0 : decision.decision === 'error' ? 1 : 2);
  return (
    <Part title="Why it matched">
      <Lines>
        {alert.decisions
          .toSorted((a, b) => rank(a) - rank(b))
          .map((decision) => (
            <li key={`${decision.playbook} ${decision.decision} ${decision.at}`}>
              <Tag {...DECISION_WORDS[decision.decision]} />
              <span>
                {decision.runId ? (
                  <Link href={screen.run(decision.runId)}>{plain(decision.playbook ?? 'the run')}</Link>
                ) : (
                  <strong>{plain(decision.playbook ?? '')}</strong>
                )}{' '}
                {plain(decision.reason)}
              </span>
            </li>
          ))}
      </Lines>
    </Part>
  );
}
