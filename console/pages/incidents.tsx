import { Button } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { Link, useParams } from 'wouter';
import type { IncidentRow } from '../../server/contract.ts';
import { screen } from '../paths.ts';
import { type Rows, useAlerts, useHolds, useIncident, useIncidents, useRuns } from '../queries.ts';
import { Actions, Detail, Lines, Part } from '../ui/detail.tsx';
import { Search, useFilters } from '../ui/filters.tsx';
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

export function IncidentsPage() {
  const { id } = useParams<{ id?: string }>();
  const { q } = useFilters();
  const source = useIncidents({});
  return (
    <ListPage
      title="Incidents"
      back={screen.incidents({ q })}
      tools={<Search label="Search incidents" />}
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

function Belongs({ id }: { readonly id: string }) {
  return (
    <>
      <Belonging title="Runs" source={useRuns({ incident: id })}>
        {(run) => (
          <li key={run.id}>
            <Tag {...runSaid(run)} />
            <Link href={screen.run(run.id)}>{plain(run.title)}</Link>
            <span className="dim" data-end>
              <When at={run.createdAt} />
            </span>
          </li>
        )}
      </Belonging>
      <Belonging title="Contained" source={useHolds({ state: 'open', incident: id })}>
        {(hold) => <HoldLine key={hold.id} hold={hold} />}
      </Belonging>
      <Belonging title="Alerts" source={useAlerts({ incident: id })}>
        {(alert) => (
          <li key={alert.id}>
            <Tag {...alertSaid(alert)} />
            <Link href={screen.alert(alert.id)}>{plain(alert.title)}</Link>
            <span className="dim" data-end>
              <When at={alert.receivedAt} />
            </span>
          </li>
        )}
      </Belonging>
    </>
  );
}

interface BelongingProps<T> {
  readonly title: string;
  readonly source: Rows<T>;
  readonly children: (row: T) => ReactNode;
}

/** What could not be read is not nothing, and a list that stops says so. */
function Belonging<T>({ title, source, children }: BelongingProps<T>) {
  if (!source.isLoading && !source.error && source.items.length === 0) return null;
  return (
    <Part title={title}>
      {source.isLoading ? <Loading rows={2} /> : null}
      {source.error ? <Failed error={source.error} where={title} retry={source.retry} /> : null}
      <Lines>{source.items.map(children)}</Lines>
      {source.hasMore ? (
        <Button variant="default" size="compact-sm" disabled={source.isReadingMore} onClick={source.readMore}>
          Show more
        </Button>
      ) : null}
    </Part>
  );
}
