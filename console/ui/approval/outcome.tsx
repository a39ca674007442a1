// Afterwards: who decided, and what became of each effect. Green only for what was read back.
import { Button } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { Link } from 'wouter';
import type { ApprovalDetail } from '../../../server/contract.ts';
import { useKeys } from '../../keys.ts';
import { screen } from '../../paths.ts';
import { absolute, clock } from '../../time.ts';
import { list, plain, stepSaid } from '../../words.ts';
import { Key } from '../key.tsx';
import { Mark, Tag } from '../tag.tsx';
import { UndoDialog } from '../undo-dialog.tsx';
import css from './approval.module.css';
import { effectWords } from './effect-words.ts';
import { notBegun, notBegunWords, overallSaid } from './overall.ts';

export function Outcome({ approval }: { readonly approval: ApprovalDetail }) {
  const [undoShown, undo] = useDisclosure();
  const canUndo = approval.effects.some(({ outcome }) => outcome === 'changed' || outcome === 'unverified' || outcome === 'pending');
  useKeys({ u: canUndo ? undo.open : undefined });
  const waiting = notBegun(approval);
  const waitingTone = approval.runEnded ? 'none' : 'wait';
  return (
    <section className={css.outcome} aria-label="What happened" aria-live="polite">
      <p className={css.headline}>
        <Tag {...overallSaid(approval)} /> <DecidedBy approval={approval} />
      </p>
      {approval.effects.length + waiting.length > 0 ? (
        <ul className={css.effects}>
          {approval.effects.map((step) => (
            <li key={`${step.key} ${step.generation}`} data-tone={stepSaid(step).tone}>
              <Mark tone={stepSaid(step).tone} />
              <span>
                {plain(step.says ?? step.verb ?? step.stepId)}: <span className={css.became}>{plain(effectWords(step))}</span>
              </span>
            </li>
          ))}
          {waiting.map((item) => (
            <li key={item.key} data-tone={waitingTone}>
              <Mark tone={waitingTone} />
              <span>
                {plain(item.says)}: <span className={css.became}>{notBegunWords(approval.runEnded)}</span>
              </span>
            </li>
          ))}
        </ul>
      ) : null}
      <div className={css.after}>
        {canUndo ? (
          <Button variant="default" onClick={undo.open} rightSection={<Key name="u" />}>
            Undo
          </Button>
        ) : null}
        <Link href={screen.run(approval.runId)}>See the run</Link>
      </div>
      {undoShown ? <UndoDialog scope={{ run: approval.runId }} onClose={undo.close} /> : null}
    </section>
  );
}

function DecidedBy({ approval }: { readonly approval: ApprovalDetail }) {
  if (approval.state === 'void')
    return <span>{plain(approval.voidReason ?? 'What was asked changed, so nothing under it may happen.')}</span>;
  const people = approval.decisions.map(({ by }) => plain(by));
  const who = people.length > 0 ? `${approval.state === 'granted' ? 'approved ' : ''}by ${list(people)}` : '';
  const said = approval.answer ? `“${plain(approval.answer)}” ` : '';
  const reasons = approval.decisions.map(({ reason }) => reason).filter(Boolean);
  return (
    <span>
      {said}
      {who}{' '}
      {approval.decidedAt ? (
        <time dateTime={approval.decidedAt} title={absolute(approval.decidedAt)}>
          at {clock(approval.decidedAt)}
        </time>
      ) : null}
      {reasons.length > 0 ? <span className="dim">: “{plain(reasons.join('”, “'))}”</span> : null}
    </span>
  );
}
