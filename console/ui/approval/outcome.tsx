// Afterwards: who decided, and what became of each effect. Green only for what was read back.
import { Button } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { Link } from 'wouter';
import type { ApprovalDetail } from '../../../server/contract.ts';
import { useKeys } from '../../keys.ts';
import { screen } from '../../paths.ts';
import { absolute, clock } from '../../time.ts';
import { list, plain, type Said, stepSaid } from '../../words.ts';
import { Key } from '../key.tsx';
import { Mark, Tag } from '../tag.tsx';
import { UndoDialog } from '../undo-dialog.tsx';
import css from './approval.module.css';
import { effectWords } from './effect-words.ts';

export function Outcome({ approval }: { readonly approval: ApprovalDetail }) {
  const [undoShown, undo] = useDisclosure();
  const canUndo = approval.effects.some(({ outcome }) => outcome === 'changed' || outcome === 'unverified' || outcome === 'pending');
  useKeys({ u: canUndo ? undo.open : undefined });
  const waiting =
    approval.state === 'granted' ? approval.items.filter((item) => !approval.effects.some(({ key }) => key === item.key)) : [];
  return (
    <section className={css.outcome} aria-label="What happened" aria-live="polite">
      <p className={css.headline}>
        <Tag {...overall(approval, waiting.length)} /> <DecidedBy approval={approval} />
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
            <li key={item.key} data-tone="wait">
              <Mark tone="wait" />
              <span>
                {plain(item.says)}: <span className={css.became}>waiting for its turn</span>
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

function overall(approval: ApprovalDetail, waiting: number): Said {
  if (approval.state !== 'granted') return { tone: approval.state === 'void' ? 'bad' : 'none', word: STATE_WORDS[approval.state] };
  const tones = approval.effects.map((step) => stepSaid(step));
  const bad = tones.find(({ tone }) => tone === 'bad');
  if (bad) return bad;
  if (waiting > 0 || tones.some(({ tone }) => tone === 'wait' || tone === 'needs'))
    return { tone: 'wait', word: 'approved, being carried out' };
  const isVerified = tones.length > 0 && tones.every(({ tone }) => tone === 'ok');
  return isVerified ? { tone: 'ok', word: 'done, verified' } : { tone: 'none', word: 'done' };
}

const STATE_WORDS: Readonly<Record<ApprovalDetail['state'], string>> = {
  open: 'open',
  granted: 'approved',
  denied: 'denied',
  expired: 'expired: silence is a no',
  void: 'void',
  answered: 'answered',
  withdrawn: 'withdrawn: no longer needed',
};

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
