import { Button } from '@mantine/core';
import { useState } from 'react';
import { Link, useParams } from 'wouter';
import type { RunDetail, RunRow } from '../../server/contract.ts';
import { useKeys } from '../keys.ts';
import { api, screen } from '../paths.ts';
import { useRun, useRuns } from '../queries.ts';
import { took } from '../time.ts';
import { Actions, Callout, Detail, Lines, Part } from '../ui/detail.tsx';
import { Fact, Facts, Value } from '../ui/facts.tsx';
import { Choices, Search, useFilters } from '../ui/filters.tsx';
import { HoldLine } from '../ui/hold-line.tsx';
import { Ident } from '../ui/ident.tsx';
import { Key } from '../ui/key.tsx';
import { Empty, Failed, Loading } from '../ui/notice.tsx';
import { ListPage } from '../ui/page.tsx';
import { ReasonDialog } from '../ui/reason-dialog.tsx';
import type { RowView } from '../ui/row.tsx';
import { RowList } from '../ui/row-list.tsx';
import { Timeline } from '../ui/run/timeline.tsx';
import { PastItsTime, WaitList } from '../ui/run/waits.tsx';
import { Severity } from '../ui/severity.tsx';
import { Tag } from '../ui/tag.tsx';
import { UndoDialog } from '../ui/undo-dialog.tsx';
import { Left, When } from '../ui/when.tsx';
import { count, plain, runSaid, sentence, thenWords, waitsFor } from '../words.ts';

const CHOICES = [
  { value: '', label: 'All' },
  { value: 'open', label: 'Going' },
  { value: 'waiting', label: 'Waiting' },
  { value: 'stuck', label: 'Stuck' },
  { value: 'failed', label: 'Failed' },
  { value: 'lost', label: 'Lost' },
];

export function RunsPage() {
  const { id } = useParams<{ id?: string }>();
  const { state, q } = useFilters();
  return (
    <ListPage
      title="Runs"
      back={screen.runs({ state, q })}
      tools={
        <>
          <Choices name="state" choices={CHOICES} href={(value) => screen.runs({ state: value, q })} />
          <Search label="Search runs" />
        </>
      }
      list={
        state === 'waiting' || state === 'stuck' ? (
          <WaitList only={state} search={q} openId={id} />
        ) : (
          <RunList state={state} search={q} openId={id} />
        )
      }
      detail={id ? <Opened key={id} id={id} /> : undefined}
    />
  );
}

function RunList({ state, ...list }: { readonly state: string | undefined; readonly search: string; readonly openId: string | undefined }) {
  return (
    <RowList
      {...list}
      label="Runs"
      source={useRuns({ state })}
      toRow={toRow}
      alsoOpen={['u']}
      empty={
        <Empty title={state ? `No run is ${state}` : 'No run yet'} command="npx cordon alerts send --sample travel">
          A run is one playbook answering one alert. To start one:
        </Empty>
      }
    />
  );
}

function toRow(run: RunRow): RowView {
  return {
    id: run.id,
    href: screen.run(run.id),
    title: run.title,
    said: runSaid(run),
    severityId: run.severity_id,
    details: [run.playbook, run.activeHolds > 0 ? `${run.activeHolds} held` : ''],
    at: run.createdAt,
  };
}

function Opened({ id }: { readonly id: string }) {
  const { data: run, error, refetch } = useRun(id);
  const [asking, setAsking] = useState<'undo' | 'cancel'>();
  const canUndo = run?.kind === 'playbook';
  useKeys({ u: canUndo ? () => setAsking('undo') : undefined });
  if (!run) return error ? <Failed error={error} where={`run ${id}`} retry={() => void refetch()} /> : <Loading />;
  const isOpen = run.endedAt === undefined;
  const held = run.holds.filter(({ state }) => state !== 'released');
  return (
    <Detail title={run.title} head={<Head run={run} />}>
      <Notices run={run} />
      {isOpen ? <PastItsTime runId={run.id} /> : null}
      <Actions>
        {canUndo ? (
          <Button variant="default" onClick={() => setAsking('undo')} rightSection={<Key name="u" />}>
            Undo
          </Button>
        ) : null}
        {isOpen ? (
          <Button variant="default" onClick={() => setAsking('cancel')}>
            Cancel the run
          </Button>
        ) : null}
      </Actions>
      <Part title="What happened">
        <Timeline run={run} />
      </Part>
      {held.length > 0 ? (
        <Part title="Held by this run">
          <Lines>
            {held.map((hold) => (
              <HoldLine key={hold.id} hold={hold} />
            ))}
          </Lines>
        </Part>
      ) : null}
      <Origin run={run} />
      {asking === 'undo' ? <UndoDialog scope={{ run: run.id }} onClose={() => setAsking(undefined)} /> : null}
      {asking === 'cancel' ? (
        <ReasonDialog title="Cancel the run" button="Cancel the run" path={api.cancelRun(run.id)} onClose={() => setAsking(undefined)}>
          No further step is begun. What is contained stays contained until it is undone.
        </ReasonDialog>
      ) : null}
    </Detail>
  );
}

function Head({ run }: { readonly run: RunDetail }) {
  return (
    <>
      <Tag {...runSaid(run)} />
      <Severity id={run.severity_id} />
      <span className="dim">
        {run.kind === 'playbook' ? <Link href={screen.playbook(run.playbook)}>{plain(run.playbook)}</Link> : plain(run.playbook)},{' '}
        <When at={run.createdAt} />
        {run.endedAt ? `, took ${took(run.startedAt ?? run.createdAt, run.endedAt)}` : ''}
      </span>
      <Ident value={run.id} what="run id" />
    </>
  );
}

function Notices({ run }: { readonly run: RunDetail }) {
  return (
    <>
      {run.waiting ? (
        <Callout tone={run.waiting.approvalId ? 'needs' : 'wait'}>
          <strong>Waits for {plain(waitsFor(run.waiting.on))}</strong>: {plain(sentence(run.waiting.detail))} Asked{' '}
          <When at={run.waiting.since} />
          {run.waiting.until ? (
            <>
              , <Left until={run.waiting.until} /> left; {thenWords(run.waiting.on)}
            </>
          ) : null}
          . {run.waiting.approvalId ? <Link href={screen.approval(run.waiting.approvalId)}>Open what is asked</Link> : null}
        </Callout>
      ) : null}
      {run.error ? (
        <Callout tone="bad">
          <strong>{run.error.step ? `Step ${plain(run.error.step)} failed` : 'The run failed'}</strong>: {plain(run.error.message)}{' '}
          <code>{plain(run.error.code)}</code>
        </Callout>
      ) : null}
      {run.state === 'lost' ? (
        <Callout tone="bad">
          <strong>Ended behind our back.</strong> It is closed or gone in Temporal. Nothing is done again; what it contained is a debt until
          a person releases it.
        </Callout>
      ) : null}
    </>
  );
}

function Origin({ run }: { readonly run: RunDetail }) {
  return (
    <Part title="Where it comes from">
      <Facts>
        <Fact label="Started by">
          {plain(run.startedBy)}: {plain(run.reason)}
        </Fact>
        {run.alertId ? (
          <Fact label="Alert">
            <Link href={screen.alert(run.alertId)}>what was posted</Link>
            {run.joins.length > 0 ? `, joined by ${count(run.joins.length, 'more alert')}; nothing was done twice` : ''}
          </Fact>
        ) : null}
        {run.parentRunId ? (
          <Fact label="Of">
            <Link href={screen.run(run.parentRunId)}>the run that it follows</Link>
          </Fact>
        ) : null}
        <Fact label="Incident">
          <Link href={screen.incident(run.incidentId)}>all that belongs together</Link>
        </Fact>
        <Fact label="Inputs">
          <Value value={run.inputs} />
        </Fact>
        <Fact label="Plan">
          <Ident value={run.planDigest} what="plan digest" />
        </Fact>
      </Facts>
    </Part>
  );
}
