// What is so in a simulated world: which effects are in force, and on what. As products do, it knows a thing by any of its exact names.
import { own } from '../../language/own.ts';
import type { Json } from '../../language/plan.ts';
import type { ScenarioState } from '../../language/scenario.ts';
import { staysInForce, VERBS } from '../../language/verbs.ts';
import type { PerformItem } from '../command.ts';
import { targetOf } from './effect.ts';

export interface States {
  /** Is this effect in force on what the item is about? */
  readonly isSo: (verb: string, item: PerformItem) => boolean;
  readonly begin: (item: PerformItem) => void;
  readonly end: (item: PerformItem) => void;
}

interface InForce {
  readonly verb: string;
  readonly names: readonly string[];
  /** Absent: at whichever product. */
  readonly via?: string;
}

export function createStates(already: readonly ScenarioState[]): States {
  let inForce: readonly InForce[] = already.map(({ verb, on }) => ({ verb, names: namesOf(verb, on) }));
  return {
    isSo: (verb, item) => inForce.some((one) => isAbout(one, verb, item)),
    begin: (item) => {
      const names = namesOf(item.verb, targetOf(item.verb, item.params));
      if (staysInForce(item.verb)) inForce = [...inForce, { verb: item.verb, names, ...(item.via === undefined ? {} : { via: item.via }) }];
    },
    end: (item) => {
      inForce = inForce.filter((one) => !isAbout(one, item.verb, item));
    },
  };
}

function isAbout(one: InForce, verb: string, item: PerformItem): boolean {
  if (one.verb !== verb || (one.via !== undefined && item.via !== undefined && one.via !== item.via)) return false;
  return namesOf(item.verb, targetOf(item.verb, item.params)).some((name) => one.names.includes(name));
}

/** Members that tell a thing apart. A person's display name does not: two may share it. */
const EXACT: Readonly<Record<string, readonly string[]>> = { user: ['id', 'email'], host: ['id', 'name'], message: ['id'] };

function namesOf(verb: string, target: Json | undefined): readonly string[] {
  if (target === undefined) return [];
  if (typeof target !== 'object' || target === null) return [canonical(String(target))];
  const type = own(own(VERBS, verb)?.params ?? {}, own(VERBS, verb)?.target ?? '')?.type ?? '';
  const members = new Map(Object.entries(target));
  const names = (own(EXACT, type) ?? []).flatMap((name) => {
    const value = members.get(name);
    return typeof value === 'string' && value !== '' ? [canonical(value)] : [];
  });
  return names.length > 0 ? names : [canonical(JSON.stringify(target))];
}

/** As all parts compare names. */
const canonical = (text: string): string => text.normalize('NFC').toLowerCase();
