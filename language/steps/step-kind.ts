// The shape of every step kind as text. To add one: a file here, a row in kinds.ts, its type in plan.ts (and its handler in engine/steps).
import { z } from 'zod';
import type { Callee, Json, People, Step, Template } from '../plan.ts';
import { salvage } from '../schema/salvage.ts';
import { duration, expression, stepId, text } from '../schema/values.ts';
import type { Path } from '../yaml-text.ts';

/** Keys that stand on any step. */
export const base = {
  id: stepId.optional(),
  when: expression('The step is skipped unless this is true.').optional(),
  default: z.record(z.string(), z.unknown()).optional().meta({
    description: 'Its result when it was skipped, failed or was denied. Without it, reading a result that may be absent is an error.',
  }),
  on_error: z
    .union([z.enum(['stop', 'continue', 'undo']), z.array(z.unknown()).min(1).max(500).meta({ part: 'Steps' })])
    .default('stop')
    .meta({ description: 'What follows when it fails: stop (the default), continue, undo, or steps.' }),
  on_denied: z
    .union([z.enum(['stop', 'continue']), z.array(z.unknown()).min(1).max(500).meta({ part: 'Steps' })])
    .default('stop')
    .meta({ description: 'What follows when people or policy deny it: stop (the default), continue, or steps.' }),
  timeout: duration('How long it may take; on `do` only.').optional(),
  retry: z
    .strictObject({ attempts: z.int().min(1).max(20).meta({ description: 'How often it is tried in all.' }) })
    .optional()
    .meta({ description: 'How often it is tried; on `do` only.' }),
  note: text('For readers; shown beside the step.').optional(),
};

export type BaseText = z.output<z.ZodObject<typeof base>>;

/** A list of steps within a step: under a key, or a branch. */
export interface ListPlace {
  readonly name: string;
  readonly path: Path;
  readonly raw: Json;
  /** Added to the parent's id for the ids of steps without a name. */
  readonly mark: string;
}

/** What a kind gets to make its step of; each call notes where the expressions stand, for the checks. */
export interface Making {
  readonly base: Omit<Extract<Step, { kind: 'stop' }>, 'kind' | 'outcome' | 'message'>;
  readonly list: (name: string) => readonly Step[];
  readonly template: (value: unknown, ...path: Path) => Template;
  readonly templates: (record: Readonly<Record<string, unknown>>, ...path: Path) => Readonly<Record<string, Template>>;
  readonly expression: (source: string, role: 'condition' | 'unless' | 'until', ...path: Path) => string;
  readonly people: (people: PeopleText, ...path: Path) => People;
  /** The playbook of that name; empty where there is none, and that is told. */
  readonly callee: (name: string) => Callee;
}

export interface PeopleText {
  readonly role?: string | undefined;
  readonly group?: string | undefined;
  readonly oncall?: string | undefined;
  readonly person?: string | undefined;
}

export interface KindRow {
  /** The key that makes a step this kind. */
  readonly key: string;
  readonly description: string;
  readonly schema: z.ZodObject;
  readonly lists: (raw: Readonly<Record<string, Json>>) => readonly ListPlace[];
  /** Where the schema refuses it `issues` are given, and stand-ins take the place of what is wrong; `build` is absent where that cannot be done. */
  readonly read: (raw: Json) => {
    readonly issues: readonly z.core.$ZodIssue[];
    readonly standIns?: readonly Path[];
    readonly build?: (making: Making) => Step;
    readonly base?: BaseText;
  };
}

interface KindText<S extends z.ZodObject> {
  readonly key: string;
  readonly description: string;
  readonly schema: S;
  readonly lists?: (raw: Readonly<Record<string, Json>>) => readonly ListPlace[];
  readonly build: (value: z.output<S>, making: Making) => Step;
}

/** Keeps the schema's own type for `build`, and forgets it for the table. */
export function stepKind<S extends z.ZodObject<typeof base>>(kind: KindText<S>): KindRow {
  return {
    key: kind.key,
    description: kind.description,
    schema: kind.schema,
    lists: kind.lists ?? (() => []),
    read: (raw) => {
      const parsed = kind.schema.safeParse(raw);
      const salvaged = parsed.success ? { value: parsed.data, standIns: [] } : salvage(kind.schema, raw);
      const issues = parsed.success ? [] : parsed.error.issues;
      if (!salvaged) return { issues };
      const { value, standIns } = salvaged;
      // Every kind's schema spreads `base`.
      return { issues, standIns, build: (making) => kind.build(value, making), base: value as BaseText };
    },
  };
}

/** The list under a key, where there is one. */
export function listUnder(raw: Readonly<Record<string, Json>>, key: string, mark: string): readonly ListPlace[] {
  const value = raw[key];
  return value === undefined ? [] : [{ name: key, path: [key], raw: value, mark }];
}
