// What starts a run, in plain English.
import type { AlertTrigger, ScheduleTrigger, Trigger } from '../plan.ts';
import { SEVERITY_ID } from '../severity.ts';
import { cronWords } from './cron-words.ts';
import { conditionWords, type NameStep } from './expression-words.ts';
import { durationWords, listWords } from './quantities.ts';

/** What starts a run, in a sentence. */
export function triggerWords(trigger: Trigger, name: NameStep): string {
  if (trigger.kind === 'schedule') return scheduleSentence(trigger);
  return trigger.kind === 'manual' ? 'When a person starts it by hand.' : alertSentence(trigger, name);
}

function scheduleSentence({ cron, timezone, overlap, catchupMs }: ScheduleTrigger): string {
  const meanwhile = {
    skip: 'that time is skipped',
    buffer_one: 'one start waits for its end',
    allow_all: 'both run side by side',
    cancel_other: 'that run is cancelled',
  };
  return `By the clock: ${cronWords(cron)}, as it is in ${timezone} (${cron}). While a run that it started is open, ${meanwhile[overlap]}; a start that was missed is made within ${durationWords(catchupMs)}.`;
}

function alertSentence({ sources, minSeverityId, when, dedupe, whenResolved }: AlertTrigger, name: NameStep): string {
  const guard = when === undefined ? '' : `, when ${conditionWords(when, name)}`;
  const again = dedupe ? ` A second alert about the same within ${durationWords(dedupe.withinMs)} joins the run that is open.` : '';
  const resolved = {
    note: '',
    ask: ' When the source calls it resolved, people are asked.',
    undo: ' When the source calls it resolved, everything is undone.',
  };
  return `By itself, on an alert from ${listWords(sources, 'or')}${levelWords(minSeverityId)}${guard}.${again}${resolved[whenResolved]}`;
}

/** A few words, for the picture. */
export function triggerBrief(trigger: Trigger): string {
  if (trigger.kind === 'manual') return 'started by hand';
  if (trigger.kind === 'schedule') return `by the clock: ${cronWords(trigger.cron)} (${trigger.timezone})`;
  return `alert from ${listWords(trigger.sources, 'or')}${levelWords(trigger.minSeverityId)}${trigger.when === undefined ? '' : ' that fits'}`;
}

function levelWords(minSeverityId: number): string {
  const severity = Object.entries(SEVERITY_ID).find(([, id]) => id === minSeverityId)?.[0];
  return minSeverityId === 0 || severity === undefined ? '' : ` of severity ${severity} or above`;
}
