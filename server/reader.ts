// The one who reads or decides an approval, with what they are addressed by and whom they stand in for.
import { NOBODY, placesOf } from '../policy/addressed.ts';
import { lendersTo } from '../store/delegations.ts';
import type { Person } from '../store/people.ts';
import type { ApprovalReader } from '../store/views/approvals.ts';
import type { ServerDeps } from './deps.ts';
import type { Who } from './who.ts';

type Deps = Pick<ServerDeps, 'store' | 'directory' | 'now' | 'policyInForce'>;

export async function readerOf(deps: Deps, { person, role, authAt }: Who): Promise<ApprovalReader & { readonly name: string }> {
  const { directory = NOBODY } = deps;
  const now = deps.now();
  const { id, iss, sub, name } = person;
  const lenders = await lendersTo(deps.store.db, id, now);
  return {
    ...{ id, iss, sub, role, name, ...placesOf(directory, namesOf(person), now.getTime()) },
    ...(authAt === undefined ? {} : { provenAgoMs: now.getTime() - authAt.getTime() }),
    authorMay: deps.policyInForce?.policy().authorMayApprove ?? false,
    standsInFor: lenders.map((one) => ({
      ...{ id: one.id, iss: one.iss, sub: one.sub, name: one.name },
      ...placesOf(directory, namesOf(one), now.getTime()),
    })),
  };
}

/** What playbooks, groups and rotas may name a person by. */
const namesOf = ({ id, login, email }: Pick<Person, 'id' | 'login' | 'email'>): readonly string[] => [
  ...[id, login],
  ...(email === null ? [] : [email]),
];
