// Triggers as text to triggers of the plan.

import type { z } from 'zod';
import { readCron } from './cron.ts';
import { didYouMean } from './nearest.ts';
import { own } from './own.ts';
import type { AlertTrigger, Json, ScheduleTrigger, Template, Trigger } from './plan.ts';
import type { Report, Reporter } from './report.ts';
import { reportIssues } from './schema/issues.ts';
import { type AlertTriggerText, alertTrigger, manualTrigger, scheduleTrigger } from './schema/playbook.ts';
import { salvage } from './schema/salvage.ts';
import { TRIGGER_SLIPS } from './schema/slips.ts';
import { SEVERITY_ID } from './severity.ts';
import { durationMs } from './steps/duration-ms.ts';
import { keepIn, toUse, type Use } from './steps/read-steps.ts';
import { readTemplate, type WrittenText } from './template-value.ts';
import { TIME_ZONES } from './time-zones.ts';
import type { Path } from './yaml-text.ts';

export interface WrittenTrigger {
  readonly trigger: Trigger;
  readonly path: Path;
  readonly uses: readonly Use[];
  readonly texts: readonly WrittenText[];
}

interface Told extends Pick<Reporter, 'report' | 'hush'> {
  /** Where triggers stand that could not be read. */
  readonly unread: Path[];
}

export function readTriggers(told: Told, raw: Json | undefined): readonly WrittenTrigger[] {
  if (!Array.isArray(raw)) return [];
  const { report } = told;
  const written = raw.flatMap((item: Json, index) => {
    const path = ['triggers', index];
    const found = readTrigger(told, item, path);
    if (found.length === 0) told.unread.push(path);
    return found;
  });
  for (const { path } of written.filter(({ trigger }) => trigger.kind === 'manual').slice(1)) {
    report('TRIGGER_DUPLICATE', path, 'there is a manual trigger already');
  }
  return written;
}

function readTrigger(told: Told, raw: Json, path: Path): readonly WrittenTrigger[] {
  const { report } = told;
  const record = typeof raw === 'object' && raw !== null ? raw : {};
  const kinds = (['alert', 'schedule', 'manual'] as const).filter((kind) => kind in record);
  const [kind, second] = kinds;
  if (kind === undefined || second !== undefined) {
    const known = '`alert`, `schedule` or `manual`';
    report('TRIGGER_KIND', path, second ? `a trigger is one of ${known}, not two of them` : `a trigger must say ${known}`, {
      hint:
        Object.keys(record)
          .map((key) => own(TRIGGER_SLIPS, key))
          .find((one) => one !== undefined) ?? 'such as: - alert: { source: plain }',
    });
    return [];
  }
  if (kind === 'schedule') return readSchedule(told, raw, path);
  if (kind === 'manual') {
    const parsed = manualTrigger.safeParse(raw);
    reportIssues(report, parsed.success ? [] : parsed.error.issues, raw, path, { keys: Object.keys(manualTrigger.shape) });
    return parsed.success ? [{ trigger: { kind: 'manual' }, path, uses: [], texts: [] }] : [];
  }
  const instead = { min_severity: 'it stands within `alert`', source: 'it stands within `alert`' };
  const value = readShape(told, alertTrigger, raw, path, instead);
  return value ? [makeAlertTrigger(report, value, path)] : [];
}

/** With stand-ins for what the schema refuses, once that is told. */
function readShape<S extends z.ZodObject>(
  { report, hush }: Told,
  schema: S,
  raw: Json,
  path: Path,
  instead: Readonly<Record<string, string>>,
): z.output<S> | undefined {
  const parsed = schema.safeParse(raw);
  if (parsed.success) return parsed.data;
  reportIssues(report, parsed.error.issues, raw, path, { keys: Object.keys(schema.shape), schema, instead });
  const salvaged = salvage(schema, raw);
  for (const standIn of salvaged?.standIns ?? []) hush([...path, ...standIn]);
  return salvaged?.value;
}

function readSchedule(told: Told, raw: Json, path: Path): readonly WrittenTrigger[] {
  const { report } = told;
  const instead = {
    cron: 'it stands within `schedule`',
    timezone: 'it stands within `schedule`',
    overlap: 'it stands within `schedule`',
  };
  const value = readShape(told, scheduleTrigger, raw, path, instead);
  if (!value) return [];
  const { cron, timezone, overlap, catchup } = value.schedule;
  const read = readCron(cron);
  if (!read.ok)
    report('SCHEDULE_CRON', [...path, 'schedule', 'cron'], `the schedule ${read.message}`, {
      hint: 'such as cron: "0 8 * * 1-5", at eight on weekdays',
    });
  if (!TIME_ZONES.has(timezone)) {
    report('SCHEDULE_ZONE', [...path, 'schedule', 'timezone'], `there is no time zone \`${timezone}\``, {
      hint: () => didYouMean(timezone, TIME_ZONES) ?? 'an IANA name such as Europe/Vienna',
    });
  }
  const uses: Use[] = [];
  const texts: WrittenText[] = [];
  const filled = Object.entries(value.with).map(([name, part]) => {
    const template = readTemplate(report, part, [...path, 'with', name], keepIn(uses, texts));
    return [name, template] as const;
  });
  const trigger: ScheduleTrigger = {
    kind: 'schedule',
    cron,
    timezone,
    overlap,
    catchupMs: durationMs(catchup),
    with: Object.fromEntries(filled),
  };
  return [{ trigger, path, uses, texts }];
}

function makeAlertTrigger(report: Report, value: AlertTriggerText, path: Path): WrittenTrigger {
  const uses: Use[] = [];
  const texts: WrittenText[] = [];
  const template = (part: unknown, ...under: Path): Template => readTemplate(report, part, [...path, ...under], keepIn(uses, texts));
  if (value.when !== undefined) uses.push(toUse({ source: value.when, path: [...path, 'when'], offset: 0 }, 'guard'));
  const { source } = value.alert;
  const trigger: AlertTrigger = {
    kind: 'alert',
    sources: typeof source === 'string' ? [source] : source,
    minSeverityId: SEVERITY_ID[value.alert.min_severity],
    ...(value.when === undefined ? {} : { when: value.when }),
    with: Object.fromEntries(Object.entries(value.with).map(([name, part]) => [name, template(part, 'with', name)])),
    ...(value.dedupe === undefined
      ? {}
      : { dedupe: { by: template(value.dedupe.by, 'dedupe', 'by'), withinMs: durationMs(value.dedupe.within) } }),
    whenResolved: value.when_resolved,
  };
  return { trigger, path, uses, texts };
}
