// Suppressions and maintenance windows: what is hidden, by whom and why, until when, and how much that was.
import { Button } from '@mantine/core';
import { useState } from 'react';
import { Link, useLocation, useParams } from 'wouter';
import type { SuppressionRow } from '../../server/contract.ts';
import { useKeys } from '../keys.ts';
import { api, screen } from '../paths.ts';
import { useSuppression, useSuppressions } from '../queries.ts';
import { matchFacts, matchWords, suppressionSaid } from '../suppression-words.ts';
import { absolute } from '../time.ts';
import { Actions, Callout, Detail } from '../ui/detail.tsx';
import { Fact, Facts } from '../ui/facts.tsx';
import { Choices, Search, useFilters } from '../ui/filters.tsx';
import { Ident } from '../ui/ident.tsx';
import { Key } from '../ui/key.tsx';
import { Empty, Failed, Loading } from '../ui/notice.tsx';
import { ListPage } from '../ui/page.tsx';
import { ReasonDialog } from '../ui/reason-dialog.tsx';
import type { RowView } from '../ui/row.tsx';
import { RowList } from '../ui/row-list.tsx';
import { SuppressDialog } from '../ui/suppress-dialog.tsx';
import { Tag } from '../ui/tag.tsx';
import { When } from '../ui/when.tsx';
import { count, plain, sentence } from '../words.ts';

const CHOICES = [
  { value: '', label: 'In force or planned' },
  { value: 'all', label: 'All' },
];

export function SuppressionsPage() {
  const { id } = useParams<{ id?: string }>();
  const { state, q } = useFilters();
  const [isAdding, setAdding] = useState(false);
  const [, go] = useLocation();
  const source = useSuppressions(state === 'all' ? 'true' : undefined);
  useKeys({ n: () => setAdding(true) });
  return (
    <ListPage
      title="Suppressions"
      back={screen.suppressions({ state, q })}
      tools={
        <>
          <Choices name="state" choices={CHOICES} href={(value) => screen.suppressions({ state: value, q })} />
          <Search label="Search suppressions" />
          <Button size="compact-sm" variant="default" onClick={() => setAdding(true)} rightSection={<Key name="n" />}>
            Suppress alerts
          </Button>
          {isAdding ? (
            <SuppressDialog
              onClose={() => setAdding(false)}
              onMade={(made) => {
                setAdding(false);
                go(screen.suppression(made, { state }));
              }}
            />
          ) : null}
        </>
      }
      list={
        <RowList
          label="Suppressions"
          source={source}
          toRow={toRow}
          search={q}
          openId={id}
          alsoOpen={['u']}
          empty={
            <Empty
              title={state === 'all' ? 'Nothing was ever suppressed' : 'Nothing is suppressed'}
              command={'npx cordon suppress add --title Patching --reason CHG-1234 --for 4h --entity host:wks-007'}
            >
              Alerts that are expected, as in a maintenance window, can start nothing for a time. They are still stored and counted. To have
              one, press n, or on the command line:
            </Empty>
          }
        />
      }
      detail={id ? <Opened key={id} id={id} /> : undefined}
    />
  );
}

function toRow(row: SuppressionRow): RowView {
  return {
    id: row.id,
    href: screen.suppression(row.id),
    title: row.title,
    said: suppressionSaid(row),
    details: [`hid ${count(row.hidden, 'alert')}`, matchWords(row.match), `${row.by}: ${row.reason}`],
    ...(row.state === 'removed'
      ? { at: row.removedAt ?? row.expiresAt, atWords: 'ended' }
      : row.state === 'planned'
        ? { at: row.startsAt, atWords: 'begins' }
        : { at: row.expiresAt, atWords: row.state === 'expired' ? 'ended' : 'ends' }),
  };
}

function Opened({ id }: { readonly id: string }) {
  const { data: row, error, refetch } = useSuppression(id);
  const [isEnding, setEnding] = useState(false);
  const canEnd = row?.state === 'active' || row?.state === 'planned';
  useKeys({ u: canEnd ? () => setEnding(true) : undefined });
  if (!row) return error ? <Failed error={error} where={`suppression ${id}`} retry={() => void refetch()} /> : <Loading />;
  return (
    <Detail
      title={row.title}
      head={
        <>
          <Tag {...suppressionSaid(row)} />
          <Ident value={row.id} what="suppression id" />
        </>
      }
    >
      {row.state === 'active' ? (
        <Callout tone="wait">
          <strong>{sentence(capital(matchWords(row.match)))}</strong> What matches is stored and counted, and starts nothing. It ends{' '}
          <When at={row.expiresAt} />.
        </Callout>
      ) : null}
      {canEnd ? (
        <Actions>
          <Button variant="default" onClick={() => setEnding(true)} rightSection={<Key name="u" />}>
            {row.state === 'planned' ? 'Call it off' : 'End it now'}
          </Button>
        </Actions>
      ) : null}
      <Facts>
        <Fact label="Why">{plain(row.reason)}</Fact>
        <Fact label="By">{plain(row.by)}</Fact>
        <Fact label="From">
          <When at={row.startsAt} /> <span className="dim">{absolute(row.startsAt)}</span>
        </Fact>
        <Fact label="Until">
          <When at={row.expiresAt} /> <span className="dim">{absolute(row.expiresAt)}</span>
        </Fact>
        {row.removedAt ? (
          <Fact label="Ended early">
            <When at={row.removedAt} /> <span className="dim">{absolute(row.removedAt)}</span>
          </Fact>
        ) : null}
        <Fact label="It has hidden">
          {row.hidden > 0 ? <Link href={screen.alerts({ suppression: row.id })}>{count(row.hidden, 'alert')}</Link> : 'nothing yet'}
          {row.lastHiddenAt ? (
            <>
              , the last <When at={row.lastHiddenAt} />
            </>
          ) : null}
        </Fact>
        {matchFacts(row.match).map(([label, value]) => (
          <Fact key={label} label={label}>
            <code>{plain(value)}</code>
          </Fact>
        ))}
      </Facts>
      {isEnding ? (
        <ReasonDialog
          title={row.state === 'planned' ? 'Call it off' : 'End it now'}
          button={row.state === 'planned' ? 'Call it off' : 'End it now'}
          path={api.removeSuppression(row.id)}
          onClose={() => setEnding(false)}
        >
          Alerts that match start playbooks again from now on. What it has hidden stays as it is: nothing is started for that afterwards.
        </ReasonDialog>
      ) : null}
    </Detail>
  );
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
