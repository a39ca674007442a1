// Who and what there is on the practice range. The same every time: user-007 is Eve Adams, and wks-007 is hers.

const FIRST = [
  'Ada',
  'Ben',
  'Cleo',
  'Dan',
  'Ella',
  'Finn',
  'Gita',
  'Eve',
  'Hugo',
  'Ines',
  'Jack',
  'Kira',
  'Liam',
  'Mona',
  'Noah',
  'Olga',
  'Paul',
  'Quinn',
  'Rosa',
  'Sven',
  'Tara',
  'Umar',
  'Vera',
  'Will',
  'Zoe',
] as const;
const LAST = [
  'Baker',
  'Clark',
  'Diaz',
  'Evans',
  'Fischer',
  'Garcia',
  'Hansen',
  'Adams',
  'Ivanov',
  'Jones',
  'Kaya',
  'Lopez',
  'Meyer',
  'Nowak',
  'Okafor',
  'Patel',
  'Rossi',
  'Smith',
  'Tanaka',
  'Weber',
] as const;

export interface Person {
  readonly id: string;
  readonly name: string;
  readonly login: string;
  readonly email: string;
  /** Open sessions at the start. */
  readonly sessions: number;
}

export interface Computer {
  readonly id: string;
  readonly ip: string;
  readonly owner: string | null;
  readonly kind: 'workstation' | 'domain-controller';
  readonly online: boolean;
}

export interface Mail {
  readonly id: string;
  readonly messageId: string;
  readonly mailbox: string;
  readonly from: string;
  readonly subject: string;
  readonly urls: readonly string[];
  /** Minutes before the range's start. */
  readonly ageMinutes: number;
}

const COUNT = 500;
const padded = (index: number): string => String(index).padStart(3, '0');

/** 25 first names times 20 last names: 500 different people. */
export const PEOPLE: readonly Person[] = Array.from({ length: COUNT }, (_, index) => {
  const first = FIRST[index % FIRST.length] ?? '';
  const last = LAST[(Math.floor(index / FIRST.length) + (index % FIRST.length)) % LAST.length] ?? '';
  const login = `${first}.${last}`.toLowerCase();
  return { id: `user-${padded(index)}`, name: `${first} ${last}`, login, email: `${login}@example.test`, sessions: index % 4 };
});

/** Each tenth is switched off: isolation of it stays pending. */
export const COMPUTERS: readonly Computer[] = [
  ...Array.from({ length: COUNT }, (_, index): Computer => {
    const ip = `10.20.${Math.floor(index / 250)}.${(index % 250) + 1}`;
    return { id: `wks-${padded(index)}`, ip, owner: `user-${padded(index)}`, kind: 'workstation', online: index % 10 !== 9 };
  }),
  { id: 'dc-01', ip: '10.20.9.1', owner: null, kind: 'domain-controller', online: true },
];

const PHISHED = [3, 7, 11, 42, 100];

export const MAILS: readonly Mail[] = [
  ...PHISHED.map((index, place) =>
    mail(
      place,
      index,
      'billing@invoices.example.test',
      'Invoice overdue',
      'invoice-overdue-1',
      ['http://invoices.example.test/sign-in'],
      25,
    ),
  ),
  // Two hundred copies in all, as many as a large phishing wave.
  ...Array.from({ length: 195 }, (_, index) =>
    mail(PHISHED.length + index, index, 'news@example.test', 'Canteen menu', `menu-${index}`, [], 600 + index),
  ),
];

function mail(
  place: number,
  index: number,
  from: string,
  subject: string,
  messageId: string,
  urls: readonly string[],
  ageMinutes: number,
): Mail {
  return {
    id: `msg-${padded(place)}`,
    messageId: `<${messageId}@${from.split('@')[1]}>`,
    mailbox: `${PEOPLE[index]?.email}`,
    from,
    subject,
    urls,
    ageMinutes,
  };
}

/** Groups that give administrative rights, by member: each twentieth person, from the second on, runs something. */
export const adminGroupsOf = (id: string): readonly string[] =>
  Number(id.slice(-3)) % 20 === 1 ? ['Cloud Operators', 'Domain Admins'] : [];

export interface SignIn {
  readonly user: string;
  readonly ip: string;
  readonly succeeded: boolean;
  /** Minutes before the range's start. */
  readonly ageMinutes: number;
}

/** One address tries a password on forty people, and it fits three of them. */
const SPRAYED_FROM = '203.0.113.66';
const SPRAYED_WELL = [11, 23, 42];

export const SIGN_INS: readonly SignIn[] = [
  { user: 'user-007', ip: '203.0.113.50', succeeded: true, ageMinutes: 11 },
  ...Array.from({ length: 40 }, (_, index) => ({
    user: `user-${padded(index + 10)}`,
    ip: SPRAYED_FROM,
    succeeded: SPRAYED_WELL.includes(index + 10),
    ageMinutes: 30,
  })),
];

/** People who have not signed in for long: each twenty-fifth; whom they report to, and for how many days they were away. */
export function absenceOf(id: string): { readonly manager: string; readonly days: number } | undefined {
  const index = Number(id.slice(-3));
  if (index % 25 !== 24) return undefined;
  return { manager: `${PEOPLE[Math.floor(index / 100) * 100]?.email}`, days: 90 + index };
}

export interface App {
  readonly id: string;
  readonly name: string;
  readonly publisher: string;
  readonly verified: boolean;
  readonly scopes: readonly string[];
  /** People who have consented to it. */
  readonly people: number;
}

export const APPS: readonly App[] = [
  { id: 'app-001', name: 'Payroll', publisher: 'Example Payroll', verified: true, scopes: ['profile'], people: 500 },
  {
    id: 'app-002',
    name: 'Mail Helper',
    publisher: 'unknown',
    verified: false,
    scopes: ['mail.read', 'mail.send', 'offline_access'],
    people: 4,
  },
];

export interface AccessKey {
  readonly id: string;
  readonly owner: string;
  /** Days since it was last used. */
  readonly idleDays: number;
}

/** Each tenth person has two keys for the cloud. */
export const ACCESS_KEYS: readonly AccessKey[] = PEOPLE.filter((_, index) => index % 10 === 1).flatMap(({ id }) => [
  { id: `key-${id.slice(-3)}-a`, owner: id, idleDays: 0 },
  { id: `key-${id.slice(-3)}-b`, owner: id, idleDays: 200 },
]);

export interface MailRule {
  readonly id: string;
  readonly name: string;
  readonly forwardsTo: string | null;
  readonly deletes: boolean;
}

/** Everybody sorts the newsletter away; user-011 has two more, which somebody else has made. */
export function mailRulesOf(id: string): readonly MailRule[] {
  const own = { id: `${id}-r1`, name: 'Newsletter', forwardsTo: null, deletes: false };
  if (id !== 'user-011') return [own];
  return [
    own,
    { id: `${id}-r2`, name: '.', forwardsTo: 'collector@mailbox.invalid', deletes: false },
    { id: `${id}-r3`, name: '..', forwardsTo: null, deletes: true },
  ];
}

/** Why the management of devices is not content with a host; nothing where it is. */
export const shortcomingsOf = (id: string): readonly string[] =>
  id.startsWith('wks-') && Number(id.slice(-3)) % 10 === 3 ? ['disk is not encrypted', 'updates are 40 days old'] : [];
