import { Button } from '@mantine/core';
import { useState } from 'react';
import { Link, useParams } from 'wouter';
import type { IncidentRow } from '../../server/contract.ts';
import { screen } from '../paths.ts';
import { useAlerts, useHolds, useIncident, useIncidents, useRuns } from '../queries.ts';
import { Actions, Detail, Lines, Part } from '../ui/detail.tsx';
import { Choices, Search, useFilters } from '../ui/filters.tsx';
import { HoldLine } from '../ui/hold-line.tsx';
import { Ident } from '../ui/ident.tsx';
import { Empty, Failed, Loading } from '../ui/notice.tsx';
import { ListPage } from '../ui/page.tsx';
import type { RowView } from '../ui/row.tsx';
import { RowList } from '../ui/row-list.tsx';
import { Severity } from '../ui/severity.tsx';
import { Tag } from '../ui/tag.tsx';
import { UndoDialog } from '../ui/undo-dialog.tsx';
import { When } from '../ui/when.tsx';
import { alertSaid, count, plain, runSaid } from '../words.ts';

const CHOICES = [
  { value: '', label: 'All' },
  { value: 'open', label: 'Open' },
  { value: 'closed', label: 'Closed' },
];

export function IncidentsPage() {
  const { id } = useParams<{ id?: string }>();
  const { state, q } = useFilters();
  const source = useIncidents({ state });
  return (
    <ListPage
      title="Incidents"
      back={screen.incidents({ state, q })}
      tools={
        <>
          <Choices name="state" choices={CHOICES} href={(value) => screen.incidents({ state: value, q })} />
          <Search label="Search incidents" />
        </>
      }
      list={
        <RowList
          label="Incidents"
          source={source}
          toRow={toRow}
          search={q}
          openId={id}
          empty={
            <Empty title="No incident yet" command="npx cordon alerts send --sample travel">
              Alerts that share a person, a host or an address within a day stand together here. To begin one:
            </Empty>
          }
        />
      }
      detail={id ? <Opened key={id} id={id} /> : undefined}
    />
  );
}

function toRow(incident: IncidentRow): RowView {
  return {
    id: incident.id,
    href: screen.incident(incident.id),
    title: incident.title,
    said: { tone: 'none', word: incident.state },
    severityId: incident.severity_id,
    details: [`${count(incident.alerts, 'alert')}, ${count(incident.runs, 'run')}`, incident.entities.slice(0, 3).join(', ')],
    at: incident.updatedAt,
  };
}

function Opened({ id }: { readonly id: string }) {
  const [undoing, setUndoing] = useState(false);
  const { data: incident, error, refetch } = useIncident(id);
  if (!incident) return error ? <Failed error={error} where={`incident ${id}`} retry={() => void refetch()} /> : <Loading />;
  return (
    <Detail
      title={incident.title}
      head={
        <>
          <Tag tone="none" word={incident.state} />
          <Severity id={incident.severity_id} />
          <span className="dim">
            opened <When at={incident.openedAt} />, last moved <When at={incident.updatedAt} />
          </span>
          <Ident value={incident.id} what="incident id" />
        </>
      }
    >
      <Part title="Who and what it is about">
        <p>{incident.entities.length > 0 ? incident.entities.map(plain).join(', ') : 'No person, host or address is named.'}</p>
      </Part>
      <Actions>
        <Button variant="default" onClick={() => setUndoing(true)}>
          Undo what was done here
        </Button>
      </Actions>
      <Belongs id={id} />
      {undoing ? <UndoDialog scope={{ incident: id }} onClose={() => setUndoing(false)} /> : null}
    </Detail>
  );
}

/** The newest 200 of each that belong to this incident. */
function Belongs({ id }: { readonly id: string }) {
  const runs = useRuns({ incident: id }).items;
  const alerts = useAlerts({ incident: id }).items;
  const holds = useHolds({ state: 'open' }).items.filter(({ incidentId }) => incidentId === id);
  return (
    <>
      {runs.length > 0 ? (
        <Part title="Runs">
          <Lines>
            {runs.map((run) => (
              <li key={run.id}>
                <Tag {...runSaid(run)} />
                <Link href={screen.run(run.id)}>{plain(run.title)}</Link>
                <span className="dim" data-end>
                  <When at={run.createdAt} />
                </span>
              </li>
            ))}
          </Lines>
        </Part>
      ) : null}
      {holds.length > 0 ? (
        <Part title="Contained">
          <Lines>
            {holds.map((hold) => (
              <HoldLine key={hold.id} hold={hold} />
            ))}
          </Lines>
        </Part>
      ) : null}
      {alerts.length > 0 ? (
        <Part title="Alerts">
          <Lines>
            {alerts.map((alert) => (
              <li key={alert.id}>
                <Tag {...alertSaid(alert)} />
                <Link href={screen.alert(alert.id)}>{plain(alert.title)}</Link>
                <span className="dim" data-end>
                  <When at={alert.receivedAt} />
                </span>
              </li>
            ))}
          </Lines>
        </Part>
      ) : null}
    </>
  );
}
