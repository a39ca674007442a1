// Questions with a form and with rows.
import { makeRows } from '../../language/rows.ts';
import type { ApprovalDetail } from '../../server/contract.ts';
import { questionApproval } from './world-malware.ts';
import type { Ago } from './world-parts.ts';

const shared = (ago: Ago): Omit<ApprovalDetail, 'choices'> => {
  const { choices: _, ...rest } = questionApproval(ago);
  return { ...rest, severity_id: 3 };
};

export const formApproval = (ago: Ago): ApprovalDetail => ({
  ...shared(ago),
  id: 'apr_form',
  title: 'What do we know about the stolen laptop?',
  playbook: 'stolen-laptop',
  digest: 'made-up-digest-of-the-form',
  silence: 'kind: laptop, encrypted: no',
  form: [
    { name: 'owner', type: 'user', label: 'Whose was it?', optional: false },
    { name: 'kind', type: 'choice', label: 'What was stolen?', optional: false, choices: ['laptop', 'phone', 'token'], default: 'laptop' },
    { name: 'encrypted', type: 'boolean', label: 'Was the disk encrypted?', optional: false },
    { name: 'lost_on', type: 'date', label: 'When?', optional: true, from: '2026-01-01' },
    { name: 'others', type: 'number', label: 'Other people affected', optional: true, min: 0, max: 500 },
    { name: 'site', type: 'choice', label: 'Site', optional: true, choices: ['Wien', 'Graz', 'Linz', 'Salzburg', 'Innsbruck', 'Bregenz'] },
    { name: 'note', type: 'text', label: 'What happened', help: 'In your own words.', optional: true, max: 2000 },
  ],
});

const PEOPLE = ['Eve Adams', 'Noor Haddad', 'Jon Berg', 'Mia Lund', 'Omar Said', '\u202eevil.exe <b>Kim</b>', 'Ana Costa'];

export const rowsApproval = (ago: Ago): ApprovalDetail => ({
  ...shared(ago),
  id: 'apr_rows',
  title: 'Who still needs access?',
  playbook: 'access-review',
  digest: 'made-up-digest-of-the-rows',
  silence: 'remove',
  rows: {
    choices: ['keep', 'remove'],
    items: makeRows(
      PEOPLE.map((name, index) => ({
        id: `user-${100 + index}`,
        name,
        email: `person.${index}@example.test`,
        department: index % 2 === 0 ? 'Finance' : 'Sales',
        last_seen: `2026-0${1 + (index % 6)}-1${index}`,
      })),
    ),
  },
});
