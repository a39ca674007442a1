// entities.yaml: the hosts, people and services that Cordon knows, with tags, owners and what depends on what. Policy asks it about targets.
import { z } from 'zod';
import type { EntityRecord } from '../policy/entities.ts';
import { type Diagnostic, isClean } from './diagnostics.ts';
import type { Json } from './plan.ts';
import { createReporter, type Report } from './report.ts';
import { reportIssues } from './schema/issues.ts';
import { readYaml } from './yaml-text.ts';

const name = z.string().min(1).max(200);
export const entityEntry = z.strictObject({
  name,
  aliases: z.array(name).max(50).default([]).describe('Other exact names of the same thing: id, login, e-mail, FQDN, address.'),
  tags: z
    .array(z.string().regex(/^[a-z0-9][a-z0-9-]*$/, 'must be small letters, digits and -'))
    .max(50)
    .default([]),
  groups: z.array(name).max(200).default([]).describe('Groups that it belongs to.'),
  owner: z.string().min(1).max(200).optional().describe('Who answers for it.'),
  criticality: z.enum(['low', 'medium', 'high', 'critical']).optional(),
  depends_on: z.array(name).max(200).default([]).describe('Names of other entries that it needs.'),
});
const list = z.array(entityEntry).max(50_000).default([]);
const file = z.strictObject({ hosts: list, people: list, services: list });

const KINDS = { hosts: 'host', people: 'user', services: 'service' } as const;
const canonical = (text: string) => text.normalize('NFC').toLowerCase();

export interface EntitiesReading {
  /** Absent when there is an error. */
  readonly records?: readonly EntityRecord[];
  readonly diagnostics: readonly Diagnostic[];
}

/** An entry and where it stands. */
export interface PlacedEntry {
  readonly kind: string;
  readonly entry: z.output<typeof entityEntry>;
  /** Says a fault of it, of one of its members where one is named. */
  readonly tell: (message: string, member?: 'name' | 'depends_on', hint?: string) => void;
}

/** `source` is what the records are kept under. */
export function readEntities(text: string, path: string, source = 'file'): EntitiesReading {
  const { yaml, diagnostics } = readYaml(text, path);
  if (!yaml) return { diagnostics };
  const reporter = createReporter(yaml, path, diagnostics, 'entities.md');
  const placed = readGroups(yaml.value, reporter.report);
  checkEntries(placed);
  const found = reporter.list();
  return isClean(found) ? { records: placed.map((one) => toRecord(one, source)), diagnostics: found } : { diagnostics: found };
}

/** Throws an Error that says what is wrong, and where. */
export function parseEntities(text: string, path: string): readonly EntityRecord[] {
  const { records, diagnostics } = readEntities(text, path);
  if (records) return records;
  throw new Error(diagnostics.map((one) => `${one.file}:${one.line}:${one.column} ${one.code} ${one.message}`).join('\n'));
}

function readGroups(value: Json, report: Report): PlacedEntry[] {
  const shape = file.safeParse(value);
  if (!shape.success) {
    reportIssues(report, shape.error.issues, value, [], { keys: Object.keys(file.shape), schema: file });
    return [];
  }
  return (['hosts', 'people', 'services'] as const).flatMap((group) =>
    shape.data[group].map((entry, index) => ({
      kind: KINDS[group],
      entry,
      tell: (message: string, member: 'name' | 'depends_on' = 'name', hint?: string) =>
        report('NAME_INVALID', [group, index, member], message, hint === undefined ? {} : { hint }),
    })),
  );
}

/** Two that share a name could not be told apart, and what is depended on must be there. */
export function checkEntries(placed: readonly PlacedEntry[]): void {
  const owners = new Map<string, string>();
  const known = new Set(placed.flatMap(({ entry }) => [entry.name, ...entry.aliases].map(canonical)));
  for (const { kind, entry, tell } of placed) {
    for (const one of new Set([entry.name, ...entry.aliases].map(canonical))) {
      const other = owners.get(`${kind}\0${one}`);
      if (other !== undefined)
        tell(`\`${one}\` is a name of \`${other}\` already`, 'name', 'a name tells one thing from all others: take it from one of them');
      else owners.set(`${kind}\0${one}`, entry.name);
    }
    for (const needed of entry.depends_on)
      if (!known.has(canonical(needed))) tell(`${entry.name} depends on \`${needed}\`, which is not there`, 'depends_on');
  }
}

export const toRecord = ({ kind, entry }: PlacedEntry, source: string): EntityRecord => ({
  source,
  kind,
  name: entry.name,
  aliases: entry.aliases,
  tags: entry.tags,
  groups: entry.groups,
  ...(entry.owner === undefined ? {} : { owner: entry.owner }),
  ...(entry.criticality === undefined ? {} : { criticality: entry.criticality }),
  dependsOn: entry.depends_on,
});
