// `people:` of cordon.yaml: the groups and rotas that playbooks put questions to.
import type { ProductRota } from '../channels/on-call.ts';
import { parseDuration } from '../language/duration.ts';
import type { Directory, Rota } from '../policy/addressed.ts';
import type { ConfigFile } from './config-file.ts';
import { offsetsOf } from './zone-offsets.ts';

type People = NonNullable<ConfigFile['people']>;
type RotaText = NonNullable<People['oncall']>[string];
type FixedRota = Exclude<RotaText, { readonly connector: string }>;

const isOfProduct = (rota: RotaText): rota is Exclude<RotaText, FixedRota> => 'connector' in rota;

export const directoryOf = ({ groups = {}, oncall = {} }: People, now: Date): Directory => ({
  groups,
  oncall: Object.fromEntries(
    Object.entries(oncall).flatMap(([name, rota]) => (isOfProduct(rota) ? [] : [[name, rotaOf(rota, now)] as const])),
  ),
});

/** Those that a product keeps. */
export const productRotasOf = ({ oncall = {} }: People): readonly ProductRota[] =>
  Object.entries(oncall).flatMap(([name, rota]) =>
    isOfProduct(rota) ? [{ name, connector: rota.connector, schedule: rota.schedule }] : [],
  );

function rotaOf(rota: FixedRota, now: Date): Rota {
  if (!('people' in rota)) return { people: rota };
  // The configuration's schema has checked both.
  const turns = { people: rota.people, everyMs: parseDuration(rota.every) ?? 0, fromMs: Date.parse(rota.from) };
  return rota.timezone === undefined ? turns : { ...turns, offsets: offsetsOf(rota.timezone, turns.fromMs, now.getTime()) };
}
