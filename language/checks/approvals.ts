// Approvals and holds: what one decision may cover, and whether an effect says how long it stays.

import { parseMs } from '../cel/functions/calendar.ts';
import { escalationsOf } from '../escalations.ts';
import { own } from '../own.ts';
import type { Approve, DoStep, Step, WaitStep } from '../plan.ts';
import type { Report } from '../report.ts';
import type { Written } from '../steps/read-steps.ts';
import { VERBS } from '../verbs.ts';
import { durationWords } from '../words/quantities.ts';
import type { Path } from '../yaml-text.ts';
import { checkAsk } from './asks.ts';
import { allSteps, approveOf, everyStep, isLoop, listsOf } from './step-facts.ts';

interface Context {
  readonly report: Report;
  readonly written: ReadonlyMap<Step, Written>;
  /** Ids of steps with a fault of their shape. */
  readonly broken: ReadonlySet<string>;
}

export function checkApprovals(context: Context, steps: readonly Step[]): void {
  const inLoops = new Set<Step>();
  for (const step of allSteps(steps)) {
    const path = context.written.get(step)?.path ?? [];
    const approve = approveOf(step);
    const isWhole = !context.broken.has(step.id);
    if (approve && isWhole) checkTimes(context.report, approve, [...path, 'approve']);
    if (approve && step.kind !== 'do' && isWhole) checkCovered(context, step);
    if (isLoop(step)) checkLoop(context, step, path, inLoops);
    if (step.kind === 'do') checkEffect(context.report, step, path);
    if (step.kind === 'do' && isWhole) checkTimeout(context.report, step, path);
    if (step.kind === 'wait' && isWhole) checkInstant(context.report, step, path);
    if (step.kind === 'ask' && isWhole) checkAsk(context.report, step, [...path, 'ask']);
  }
}

function checkInstant(report: Report, { on }: WaitStep, path: Path): void {
  if (!('until' in on) || !('lit' in on.until) || typeof on.until.lit !== 'string' || parseMs(on.until.lit) !== undefined) return;
  report('VALUE_INVALID', [...path, 'wait', 'until'], '`until` must be an instant such as 2026-05-04T08:00:00Z', {
    hint: 'in UTC, or from data: "${' + "{ date_add(run.started_at, '1d') }}\"; a time from now is wait: 24h",
  });
}

function checkTimes(report: Report, approve: Approve, path: Path): void {
  for (const [index, remindMs] of approve.remindMs.entries()) {
    if (remindMs >= approve.withinMs)
      report('TIME_ORDER', [...path, 'remind', index], 'the reminder comes after the time to decide is over');
  }
  const chain = escalationsOf(approve);
  for (const [index, { afterMs }] of chain.entries()) {
    const at = [...path, 'escalate', ...(chain.length > 1 ? [index] : []), 'after'];
    if (afterMs >= approve.withinMs) {
      report('TIME_ORDER', at, 'the escalation comes after the time to decide is over', {
        hint: '`after` must be less than `within` (1h where it is not said)',
      });
    } else if (afterMs <= (chain[index - 1]?.afterMs ?? -1)) {
      report('TIME_ORDER', at, 'the escalation comes no later than the one before it', {
        hint: '`after` is counted from the request, each time',
      });
    }
  }
}

/** As many as a person can be shown in one decision. The engine refuses more, too. */
const MAX_APPROVED_ITEMS = 1000;

/** `told`: steps that were told of already, as parts of a loop around this one. */
function checkLoop(context: Context, loop: Step, path: Path, told: Set<Step>): void {
  if (loop.kind === 'for_each' && loop.approve && loop.max > MAX_APPROVED_ITEMS)
    context.report('LOOP_BOUND', [...path, 'max'], `one decision covers at most ${MAX_APPROVED_ITEMS} items`, {
      hint: 'split the list, or lower `max`',
    });
  // A decision around it says so in its own words.
  if (approveOf(loop)) return;
  for (const step of listsOf(loop).flatMap((list) => [...allSteps(list)])) {
    if (!approveOf(step) || told.has(step)) continue;
    told.add(step);
    context.report(
      'APPROVE_IN_LOOP',
      [...(context.written.get(step)?.path ?? []), 'approve'],
      `people would be asked again in each turn of the loop on line ${loop.line}`,
      { part: 'key', hint: 'put `approve` on the loop' },
    );
  }
}

/** What is not known, or not done, when people decide. */
const NOT_COVERED: ReadonlySet<Step['kind']> = new Set(['ask', 'set', 'undo', 'stop', 'wait', 'repeat']);

/** Without what follows their failures and denials. */
function* coveredSteps(steps: readonly Step[]): Generator<Step> {
  for (const step of steps) {
    yield step;
    for (const list of listsOf(step)) yield* coveredSteps(list);
  }
}

/** What stands in the way of one decision over everything inside: it is rendered, shown and decided before anything of it has run. */
function checkCovered(context: Context, gate: Step): void {
  const inside = listsOf(gate).flatMap((list) => [...allSteps(list)]);
  const covered = new Set(listsOf(gate).flatMap((list) => [...coveredSteps(list)]));
  const ids = new Set(inside.filter((step) => step.named).map((step) => step.id));
  for (const step of inside) {
    const written = context.written.get(step);
    const path = written?.path ?? [];
    if (approveOf(step))
      context.report('APPROVE_NESTED', [...path, 'approve'], `the decision on line ${gate.line} covers this already`, {
        part: 'key',
        hint: 'take one of the two away',
      });
    // What follows a failure goes out after the decision, and asks for itself.
    if (!covered.has(step)) continue;
    if (NOT_COVERED.has(step.kind)) {
      context.report('APPROVE_CONTENT', [...path, step.kind], `\`${step.kind}\` cannot be covered by the decision on line ${gate.line}`, {
        part: 'key',
        hint: 'put it before or after',
      });
    }
    for (const use of written?.uses ?? []) {
      const { parsed } = use;
      const read = parsed.ok ? parsed.expression.reads.find((one) => one.root === 'steps' && ids.has(one.path[0] ?? '')) : undefined;
      if (read) {
        context.report(
          'APPROVE_DEPENDS',
          use.path,
          `\`steps.${read.path[0]}\` runs under the same decision, so its result is not there when people decide`,
          {
            offset: use.offset + read.offset,
            hint: 'move it before the group',
          },
        );
      }
    }
  }
  const isEffect = [...everyStep(inside)].some((step) => step.kind === 'do' && own(VERBS, step.verb)?.risk !== 'read');
  if (!isEffect)
    context.report(
      'APPROVE_USELESS',
      [...(context.written.get(gate)?.path ?? []), 'approve'],
      'there is no effect in it that could be approved',
      { part: 'key' },
    );
}

function checkTimeout(report: Report, { approve, timeoutMs }: DoStep, path: Path): void {
  if (!approve || timeoutMs === undefined || timeoutMs > approve.withinMs) return;
  report(
    'TIMEOUT_SHORT',
    [...path, 'timeout'],
    `people have ${durationWords(approve.withinMs)} to decide, and the step is given up after ${durationWords(timeoutMs)}`,
  );
}

function checkEffect(report: Report, step: DoStep, path: Path): void {
  const verb = own(VERBS, step.verb);
  if (!verb) return;
  if (verb.risk === 'reversible' && !step.hold) {
    report('HOLD_MISSING', [...path, 'do'], `\`${step.verb}\` stays until people release it`, {
      hint: 'say so: hold: until_released · or hold: { for: 24h, then: ask }',
    });
  }
  if (verb.risk !== 'reversible' && step.hold) {
    const why = verb.risk === 'destructive' ? 'cannot be taken back' : 'leaves nothing in place';
    report('HOLD_USELESS', [...path, 'hold'], `\`${step.verb}\` ${why}, so nothing can be held`, { part: 'key' });
  }
  if (verb.risk === 'read' && step.approve) report('APPROVE_USELESS', [...path, 'approve'], `\`${step.verb}\` only reads`, { part: 'key' });
}
