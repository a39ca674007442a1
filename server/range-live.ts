// Asks the practice range how the things under an approval stand. The range is a process of our own on loopback; its answer is checked all the same.
import { z } from 'zod';
import type { ApprovalItem } from './contract.ts';

const TIMEOUT_MS = 2_000;
/** Different things that one approval may show. */
const MAX_THINGS = 20;

const answer = z.object({
  user: z
    .object({ id: z.string(), name: z.string(), enabled: z.boolean(), sessions: z.union([z.number(), z.array(z.unknown())]) })
    .nullable(),
  host: z.object({ id: z.string(), name: z.string(), online: z.boolean(), isolated: z.boolean() }).nullable(),
});

export interface LiveThing {
  readonly entity: string;
  readonly name: string;
  readonly facts: readonly { readonly label: string; readonly value: string }[];
}

/** Things that the range does not know, or a range that does not answer, are left out. */
export async function rangeLive(rangeUrl: string, items: readonly ApprovalItem[]): Promise<readonly LiveThing[]> {
  const things = new Map(items.flatMap((item) => queryOf(item)).map((query) => [query.toString(), query]));
  const shown = await Promise.all([...things.values()].slice(0, MAX_THINGS).map((query) => ask(rangeUrl, query)));
  return shown.flat();
}

function queryOf(item: ApprovalItem): readonly URLSearchParams[] {
  return (['user', 'host'] as const).flatMap((kind) => {
    const target = z
      .object({ id: z.string().optional(), name: z.string().optional(), email: z.string().optional() })
      .safeParse(item.params[kind]);
    const id = target.success ? (target.data.id ?? target.data.email ?? target.data.name) : undefined;
    return id === undefined ? [] : [new URLSearchParams({ [kind]: id })];
  });
}

async function ask(rangeUrl: string, query: URLSearchParams): Promise<readonly LiveThing[]> {
  try {
    const response = await fetch(new URL(`/live?${query}`, rangeUrl), { redirect: 'error', signal: AbortSignal.timeout(TIMEOUT_MS) });
    const { user, host } = answer.parse(await response.json());
    return [...(user ? [userThing(user)] : []), ...(host ? [hostThing(host)] : [])];
  } catch {
    return [];
  }
}

const yesNo = (value: boolean): string => (value ? 'yes' : 'no');

function userThing(user: NonNullable<z.infer<typeof answer>['user']>): LiveThing {
  const sessions = typeof user.sessions === 'number' ? user.sessions : user.sessions.length;
  return {
    entity: `user:${user.id}`,
    name: user.name,
    facts: [
      { label: 'enabled', value: yesNo(user.enabled) },
      { label: 'sessions', value: String(sessions) },
    ],
  };
}

const hostThing = (host: NonNullable<z.infer<typeof answer>['host']>): LiveThing => ({
  entity: `host:${host.id}`,
  name: host.name,
  facts: [{ label: 'network', value: host.isolated ? 'isolated' : host.online ? 'online' : 'offline' }],
});
