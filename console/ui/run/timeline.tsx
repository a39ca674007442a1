// A run as a timeline: one row a step; a row opens for what went in and out, what policy said, and what was read before and after.
import { Link, useSearchParams } from 'wouter';
import type { HoldRow, RunDetail, StepRow } from '../../../server/contract.ts';
import { screen } from '../../paths.ts';
import { clock, took } from '../../time.ts';
import { plain, thenWords, truthOf, waitsFor } from '../../words.ts';
import { Fact, Facts, Value } from '../facts.tsx';
import { Mark, Tag } from '../tag.tsx';
import { Left, When } from '../when.tsx';
import css from './timeline.module.css';
import { type TimelineRow, timelineRows } from './timeline-rows.ts';

export function Timeline({ run }: { readonly run: RunDetail }) {
  const [params, setParams] = useSearchParams();
  const open = params.get('step');
  const toggle = (id: string): void =>
    setParams(
      (was) => {
        const next = new URLSearchParams(was);
        if (open === id) next.delete('step');
        else next.set('step', id);
        return next;
      },
      { replace: true },
    );
  return (
    <ol className={css.timeline}>
      {timelineRows(run).map((row) => (
        <TimelineItem
          key={row.id}
          row={row}
          hold={run.holds.find(({ stepId, entity }) => row.step?.kind === 'do' && stepId === row.step.stepId && entity === row.step.entity)}
          isOpen={open === row.id}
          onToggle={() => toggle(row.id)}
        />
      ))}
    </ol>
  );
}

interface ItemProps {
  readonly row: TimelineRow;
  readonly hold: HoldRow | undefined;
  readonly isOpen: boolean;
  readonly onToggle: () => void;
}

function TimelineItem({ row, hold, isOpen, onToggle }: ItemProps) {
  const { step, said } = row;
  if (!said) {
    return (
      <li className={css.structure} data-depth={Math.min(row.depth, 4)}>
        {plain(row.words)}
      </li>
    );
  }
  const content = (
    <>
      <span className={css.words}>
        <span className={css.what}>{plain(row.words)}</span>
        {step ? <Beside step={step} hold={hold} /> : null}
      </span>
      <Tag {...said} />
      <span className={css.time}>{step?.endedAt ? took(step.startedAt, step.endedAt) : null}</span>
    </>
  );
  return (
    <li className={css.item} data-depth={Math.min(row.depth, 4)} data-tone={said.tone} data-pending={step ? undefined : true}>
      <span className={css.dot} data-tone={said.tone} aria-hidden="true">
        <Mark tone={said.tone} />
      </span>
      {step ? (
        <button type="button" className={css.row} aria-expanded={isOpen} onClick={onToggle}>
          {content}
        </button>
      ) : (
        <div className={css.row}>{content}</div>
      )}
      {step?.state === 'waiting' ? <WaitsOn step={step} /> : null}
      {step && isOpen ? <StepFacts step={step} /> : null}
    </li>
  );
}

function Beside({ step, hold }: { readonly step: StepRow; readonly hold: HoldRow | undefined }) {
  const isHeld = hold && (hold.state === 'active' || hold.state === 'releasing');
  const words = [step.verb, step.connector, step.error?.message].filter((word) => word !== undefined);
  return (
    <span className={css.beside}>
      {words.map((word) => plain(word)).join(' · ')}
      {isHeld ? (
        <span className={css.held}>
          <Mark tone="held" /> held
          {hold.expiresAt ? (
            <>
              , <Left until={hold.expiresAt} /> left
            </>
          ) : (
            ', no end set'
          )}
        </span>
      ) : null}
    </span>
  );
}

/** On whom or what, since when, until when, and what happens then. */
function WaitsOn({ step }: { readonly step: StepRow }) {
  return (
    <p className={css.waits}>
      Waits for {plain(waitsFor(step.waitingOn))}, asked <When at={step.startedAt} />
      {step.waitingUntil ? (
        <>
          , <Left until={step.waitingUntil} /> left; {thenWords(step.waitingOn)}
        </>
      ) : null}
      . {step.approvalId ? <Link href={screen.approval(step.approvalId)}>Open what is asked</Link> : null}
    </p>
  );
}

/** Of an effect: what was asked, what the product said to it, and what is true. The three may differ. */
function Truth({ step }: { readonly step: StepRow }) {
  const truth = truthOf(step);
  if (!truth) return null;
  return (
    <>
      <Fact label="Asked">{plain(truth.asked)}</Fact>
      <Fact label="The product said">{plain(truth.said)}</Fact>
      <Fact label="What is true">
        {plain(truth.isTrue)}
        {step.endedAt ? <span className="dim"> {clock(step.endedAt)}</span> : null}
      </Fact>
    </>
  );
}

function StepFacts({ step }: { readonly step: StepRow }) {
  return (
    <div className={css.facts}>
      <Facts>
        <Truth step={step} />
        {step.why ? <Fact label="Why">{plain(step.why)}</Fact> : null}
        {step.entity ? (
          <Fact label="Target">
            {plain(step.entityName ?? step.entity)} <code className="dim">{plain(step.entity)}</code>
          </Fact>
        ) : null}
        {step.decision ? (
          <Fact label="Policy">
            {DECISION_WORDS[step.decision.effect]} by <code>{plain(step.decision.rule)}</code>: {plain(step.decision.reason)}
          </Fact>
        ) : null}
        {step.decision?.facts === undefined ? null : (
          <Fact label="Policy knew">
            <Value value={step.decision.facts} />
          </Fact>
        )}
        {step.approvalId ? (
          <Fact label="Approval">
            <Link href={screen.approval(step.approvalId)}>what was asked and answered</Link>
          </Fact>
        ) : null}
        <Fact label="Input">
          <Value value={step.input} />
        </Fact>
        {step.before === undefined ? null : (
          <Fact label="Read before">
            <Value value={step.before} />
          </Fact>
        )}
        {step.after === undefined ? null : (
          <Fact label="Read back">
            <Value value={step.after} />
          </Fact>
        )}
        {step.output === undefined ? null : (
          <Fact label="Output">
            <Value value={step.output} />
          </Fact>
        )}
        {step.error ? (
          <Fact label="Error">
            <code>{plain(step.error.code)}</code> {plain(step.error.message)}
          </Fact>
        ) : null}
        <Fact label="Attempts">
          {step.attempts}
          {step.recovered ? '; found done after a crash, and kept as ours' : ''}
        </Fact>
        <Fact label="Time">
          {clock(step.startedAt)}
          {step.endedAt ? ` to ${clock(step.endedAt)}, ${took(step.startedAt, step.endedAt)}` : ', not ended'}
        </Fact>
      </Facts>
    </div>
  );
}

const DECISION_WORDS = { allow: 'allowed', ask: 'asks a person', deny: 'denied' } as const;
