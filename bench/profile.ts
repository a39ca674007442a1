// Where a process's own time goes: its CPU profiles, summed by package and by our folders.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Profile {
  readonly nodes: readonly ProfileNode[];
  /** Microseconds of the system's monotonic clock. */
  readonly startTime: number;
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

interface ProfileNode {
  readonly id: number;
  readonly callFrame: { readonly functionName: string; readonly url: string };
  readonly children?: readonly number[];
}

export interface Share {
  readonly where: string;
  readonly ms: number;
}

/** On the system's monotonic clock, microseconds. */
export interface Period {
  readonly from: number;
  readonly to: number;
}

export const nowUs = (): number => Number(process.hrtime.bigint() / 1000n);

/** One entry for each profiled thread, the busiest first. */
export function readProfiles(folder: string): Profile[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.cpuprofile'))
    .map((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')) as Profile); // V8's own format
}

/** Time within the period by place, most first. What Node does for somebody is counted as theirs. Idle time is left out. */
export function shares(profile: Profile, period: Period): Share[] {
  const places = placesOf(profile.nodes);
  const sums = new Map<string, number>();
  let at = profile.startTime;
  profile.samples.forEach((id, index) => {
    const delta = profile.timeDeltas[index] ?? 0;
    at += delta;
    const where = places.get(id) ?? '?';
    if (at < period.from || at > period.to || where === 'idle') return;
    sums.set(where, (sums.get(where) ?? 0) + delta / 1000);
  });
  return [...sums].map(([where, ms]) => ({ where, ms })).sort((a, b) => b.ms - a.ms);
}

/** Of each node: its own place, or where it says nothing, its caller's. */
function placesOf(nodes: readonly ProfileNode[]): ReadonlyMap<number, string> {
  const parents = new Map(nodes.flatMap((node) => (node.children ?? []).map((child) => [child, node.id] as const)));
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const places = new Map<number, string>();
  const placeOf = (id: number): string => {
    const known = places.get(id);
    if (known !== undefined) return known;
    const frame = byId.get(id)?.callFrame;
    const parent = parents.get(id);
    const own = frame === undefined ? '?' : placeOfFrame(frame.functionName, frame.url);
    const place = own ?? (parent === undefined ? NODE : placeOf(parent));
    places.set(id, place);
    return place;
  };
  for (const node of nodes) placeOf(node.id);
  return places;
}

const NODE = 'node itself';
const META: Readonly<Record<string, string>> = {
  '(idle)': 'idle',
  '(garbage collector)': 'garbage collection',
  '(program)': 'native code outside of JavaScript',
  '(root)': NODE,
};

/** undefined: code of Node, counted for whoever called it. */
function placeOfFrame(name: string, url: string): string | undefined {
  const meta = META[name];
  if (meta !== undefined) return meta;
  if (url.startsWith('wasm:')) return 'database (WebAssembly)';
  if (url.includes('workflow-bundle')) return 'workflow sandbox';
  const modules = url.split('/node_modules/');
  const inside = modules.length > 1 ? (modules.at(-1) ?? '').split('/') : [];
  if (inside[0] !== undefined) return inside[0].startsWith('@') ? `${inside[0]}/${inside[1] ?? ''}` : inside[0];
  const ours = /\/dist\/([a-z-]+)\//.exec(url)?.[1];
  return ours === undefined ? undefined : `${ours}/`;
}
