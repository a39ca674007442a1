// How products that know people find them: exactly, by one name.
import { PEOPLE, type Person } from '../people.ts';
import { badRequest, type Call, type Outcome } from '../product.ts';

const MEMBERS = ['id', 'login', 'email', 'name'] as const;
type Member = (typeof MEMBERS)[number];

/** `GET …?email=…`: one filter, exact; none at all is refused rather than answered with everyone. */
export function findPeople(call: Call): Outcome {
  const [[member = '', value = ''] = [], ...more] = call.query;
  if (more.length > 0 || !isMember(member) || value === '') return badRequest(`filter by one of ${MEMBERS.join(', ')}`);
  const wanted = member === 'name' ? value : value.toLowerCase();
  return { status: 200, body: PEOPLE.filter((person) => person[member] === wanted).map(showPerson) };
}

const isMember = (name: string): name is Member => MEMBERS.some((member) => member === name);

export const personById: ReadonlyMap<string, Person> = new Map(PEOPLE.map((person) => [person.id, person]));

const showPerson = ({ id, login, email, name }: Person) => ({ id, login, email, name });
