// What a click in a channel comes to: a decision by the same way as every other, or a word to the one who clicked that only they see.
import { createHash } from 'node:crypto';
import { atLeast, isRole } from '../policy/roles.ts';
import { appendAudit } from '../store/audit.ts';
import { isFirstClick, makeLink, personOfIdentity } from '../store/identities.ts';
import { oweMessages } from '../store/messages.ts';
import type { Person } from '../store/people.ts';
import { accessOf } from './access.ts';
import { decide } from './decide.ts';
import type { ServerDeps } from './deps.ts';
import { isProblem, problem } from './problems.ts';
import { newSessionToken, tokenHash } from './secrets.ts';
import { readSlackClick, type SlackClick } from './slack-click.ts';
import { isSlackSigned, SLACK_TOLERANCE_MS, type SlackPost } from './slack-signature.ts';
import { scopesOf } from './who.ts';

/** From the click to the confirmation in the console. */
const LINK_LIFE_MS = 10 * 60_000;
/** Fits nothing. It makes an unknown connector take as long as a wrong signature. */
const NO_SECRET = 'x'.repeat(32);

export interface ClickPost extends SlackPost {
  readonly connector: string;
  readonly body: Buffer;
}

/** Throws the problem; otherwise the click was taken, whatever came of it: Slack shows answers only where they are sent. */
export async function takeClick(deps: ServerDeps, post: ClickPost): Promise<void> {
  const door = deps.clicks?.find((one) => one.connector === post.connector);
  const isSigned = isSlackSigned(post, door ? await door.secrets() : [NO_SECRET], deps.now());
  if (!door || !isSigned) throw problem('SIGNATURE_REFUSED', 'The post is not signed by an app that is known here.');
  const id = createHash('sha256').update(`${post.connector} ${post.timestamp} ${post.signature}`).digest('hex');
  if (!(await isFirstClick(deps.store.db, id, deps.now(), 3 * SLACK_TOLERANCE_MS)))
    throw problem('CLICK_REPLAYED', 'This very post was taken before.');
  const click = readSlackClick(post.body);
  if (!click) return;
  // An app's secret speaks for whoever confirmed an account to that app, and for nobody else: another app's could sign for any account.
  const person = await personOfIdentity(deps.store.db, { provider: post.connector, realm: click.team, externalId: click.user });
  if (person) await decideFor(deps, { connector: post.connector, click, id }, person);
  else await offerBinding(deps, { connector: post.connector, click, id });
}

interface Taken {
  readonly connector: string;
  readonly click: SlackClick;
  readonly id: string;
}

async function decideFor(deps: ServerDeps, taken: Taken, person: Person): Promise<void> {
  const { approvalId, decision, digest } = taken.click;
  try {
    const { role } = person;
    const needed = accessOf('POST', `/api/v1/approvals/:id/${decision}`);
    if (!isRole(role) || person.oneTime || needed === undefined || needed === 'public' || !atLeast(role, needed.role))
      throw problem('FORBIDDEN', `Your role here, ${role}, may not decide this.`);
    await decide(deps, { person, role, via: 'slack', scopes: scopesOf(role) }, { approvalId, decision, digest });
  } catch (error) {
    if (!isProblem(error)) throw error;
    await reply(deps, taken, {
      title: decision === 'approve' ? 'Not approved' : 'Not denied',
      lines: [`${person.name}: ${error.message}`],
      link: { text: 'Open it in the console', url: `/approvals/${approvalId}` },
    });
  }
}

/** A click of somebody whom nobody here knows decides nothing. */
async function offerBinding(deps: ServerDeps, taken: Taken): Promise<void> {
  const { team, user, userName } = taken.click;
  const { connector } = taken;
  const now = deps.now();
  const token = newSessionToken();
  const one = { provider: connector, realm: team, externalId: user, externalName: userName };
  await makeLink(deps.store.db, tokenHash(token), one, new Date(now.getTime() + LINK_LIFE_MS));
  const reason = 'the Slack identity is bound to nobody';
  await appendAudit(deps.store.db, 'people', [
    { at: now, code: 'access.denied', actor: 'cordon', body: { what: `a click by ${connector} ${team} ${user}`, reason } },
  ]);
  await reply(deps, taken, {
    title: 'Nothing was decided: Cordon does not know you here yet',
    lines: ['Open the link, sign in and confirm that this Slack account is yours. It works once, for ten minutes. Then click again.'],
    // Behind "#": a browser sends it to nobody.
    link: { text: 'Sign in and confirm', url: `/bind#${token}` },
    identityLink: tokenHash(token),
  });
}

interface ReplyWords {
  readonly title: string;
  readonly lines: readonly string[];
  readonly link: { readonly text: string; readonly url: string };
  readonly identityLink?: string;
}

/** Owed to the one who clicked; the words are gone from the store once they are sent. */
async function reply(deps: ServerDeps, { connector, click, id }: Taken, words: ReplyWords): Promise<void> {
  const content = { ...words, only: click.user };
  await oweMessages(deps.store.db, [{ connector, recipient: click.channel, about: 'reply', subject: id, part: 'reply', content }]);
  deps.store.wake('messages');
}
