// Whom a question or an approval is put to, and whether somebody is meant. Groups and rotas are the deployment's own, from cordon.yaml.

/** Sign-in names, lower case. */
export interface Rota {
  readonly people: readonly string[];
  /** The turn goes on after this long; absent: all of them are on call at once. */
  readonly everyMs?: number;
  /** When the first one's first turn began. */
  readonly fromMs?: number;
  /** What the wall clock of the rota's zone is ahead of UTC, from each instant on, in order: turns then change at the same hour all year. */
  readonly offsets?: readonly { readonly fromMs: number; readonly aheadMs: number }[];
}

export interface Directory {
  readonly groups: Readonly<Record<string, readonly string[]>>;
  readonly oncall: Readonly<Record<string, Rota>>;
}

export const NOBODY: Directory = { groups: {}, oncall: {} };

/** As the playbook says it, rendered: at most one of them. */
export interface Addressed {
  readonly role?: string;
  readonly group?: string;
  readonly oncall?: string;
  readonly person?: string;
}

export interface Places {
  /** Exact, lower case: id, sign-in name, address. */
  readonly names: readonly string[];
  readonly groups: readonly string[];
  /** Rotas in which this person is on call now. */
  readonly oncall: readonly string[];
}

export function onDuty({ people, everyMs, fromMs = 0, offsets = [] }: Rota, nowMs: number): readonly string[] {
  if (everyMs === undefined || people.length === 0) return people;
  const shown = (ms: number): number => ms + (offsets.findLast((one) => one.fromMs <= ms)?.aheadMs ?? 0);
  const turn = Math.floor((shown(nowMs) - shown(fromMs)) / everyMs) % people.length;
  return people.slice(turn < 0 ? turn + people.length : turn).slice(0, 1);
}

/** What somebody of these names is addressed by. */
export function placesOf(directory: Directory, names: readonly string[], nowMs: number): Places {
  const own = names.map((name) => name.toLowerCase());
  const isOne = (people: readonly string[]): boolean => people.some((name) => own.includes(name));
  return {
    names: own,
    groups: Object.keys(directory.groups).filter((group) => isOne(directory.groups[group] ?? [])),
    oncall: Object.keys(directory.oncall).filter((rota) => isOne(onDuty(directory.oncall[rota] ?? { people: [] }, nowMs))),
  };
}

/** A role is checked by itself; who is named nowhere is meant by a role only. */
export function isMeant(addressed: Addressed, places: Places | undefined): boolean {
  if (addressed.person !== undefined) return places?.names.includes(addressed.person.toLowerCase()) === true;
  if (addressed.group !== undefined) return places?.groups.includes(addressed.group) === true;
  if (addressed.oncall !== undefined) return places?.oncall.includes(addressed.oncall) === true;
  return true;
}

export function addressedWords({ role, group, oncall, person }: Addressed): string {
  if (person !== undefined) return person;
  if (group !== undefined) return `the group ${group}`;
  return oncall === undefined ? `the role ${role ?? 'analyst'}` : `whoever is on call for ${oncall}`;
}

/** A group or rota that names nobody here would be silence by itself: then everyone of the role is asked, and it is said why. */
export function reachable(directory: Directory, to: Addressed, role: string): { readonly to: Addressed; readonly why?: string } {
  const people = namedBy(directory, to);
  const isNamed = to.group === undefined && to.oncall === undefined;
  if (isNamed || (people !== undefined && people.length > 0)) return { to };
  return { to: { role }, why: `cordon.yaml names nobody for ${addressedWords(to)}, so everyone with the role ${role} is asked` };
}

/** Who is meant by a group, or by a rota now; nobody where somebody is named, or a role. */
export function peopleIn({ groups, oncall }: Directory, { group, oncall: rota }: Addressed, nowMs: number): readonly string[] {
  if (group !== undefined) return Object.hasOwn(groups, group) ? (groups[group] ?? []) : [];
  return rota !== undefined && Object.hasOwn(oncall, rota) ? onDuty(oncall[rota] ?? { people: [] }, nowMs) : [];
}

function namedBy({ groups, oncall }: Directory, to: Addressed): readonly string[] | undefined {
  if (to.group !== undefined) return Object.hasOwn(groups, to.group) ? groups[to.group] : undefined;
  return to.oncall !== undefined && Object.hasOwn(oncall, to.oncall) ? oncall[to.oncall]?.people : undefined;
}
