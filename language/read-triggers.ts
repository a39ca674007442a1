// Triggers as text to triggers of the plan.

import type { AlertTrigger, Json, Template, Trigger } from './plan.ts';
import type { Report } from './report.ts';
import { reportIssues } from './schema/issues.ts';
import { type AlertTriggerText, alertTrigger, manualTrigger } from './schema/playbook.ts';
import { SEVERITY_ID } from './severity.ts';
import { durationMs } from './steps/duration-ms.ts';
import { toUse, type Use } from './steps/read-steps.ts';
import { readTemplate } from './template-value.ts';
import type { Path } from './yaml-text.ts';

export interface WrittenTrigger {
  readonly trigger: Trigger;
  readonly path: Path;
  readonly uses: readonly Use[];
}

export function readTriggers(report: Report, raw: Json | undefined): readonly WrittenTrigger[] {
  if (!Array.isArray(raw)) return [];
  const written = raw.flatMap((item: Json, index) => readTrigger(report, item, ['triggers', index]));
  for (const { path } of written.filter(({ trigger }) => trigger.kind === 'manual').slice(1)) {
    report('TRIGGER_DUPLICATE', path, 'there is a manual trigger already');
  }
  return written;
}

function readTrigger(report: Report, raw: Json, path: Path): readonly WrittenTrigger[] {
  const record = typeof raw === 'object' && raw !== null ? raw : {};
  const isAlert = 'alert' in record;
  if (isAlert === 'manual' in record) {
    report('TRIGGER_KIND', path, isAlert ? 'a trigger is `alert` or `manual`, not both' : 'a trigger must say `alert` or `manual`', {
      hint: 'such as: - alert: { source: plain }',
    });
    return [];
  }
  const schema = isAlert ? alertTrigger : manualTrigger;
  const keys = Object.keys(schema.shape);
  if (!isAlert) {
    const parsed = manualTrigger.safeParse(raw);
    reportIssues(report, parsed.success ? [] : parsed.error.issues, raw, path, { keys });
    return parsed.success ? [{ trigger: { kind: 'manual' }, path, uses: [] }] : [];
  }
  const parsed = alertTrigger.safeParse(raw);
  if (parsed.success) return [makeAlertTrigger(report, parsed.data, path)];
  reportIssues(report, parsed.error.issues, raw, path, {
    keys,
    schema,
    instead: { min_severity: 'it stands within `alert`', source: 'it stands within `alert`' },
  });
  return [];
}

function makeAlertTrigger(report: Report, value: AlertTriggerText, path: Path): WrittenTrigger {
  const uses: Use[] = [];
  const template = (part: unknown, ...under: Path): Template =>
    readTemplate(report, part, [...path, ...under], (use) => {
      uses.push(toUse(use, 'value'));
    });
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
  return { trigger, path, uses };
}
