// The policy and the inventory that a simulated run is judged by: files that were named, else what cordon.yaml names.
import { existsSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { isClean } from '../language/diagnostics.ts';
import { formatDiagnostics } from '../language/format-diagnostics.ts';
import { parseEntities } from '../language/inventory-text.ts';
import { readPolicy } from '../language/policy/read-policy.ts';
import { readYaml } from '../language/yaml-text.ts';
import { canonicalEntities, inventoryOf } from '../policy/entities.ts';
import type { Inventory } from '../policy/inventory.ts';
import type { Policy } from '../policy/policy.ts';
import { CliError, type Context, EXIT } from './command.ts';
import { readTextFile } from './playbook-files.ts';
import { policyKnowledge } from './policy-knowledge.ts';

export interface PolicyGround {
  readonly policy: Policy;
  readonly inventory: Inventory;
  /** Where it was found, for who reads the result. */
  readonly file: string;
}

export interface PolicyOptions {
  /** False: `--no-policy`. */
  readonly policy?: string | boolean;
  readonly entities?: string;
}

/** Undefined where no policy is named anywhere: then a playbook's own wishes count. */
export function policyGround(context: Context, { policy, entities }: PolicyOptions): PolicyGround | undefined {
  const file = policyFor(context.cwd, policy);
  if (file === undefined) return undefined;
  return { policy: readPolicyFile(context, file), inventory: readInventory(context, entitiesFor(context, file, entities)), file };
}

/** The one that was named, else the one of cordon.yaml; undefined where there is none, or none is wanted. */
export function policyFor(cwd: string, wished: string | boolean | undefined): string | undefined {
  if (wished === false) return undefined;
  return typeof wished === 'string' ? wished : configuredFiles(cwd).policy;
}

/**
 * The inventory that belongs to a policy: the one that was named, the one that cordon.yaml names beside this policy, else entities.yaml in the
 * policy's folder, else cordon.yaml's. Undefined where there is none at all.
 */
export function entitiesFor({ cwd }: Context, policyFile: string, written: string | undefined): string | undefined {
  if (written !== undefined) return written;
  const { policy, entities } = configuredFiles(cwd);
  const isConfigured = policy !== undefined && resolve(cwd, policy) === resolve(cwd, policyFile);
  const beside = join(dirname(resolve(cwd, policyFile)), 'entities.yaml');
  if (isConfigured && entities !== undefined) return entities;
  return existsSync(beside) ? relative(cwd, beside) : entities;
}

export function configuredFiles(cwd: string): { readonly policy?: string; readonly entities?: string } {
  const path = resolve(cwd, 'cordon.yaml');
  if (!existsSync(path)) return {};
  const value = readYaml(readTextFile(path, cwd).text, 'cordon.yaml').yaml?.value;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return {};
  const named = new Map(Object.entries(value));
  const [policy, entities] = [named.get('policy'), named.get('entities')];
  return { ...(typeof policy === 'string' ? { policy } : {}), ...(typeof entities === 'string' ? { entities } : {}) };
}

function readPolicyFile(context: Context, written: string): Policy {
  const { file, text } = readTextFile(resolve(context.cwd, written), context.cwd);
  const { policy, diagnostics } = readPolicy(text, file, policyKnowledge);
  if (!policy || !isClean(diagnostics)) {
    context.err(formatDiagnostics(diagnostics, text, { color: context.colour }));
    throw new CliError(
      EXIT.wrongUse,
      'POLICY_BROKEN',
      `${file} cannot be used`,
      'mend it first; cordon validate --policy shows what is wrong',
    );
  }
  // The digest stands in records of real decisions; there are none here. What depends on the calendar is left out: a scenario has none.
  return { ...policy, digest: '', rules: policy.rules.filter(({ match }) => !match.outside && !match.between) };
}

const NOBODY: Inventory = { find: () => [] };

/** Nothing is known where none is named. */
export function readInventory(context: Context, written: string | undefined): Inventory {
  if (written === undefined) return NOBODY;
  const { file, text } = readTextFile(resolve(context.cwd, written), context.cwd);
  try {
    return inventoryOf(canonicalEntities(parseEntities(text, file)));
  } catch (error) {
    throw new CliError(EXIT.wrongUse, 'ENTITIES_BROKEN', error instanceof Error ? error.message : String(error));
  }
}
