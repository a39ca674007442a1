// `people:` of cordon.yaml: the groups and rotas that playbooks put questions to.
import { parseDuration } from '../language/duration.ts';
import type { Directory, Rota } from '../policy/addressed.ts';
import type { ConfigFile } from './config-file.ts';

type RotaText = NonNullable<NonNullable<ConfigFile['people']>['oncall']>[string];

export const directoryOf = ({ groups = {}, oncall = {} }: NonNullable<ConfigFile['people']>): Directory => ({
  groups,
  oncall: Object.fromEntries(Object.entries(oncall).map(([name, rota]) => [name, rotaOf(rota)])),
});

function rotaOf(rota: RotaText): Rota {
  if (Array.isArray(rota)) return { people: rota };
  // The configuration's schema has checked both.
  return { people: rota.people, everyMs: parseDuration(rota.every) ?? 0, fromMs: Date.parse(rota.from) };
}
