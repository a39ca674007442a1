// Runs that wait: on whom or what, since when, until when, and what happens then. Those past their time by themselves, or all.
import type { WaitingRun } from '../../../server/contract.ts';
import { screen } from '../../paths.ts';
import { useWaits } from '../../queries.ts';
import { type RunWaits, waitWords } from '../../waits.ts';
import { plain, type Said } from '../../words.ts';
import { Callout } from '../detail.tsx';
import { Empty, Failed } from '../notice.tsx';
import type { RowView } from '../row.tsx';
import { RowList } from '../row-list.tsx';
import { When } from '../when.tsx';

interface WaitListProps {
  readonly only: 'waiting' | 'stuck';
  readonly search: string;
  readonly openId: string | undefined;
}

export function WaitList({ only, search, openId }: WaitListProps) {
  const isStuck = only === 'stuck';
  return (
    <RowList
      label={isStuck ? 'Runs past their time' : 'Runs that wait'}
      source={useWaits(isStuck ? 'true' : undefined)}
      toRow={toRow}
      search={search}
      openId={openId}
      alsoOpen={['u']}
      empty={
        <Empty title={isStuck ? 'No run is past its time' : 'No run waits'} command="npx cordon runs stuck --all">
          {isStuck
            ? 'A run that waits longer than it said stands here, with on whom or what, and people are paged once. On the command line:'
            : 'Each run that waits stands here, with on whom or what, until when, and what happens then. On the command line:'}
        </Empty>
      }
    />
  );
}

const waitSaid = ({ overdue }: WaitingRun): Said => (overdue ? { tone: 'bad', word: 'past its time' } : { tone: 'wait', word: 'waiting' });

function toRow({ run, first, all }: RunWaits): RowView {
  const more = all.length > 1 ? `, and ${all.length - 1} more` : '';
  return {
    id: run,
    href: screen.run(run),
    title: first.title,
    said: waitSaid(first),
    severityId: first.severity_id,
    details: [`for ${waitWords(first)}${more}`, `then ${first.then}`],
    since: first.since,
    ...(first.until ? { at: first.until, atWords: first.overdue ? 'due' : 'ends' } : { atWords: 'no end set' }),
  };
}

/** Of one run: what it waits for past its time, in full. Nothing where all is as it should be. */
export function PastItsTime({ runId }: { readonly runId: string }) {
  const source = useWaits('true');
  if (source.error) return <Failed error={source.error} where="what it waits for" retry={source.retry} />;
  const waits = source.items.find(({ run }) => run === runId);
  return waits?.all.map((wait) => (
    <Callout key={`${wait.on} ${wait.detail} ${wait.since}`} tone="bad">
      <strong>Past its time.</strong> Waits for {plain(waitWords(wait))}: {plain(wait.detail)}. Since <When at={wait.since} />
      {wait.until ? (
        <>
          , was to end <When at={wait.until} />
        </>
      ) : null}
      ; then {plain(wait.then)}.
    </Callout>
  ));
}
