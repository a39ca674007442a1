// What a playbook gives to who calls it: typed values, rendered when its steps have ended.
import type { Output } from './plan.ts';
import type { Report } from './report.ts';
import type { PlaybookText } from './schema/playbook.ts';
import { keepIn, type Use } from './steps/read-steps.ts';
import { readTemplate, type WrittenText } from './template-value.ts';

export interface WrittenOutputs {
  readonly outputs: Readonly<Record<string, Output>>;
  readonly uses: readonly Use[];
  readonly texts: readonly WrittenText[];
}

/** What every step's result has: an output of that name could not be read. */
export const OUTPUT_RESERVED: readonly string[] = ['outcome', 'error', 'answer', 'by', 'at', 'rows', 'items', 'counts', 'ended'];

export function readOutputs(report: Report, written: PlaybookText['outputs']): WrittenOutputs {
  const uses: Use[] = [];
  const texts: WrittenText[] = [];
  const outputs = Object.entries(written).map(([name, { value, description, ...rest }]): [string, Output] => {
    const path = ['outputs', name];
    if (OUTPUT_RESERVED.includes(name)) report('OUTPUT_NAME', path, `\`${name}\` is there already`, { part: 'key' });
    const template = readTemplate(report, value, [...path, 'value'], keepIn(uses, texts));
    return [name, { ...rest, ...(description === undefined ? {} : { description }), value: template }];
  });
  return { outputs: Object.fromEntries(outputs), uses, texts };
}
