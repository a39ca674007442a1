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
  ...Array.from({ length: 40 }, (_, index) =>
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
