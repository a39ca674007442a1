// Pages on their way to people: raised, told one by one or together, told again elsewhere where a channel is down, ended where they were raised.
import { newId } from '../store/ids.ts';
import { type NewMessage, oweMessages } from '../store/messages.ts';
import {
  addressPages,
  digestsEnded,
  followApprovals,
  lockGroup,
  markStateTold,
  markTold,
  type NewPage,
  openWindow,
  oweElsewhere,
  type PageRecipient,
  raisePage,
  untoldStates,
  type WaitingGroup,
  type WaitingPage,
  waitingGroups,
} from '../store/pages.ts';
import type { Trx } from '../store/store.ts';
import type { Channel } from './channel.ts';
import type { ChannelDeps } from './deps.ts';
import { plain } from './plain.ts';
import { tellNow, WINDOW_MS } from './storm.ts';

export type PagesDeps = Pick<ChannelDeps, 'store' | 'connectors' | 'pages' | 'now'>;

const GROUPS = 200;
const LISTED = 20;
/** The page that has a row for each code. */
const WHAT_TO_DO = 'What to do: docs/pages.md';
/** A page that has not got through for this long goes elsewhere too. */
const FAIL_OVER_MS = 60_000;

/** Stored before anything is sent, so that no crash loses it. Within a transaction the caller wakes `messages` after the commit. */
export async function raise(
  deps: Pick<PagesDeps, 'store' | 'pages' | 'now'>,
  page: NewPage,
  within?: Trx,
  also: readonly PageRecipient[] = [],
): Promise<void> {
  const recipients = [...configured(deps), ...also];
  const raised = await raisePage(within ?? deps.store.db, page, recipients, deps.now());
  if (raised !== undefined && within === undefined) deps.store.wake('messages');
}

const recipientsOf = (channels: readonly Channel[]): readonly PageRecipient[] =>
  channels.map(({ connector, to }) => ({ connector, recipient: to }));
const configured = ({ pages }: Pick<PagesDeps, 'pages'>): readonly PageRecipient[] => recipientsOf(pages.to);

/** One round of everything that pages need; what it owes is sent by the messenger. */
export async function pageRound(deps: PagesDeps): Promise<void> {
  const { db } = deps.store;
  await followApprovals(db, deps.now());
  await addressPages(db, configured(deps));
  for (const group of await waitingGroups(db, new Date(deps.now().getTime() - WINDOW_MS), GROUPS))
    await db.transaction().execute((trx) => tellGroup(trx, group, deps.now()));
  await oweElsewhere(db, recipientsOf(deps.pages.otherwise), FAIL_OVER_MS);
  await tellPagers(deps);
}

async function tellGroup(trx: Trx, group: WaitingGroup, now: Date): Promise<void> {
  const { openedMs, pages } = await lockGroup(trx, group);
  const open = pages.filter((page) => page.state === 'open');
  const over = pages.filter((page) => page.state !== 'open').map((page) => page.id);
  if (over.length > 0) await markTold(trx, group, over, 'nobody');
  const pending = open.map(({ id, critical }) => ({ id, isCritical: critical }));
  const { alone, together, openedMs: opens } = tellNow(pending, openedMs, now.getTime());
  const byId = new Map(open.map((page) => [page.id, page]));
  const messages: NewMessage[] = [];
  for (const page of alone.flatMap((id) => byId.get(id) ?? [])) {
    messages.push(messageTo(group, page.id, 'page', wordsOf(page)));
    await markTold(trx, group, [page.id], page.id);
  }
  if (together.length > 0) {
    const digest = newId('dig', now);
    messages.push(
      messageTo(
        group,
        digest,
        'digest',
        digestOf(
          group,
          together.flatMap((id) => byId.get(id) ?? []),
        ),
      ),
    );
    await markTold(trx, group, together, digest);
  }
  if (opens !== undefined) await openWindow(trx, group, new Date(opens));
  await oweMessages(trx, messages);
}

const messageTo = ({ connector, recipient }: WaitingGroup, subject: string, part: string, content: object): NewMessage => ({
  connector,
  recipient,
  about: 'page',
  subject,
  part,
  content,
});

function wordsOf({ code, message, critical, run_id: run }: WaitingPage): object {
  const [first = '', ...rest] = message.split('\n');
  const link = run === null ? { text: 'Open the console', url: '/' } : { text: 'Open the run', url: `/runs/${run}` };
  const lines = [...rest.map(plain), `${WHAT_TO_DO}, ${code}`];
  return { title: plain(first), lines, link, page: { what: 'trigger', severity: critical ? 'critical' : 'error' } };
}

function digestOf({ incidentId }: WaitingGroup, pages: readonly WaitingPage[]): object {
  const more = pages.length > LISTED ? [`… and ${pages.length - LISTED} more, all of them by: npx cordon pages list`] : [];
  return {
    title: `${pages.length} pages within five minutes${incidentId === '' ? '' : ' about one incident'}`,
    lines: [
      ...pages.slice(0, LISTED).map(({ code, message }) => `• ${plain(message.split('\n')[0] ?? '')} (${code})`),
      ...more,
      WHAT_TO_DO,
    ],
    link: incidentId === '' ? { text: 'Open the console', url: '/' } : { text: 'Open the incident', url: `/incidents/${incidentId}` },
    page: { what: 'trigger', severity: 'error' },
  };
}

/** Where a pager was told to wake people, it is told that somebody has it, or that it is over. */
async function tellPagers({ store, connectors }: PagesDeps): Promise<void> {
  for (const { id, state, told } of await untoldStates(store.db, GROUPS)) {
    const what = state === 'acknowledged' ? 'acknowledge' : 'resolve';
    await store.db.transaction().execute(async (trx) => {
      const opened = [...told.map((one) => ({ ...one, subject: id })), ...(await digestsEnded(trx, id, state))];
      const atPagers = opened.filter(({ connector }) => connectors.instance(connector)?.connector.pager !== undefined);
      const content = { title: state, lines: [], page: { what, severity: 'info' } };
      await oweMessages(
        trx,
        atPagers.map((one): NewMessage => ({ ...one, about: 'page', part: what, content })),
      );
      await markStateTold(trx, id, state);
    });
  }
}
