import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useSearchParams } from 'wouter';
import type { AuditRow, AuditVerdict } from '../../server/contract.ts';
import { call } from '../api.ts';
import { api, screen } from '../paths.ts';
import { useAudit } from '../queries.ts';
import { absolute, clock } from '../time.ts';
import { Callout, Detail } from '../ui/detail.tsx';
import { Fact, Facts } from '../ui/facts.tsx';
import { Search, useFilters } from '../ui/filters.tsx';
import { Ident } from '../ui/ident.tsx';
import { Empty, Failed } from '../ui/notice.tsx';
import { ListPage } from '../ui/page.tsx';
import type { RowView } from '../ui/row.tsx';
import { RowList } from '../ui/row-list.tsx';
import { count, plain } from '../words.ts';
import css from './audit.module.css';

export function AuditPage() {
  const [params] = useSearchParams();
  const { q } = useFilters();
  const stream = params.get('stream') ?? undefined;
  const entry = params.get('entry') ?? undefined;
  const source = useAudit({ stream });
  const open = source.items.find((row) => idOf(row) === entry);
  const verdict = useQuery({
    queryKey: ['verdict'],
    queryFn: async ({ signal }) => ({ ...(await call<AuditVerdict>(api.verifyAudit(), { signal })), at: new Date().toISOString() }),
    enabled: false,
    retry: false,
  });
  return (
    <ListPage
      title="Audit"
      back={screen.audit({ stream, q })}
      tools={
        <>
          {stream ? <span className="dim">stream {plain(stream)}</span> : null}
          <Button size="compact-sm" variant="default" disabled={verdict.isFetching} onClick={() => void verdict.refetch()}>
            {verdict.isFetching ? 'Verifying every record' : 'Verify'}
          </Button>
          <Search label="Search the audit" />
        </>
      }
      list={
        <>
          {verdict.data || verdict.error ? (
            <div className={css.verdict} aria-live="polite">
              {verdict.error ? <Failed error={verdict.error} where="while verifying" /> : null}
              {verdict.data && !verdict.error ? <Verdict verdict={verdict.data} at={verdict.data.at} /> : null}
            </div>
          ) : null}
          <RowList
            label="Audit"
            source={source}
            toRow={toRow}
            search={q}
            openId={entry}
            empty={
              <Empty title="Nothing was written down yet" command="npx cordon alerts send --sample travel">
                Every intent stands here before its effect, and every outcome after it.
              </Empty>
            }
          />
        </>
      }
      detail={open ? <Opened row={open} /> : undefined}
    />
  );
}

function Verdict({ verdict, at }: { readonly verdict: AuditVerdict; readonly at: string }) {
  if (verdict.ok) {
    return (
      <Callout tone="ok">
        <strong>Intact</strong> at {clock(at)}: {count(verdict.events, 'record')} in {count(verdict.streams, 'chain')},{' '}
        {count(verdict.checkpoints, 'signed checkpoint')};{' '}
        {verdict.unanchored.events > 0
          ? `the newest ${count(verdict.unanchored.events, 'record')} not under a checkpoint yet`
          : 'all under a checkpoint'}
        .
      </Callout>
    );
  }
  const { bad, badCheckpoint } = verdict;
  return (
    <Callout tone="bad">
      <strong>Not intact.</strong> {bad ? `The first bad record is number ${bad.seq} of ${plain(bad.stream)}: ${bad.reason}.` : null}{' '}
      {badCheckpoint ? `The first bad checkpoint is ${plain(badCheckpoint.id)}: ${badCheckpoint.reason}.` : null} Export the log, keep the
      database as it is, and find out who wrote to it.
    </Callout>
  );
}

const idOf = (row: AuditRow): string => `${row.stream}/${row.seq}`;

function toRow(row: AuditRow): RowView {
  return {
    id: idOf(row),
    href: screen.audit({ entry: idOf(row) }),
    title: row.says,
    details: [row.actor, row.stream],
    at: row.at,
  };
}

function Opened({ row }: { readonly row: AuditRow }) {
  return (
    <Detail title={row.says} head={<span className="dim">{absolute(row.at)}</span>}>
      <Facts>
        <Fact label="Who">{plain(row.actor)}</Fact>
        <Fact label="What">
          <code>{plain(row.code)}</code>
        </Fact>
        <Fact label="Chain">
          <Ident value={row.stream} what="stream" /> number {row.seq}
        </Fact>
        <Fact label="Hash">
          <Ident value={row.hash} what="hash" />
        </Fact>
      </Facts>
    </Detail>
  );
}
