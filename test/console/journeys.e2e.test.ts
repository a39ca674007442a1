// What people do in the console, in a real Chromium, by role and label. Needs Chromium at /usr/bin/chromium or CORDON_CHROMIUM.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { launch, NARROW, openPage, type Watched, WIDE } from './browser.ts';
import { buildConsole, type FixtureServer, startFixtureServer } from './fixture-server.ts';
import { HOSTILE_TITLE, MADE_UP_ONE_TIME, makeWorld } from './world.ts';

let server: FixtureServer;
let browser: Browser;
let open: Watched[] = [];

beforeAll(async () => {
  server = await startFixtureServer(await buildConsole(), makeWorld(Date.now()));
  browser = await launch();
}, 60_000);

beforeEach(() => {
  server.world = makeWorld(Date.now());
  server.isLive = true;
});

afterEach(async () => {
  const troubles = open.flatMap((watched) => watched.troubles);
  await Promise.all(open.map(({ page }) => page.context().close()));
  open = [];
  expect(troubles).toEqual([]);
});

afterAll(async () => {
  await browser?.close();
  await server?.close();
});

async function visit(path: string, viewport = WIDE): Promise<Page> {
  const watched = await openPage(browser, server.url, viewport);
  open.push(watched);
  await watched.page.goto(path);
  return watched.page;
}

const article = (page: Page) => page.getByRole('article', { name: /Disable Eve Adams/ });

describe('sign-in', () => {
  it('takes the one-time password, asks for an own one in the same flow, and shows the address that was asked for', async () => {
    Object.assign(server.world, { signedIn: false, password: MADE_UP_ONE_TIME, me: { ...server.world.me, mustChangePassword: true } });
    const page = await visit('/approvals/apr_travel');
    await page.getByLabel('Login').fill('owner');
    await page.getByLabel('Password', { exact: true }).fill(MADE_UP_ONE_TIME);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByLabel('New password', { exact: true }).fill('made-up words of mine');
    await page.getByLabel('New password, again').fill('made-up words of mine');
    await page.getByRole('button', { name: 'Keep it and go on' }).click();
    await article(page).waitFor();
    expect(server.world.password).toBe('made-up words of mine');
    expect(new URL(page.url()).pathname).toBe('/approvals/apr_travel');
  });

  it('says why a sign-in was refused and keeps what was typed', async () => {
    server.world.signedIn = false;
    const page = await visit('/');
    await page.getByLabel('Login').fill('owner');
    await page.getByLabel('Password', { exact: true }).fill('made-up-wrong');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('alert').getByText('Login or password is wrong').waitFor();
    expect(await page.getByLabel('Login').inputValue()).toBe('owner');
    expect(await page.getByLabel('Password', { exact: true }).inputValue()).toBe('made-up-wrong');
  });

  it('refuses a short new password before anything is sent', async () => {
    server.world.me = { ...server.world.me, mustChangePassword: true };
    const page = await visit('/');
    await page.getByLabel('One-time password').fill(server.world.password);
    await page.getByLabel('New password', { exact: true }).fill('short');
    await page.getByLabel('New password, again').fill('short');
    await page.getByRole('button', { name: 'Keep it and go on' }).click();
    await page.getByText('At least 12 characters; this has 5.').waitFor();
    expect(server.world.sent).toEqual([]);
  });

  it('comes back when the session ends, at the same address', async () => {
    const page = await visit('/runs');
    await page.getByRole('list', { name: 'Runs' }).getByRole('link').first().waitFor();
    server.world.signedIn = false;
    server.tell('runs');
    await page.getByRole('heading', { name: 'Sign in to Cordon' }).waitFor();
    expect(new URL(page.url()).pathname).toBe('/runs');
  });
});

describe('an approval', () => {
  it('is approved by two keys, and the card then says that it was read back', async () => {
    const page = await visit('/');
    await article(page).getByText('12:').waitFor();
    await page.keyboard.press('a');
    await page.getByRole('form', { name: 'Reason for the approval' }).waitFor();
    await page.keyboard.press('1');
    await article(page).getByText('done, verified', { exact: true }).waitFor();
    expect(
      await article(page)
        .getByText(/verified by reading back at \d\d:\d\d:\d\d/)
        .count(),
    ).toBe(3);
    expect(server.world.sent).toEqual([
      {
        method: 'POST',
        path: '/approvals/apr_travel/approve',
        body: { digest: expect.stringMatching(/^4f2a/), reason: 'True positive: the evidence is checked' },
      },
    ]);
  });

  it('shows the range beside it, which flips within a second or two', async () => {
    const page = await visit('/approvals/apr_travel');
    const live = page.getByRole('complementary', { name: 'Live state' });
    await live.getByText('enabled').waitFor();
    await page.keyboard.press('a');
    await page.keyboard.press('2');
    await live.getByText('disabled').waitFor({ timeout: 2_500 });
    await live.getByText('isolated').waitFor({ timeout: 2_500 });
  });

  it('that holds something which cannot be undone is not sent without a reason', async () => {
    const page = await visit('/approvals/apr_travel');
    await page.getByRole('button', { name: /^Approve/ }).click();
    await page.getByLabel(/Why is this right/).press('Enter');
    await page.getByText('Write a reason or choose one.').waitFor();
    expect(server.world.sent).toEqual([]);
  });

  it('of what can be undone needs one key', async () => {
    server.world.approvals = server.world.approvals.map((approval) => ({
      ...approval,
      items: approval.items.filter(({ risk }) => risk === 'reversible'),
    }));
    const page = await visit('/approvals/apr_travel');
    await article(page).waitFor();
    await page.keyboard.press('a');
    await article(page).getByText('done, verified', { exact: true }).waitFor();
  });

  it('is never denied by one stray key', async () => {
    const page = await visit('/approvals/apr_travel');
    await article(page).waitFor();
    await page.keyboard.press('d');
    await page.getByRole('form', { name: 'Reason for the denial' }).waitFor();
    expect(server.world.sent).toEqual([]);
    await page.keyboard.type('Known trip');
    await page.keyboard.press('Enter');
    await article(page).getByText('denied', { exact: true }).first().waitFor();
    expect(server.world.sent).toEqual([
      expect.objectContaining({ path: '/approvals/apr_travel/deny', body: expect.objectContaining({ reason: 'Known trip' }) }),
    ]);
  });

  it('that changed under the reader cannot be pressed until it was looked at again', async () => {
    const page = await visit('/approvals/apr_travel');
    await page.getByRole('button', { name: /^Approve/ }).waitFor();
    server.world.approvals = server.world.approvals.map((approval) => ({
      ...approval,
      digest: 'made-up-other-digest',
      items: approval.items.slice(0, 1),
    }));
    server.tell('approvals');
    await page.getByText('What is asked has changed since you opened this.').waitFor();
    await page.keyboard.press('a');
    expect(await page.getByRole('button', { name: /^Approve/ }).count()).toBe(0);
    expect(server.world.sent).toEqual([]);
    await page.getByRole('button', { name: 'Show what is asked now' }).click();
    await page.getByRole('button', { name: 'Approve: disable' }).waitFor();
  });

  it('that another person decided first says so and keeps the reason', async () => {
    const page = await visit('/approvals/apr_travel');
    await page.getByRole('button', { name: /^Approve/ }).click();
    await page.getByLabel(/Why is this right/).fill('Checked the logs');
    server.world.approvals = server.world.approvals.map((approval) => ({ ...approval, digest: 'made-up-other-digest' }));
    await page.keyboard.press('Enter');
    await page
      .getByText('What was shown is no longer what is asked')
      .or(page.getByText('What is asked has changed since you opened this.'))
      .first()
      .waitFor();
    expect(server.world.sent).toHaveLength(1);
    expect(server.world.approvals.find(({ id }) => id === 'apr_travel')?.state).toBe('open');
  });

  it('that one may not decide shows why instead of buttons', async () => {
    server.world.approvals = server.world.approvals.map((approval) => ({
      ...approval,
      mayDecide: false,
      mayNotReason: 'your role is viewer; a responder must',
    }));
    const page = await visit('/approvals/apr_travel');
    await page.getByText('your role is viewer; a responder must').waitFor();
    await page.keyboard.press('a');
    expect(await page.getByRole('button', { name: /^Approve|^Deny/ }).count()).toBe(0);
    expect(server.world.sent).toEqual([]);
  });

  it('whose effect was not read back is red and says so, never green', async () => {
    const page = await visit('/approvals/apr_travel');
    await article(page).waitFor();
    await page.keyboard.press('a');
    await page.keyboard.press('1');
    await article(page).getByText('done, verified', { exact: true }).waitFor();
    server.world.approvals = server.world.approvals.map((approval) => ({
      ...approval,
      effects: approval.effects.map((effect, index) => (index === 0 ? { ...effect, outcome: 'unverified' } : effect)),
    }));
    server.tell('approvals');
    await article(page).getByText('NOT verified', { exact: true }).waitFor();
    await article(page)
      .getByText(/NOT verified: sent, and reading back does not show it/)
      .waitFor();
    expect(await article(page).getByText('done, verified', { exact: true }).count()).toBe(0);
  });

  it('stays on Now after it was decided, and a more urgent one does not take its place', async () => {
    const page = await visit('/');
    await article(page).waitFor();
    const [first] = server.world.approvals;
    if (!first) throw new Error('the world has no approval');
    server.world.approvals = [
      { ...first, id: 'apr_urgent', title: 'Isolate wks-300', items: [], expiresAt: new Date(Date.now() + 30_000).toISOString() },
      ...server.world.approvals,
    ];
    server.tell('approvals');
    await page.getByRole('link', { name: 'Isolate wks-300' }).waitFor();
    expect(await article(page).isVisible()).toBe(true);
  });

  it('can be answered by a number when it is a question', async () => {
    const page = await visit('/approvals/apr_question');
    await page.getByRole('button', { name: 'false-positive' }).waitFor();
    await page.keyboard.press('2');
    await page.getByText('“false-positive”').waitFor();
    expect(server.world.sent).toEqual([
      {
        method: 'POST',
        path: '/approvals/apr_question/answer',
        body: { digest: 'made-up-digest-of-the-question', answer: 'false-positive' },
      },
    ]);
  });

  it('is approved on a phone with two taps', async () => {
    const page = await visit('/approvals/apr_travel', NARROW);
    await page.getByRole('button', { name: /^Approve/ }).click();
    await page.getByRole('button', { name: 'Confirmed with the person' }).click();
    await article(page).getByText('done, verified', { exact: true }).waitFor();
  });
});

describe('the keyboard', () => {
  it('goes from the list to an approval and approves it in three keys', async () => {
    const page = await visit('/approvals');
    await page.getByRole('list', { name: 'Approvals' }).getByRole('link').first().waitFor();
    await page.keyboard.press('a');
    await article(page).waitFor();
    await page.keyboard.press('a');
    await page.keyboard.press('1');
    await article(page).getByText('done, verified', { exact: true }).waitFor();
  });

  it('moves with j and k, opens with Enter, closes with Esc, and Back works', async () => {
    const page = await visit('/runs');
    await page.getByRole('list', { name: 'Runs' }).getByRole('link').first().waitFor();
    await page.keyboard.press('j');
    await page.keyboard.press('j');
    await page.keyboard.press('k');
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 2, name: 'Malware on wks-118' }).waitFor();
    await page.keyboard.press('Escape');
    await page.waitForURL('**/runs');
    await page.goBack();
    await page.getByRole('heading', { level: 2, name: 'Malware on wks-118' }).waitFor();
  });

  it('goes with g and a letter, and g a does not approve', async () => {
    const page = await visit('/approvals/apr_travel');
    await article(page).waitFor();
    await page.keyboard.press('g');
    await page.keyboard.press('a');
    await page.waitForURL('**/alerts');
    await page.getByRole('heading', { level: 1, name: 'Alerts' }).waitFor();
    expect(server.world.sent).toEqual([]);
  });

  it('searches with / and keeps the words in the address', async () => {
    const page = await visit('/alerts');
    const rows = page.getByRole('list', { name: 'Alerts' }).getByRole('link');
    await rows.first().waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('oslo');
    await page.waitForURL('**/alerts?q=oslo');
    expect(await rows.count()).toBe(1);
    await page.reload();
    await rows.first().waitFor();
    expect(await rows.count()).toBe(1);
  });

  it('shows its keys with ? and goes anywhere with Ctrl K', async () => {
    const page = await visit('/');
    await article(page).waitFor();
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keys' }).getByText('approve what is open').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox', { name: 'Go to' }).fill('contai');
    await page.keyboard.press('Enter');
    await page.waitForURL('**/contained');
  });

  it('does nothing to an approval while somebody types', async () => {
    const page = await visit('/approvals/apr_travel');
    await article(page).waitFor();
    await page.getByRole('searchbox', { name: 'Search approvals' }).fill('');
    await page.keyboard.type('ad');
    expect(await page.getByRole('form').count()).toBe(0);
    expect(server.world.sent).toEqual([]);
  });
});

describe('undo and release', () => {
  it('previews what it would do, then says it and does it', async () => {
    const page = await visit('/runs/run_malware');
    await page.getByRole('heading', { level: 2, name: 'Malware on wks-118' }).waitFor();
    await page.keyboard.press('u');
    const dialog = page.getByRole('dialog');
    await dialog.getByText('Release wks-118').waitFor();
    expect(server.world.sent).toEqual([]);
    await dialog.getByLabel('Why').fill('False positive');
    await dialog.getByRole('button', { name: 'Undo 3 effects' }).click();
    await dialog.waitFor({ state: 'detached' });
    expect(server.world.sent).toEqual([{ method: 'POST', path: '/runs/run_malware/undo', body: { reason: 'False positive' } }]);
  });

  it('releases a hold with a reason, and the row then says so', async () => {
    const page = await visit('/contained/hld_118');
    await page.getByRole('button', { name: 'Release wks-118' }).click();
    await page.getByRole('dialog').getByLabel('Reason').fill('Reimaged');
    await page.getByRole('dialog').getByRole('button', { name: 'Release wks-118' }).click();
    await page.getByRole('article').getByText('released', { exact: true }).waitFor();
    expect(server.world.sent).toEqual([{ method: 'POST', path: '/holds/hld_118/release', body: { reason: 'Reimaged' } }]);
  });
});

describe('what is shown', () => {
  it('shows hostile words of an alert as words: no markup, no link, hidden characters made visible', async () => {
    const page = await visit('/alerts/alr_hostile');
    const title = page.getByRole('heading', { level: 2 });
    await title.waitFor();
    expect(await title.textContent()).toBe(HOSTILE_TITLE.replace('\u202E', '⟨U+202E⟩'));
    expect(await page.locator('article img, article script, a[href^="javascript"]').count()).toBe(0);
  });

  it('says why an alert matched, with what it started first', async () => {
    const page = await visit('/alerts/alr_travel');
    const why = page.getByRole('region', { name: 'Why it matched' });
    await why.waitFor();
    expect(await why.getByRole('listitem').first().textContent()).toContain(
      'source plain, severity high, one user and one address are named',
    );
    await why.getByRole('link', { name: 'contain-compromised-account' }).click();
    await page.getByRole('heading', { level: 2, name: 'Contain a compromised account: Eve Adams' }).waitFor();
  });

  it('shows a quarantined alert as it was received, with the reason', async () => {
    const page = await visit('/alerts/alr_odd');
    await page.getByText('the member "id" stands twice').waitFor();
    expect(await page.getByRole('region', { name: 'The alert as received' }).textContent()).toContain('{"id":"a","id":"b"');
  });

  it('opens a step for policy, before and after, and the address keeps it open', async () => {
    const page = await visit('/runs/run_malware');
    await page.getByRole('button', { name: /Isolate wks-118/ }).click();
    await page.getByText('tier-critical').waitFor();
    await page.reload();
    await page.getByText('tier-critical').waitFor();
    expect(await page.getByRole('button', { name: /Isolate wks-118/ }).getAttribute('aria-expanded')).toBe('true');
  });

  it('is out of touch in words when the server stops telling, and catches up when it is back', async () => {
    const page = await visit('/');
    await article(page).waitFor();
    server.isLive = false;
    server.cut();
    await page.getByText('Decisions are not sent.').waitFor();
    server.world.approvals = [];
    server.isLive = true;
    await page.getByText('Decisions are not sent.').waitFor({ state: 'detached', timeout: 15_000 });
    await page.getByRole('link', { name: '2 runs going' }).waitFor();
    expect(await page.getByText('Also asked').count()).toBe(0);
  });

  it('says across everything that it is frozen, by whom and why', async () => {
    server.world.frozen = true;
    const page = await visit('/runs');
    await page.getByText('Frozen: no effect is carried out.').waitFor();
    await page.getByText('restoring the database').waitFor();
  });

  it('says plainly which products are made up', async () => {
    const page = await visit('/connectors');
    await page.getByText('nothing real is touched').first().waitFor();
    await page.getByRole('list', { name: 'Connectors' }).getByRole('link').first().waitFor();
    expect(await page.getByRole('list', { name: 'Connectors' }).getByText('SIMULATED').count()).toBe(3);
  });

  it('verifies the audit and says what was found', async () => {
    const page = await visit('/audit');
    await page.getByRole('button', { name: 'Verify' }).click();
    await page.getByText('Intact').waitFor();
    await page.getByText(/214 records in 9 chains/).waitFor();
  });

  it('says of a thing that is not there what to do', async () => {
    const page = await visit('/runs/run_gone');
    await page.getByRole('alert').getByText('There is no such thing').waitFor();
    await page.getByRole('alert').getByText('NOT_FOUND').waitFor();
  });
});
