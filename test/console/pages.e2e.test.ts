// What the pages show. Found by role and label, in a real Chromium (/usr/bin/chromium or CORDON_CHROMIUM).
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { article, setStage } from './stage.ts';
import { HOSTILE_TITLE } from './world-malware.ts';

const { server, visit } = setStage();

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

  it('shows what is contained of an incident also beside very much else, and never nothing where it could not be read', async () => {
    const [first] = server().world.holds;
    if (!first) throw new Error('the world has no hold');
    const others = Array.from({ length: 250 }, (_, n) => ({ ...first, id: `hld_other${n}`, incidentId: 'inc_other', entityName: 'other' }));
    server().world.holds = [...others, ...server().world.holds];
    const page = await visit('/incidents/inc_malware');
    const contained = page.getByRole('region', { name: 'Contained' });
    await contained.getByRole('link', { name: 'wks-118' }).waitFor();
    expect(await contained.getByText('other').count()).toBe(0);
    await page.route('**/api/v1/holds?**', (route) => route.fulfill({ status: 500, contentType: 'application/json', body: '{}' }));
    await page.reload();
    await contained.getByRole('alert').getByText('The server answered 500').waitFor();
  });

  it('says on Now how many more are asked than it lists, and counts them all', async () => {
    const [first] = server().world.approvals;
    if (!first) throw new Error('the world has no approval');
    server().world.approvals = Array.from({ length: 60 }, (_, n) => ({ ...first, id: `apr_${n}` }));
    const page = await visit('/');
    await page.getByRole('link', { name: 'Approvals 60 need a person' }).waitFor();
    await page.getByRole('link', { name: 'and 10 more' }).click();
    await page.getByRole('heading', { name: 'Approvals' }).waitFor();
  });

  it('says nothing of quiet while a page has reached nobody', async () => {
    server().world.approvals = [];
    server().world.holds = [];
    const page = await visit('/incidents');
    await page.route('**/api/v1/now', async (route) => {
      const now = await (await route.fetch()).json();
      const undelivered = { pages: 2, channels: [] };
      await route.fulfill({ json: { ...now, quarantined: 0, stuck: 0, lostRuns: [], undelivered } });
    });
    await page.goto('/');
    await page.getByText('2 pages reached nobody').waitFor();
    expect(await page.getByText('Nothing needs you').count()).toBe(0);
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
    server().isLive = false;
    server().cut();
    const words = page.getByText('It may be old; a decision is sent all the same.');
    await words.waitFor();
    server().world.approvals = [];
    // An answer that is no stream: a browser gives up then, and the page does not.
    for (let look = 0; server().refused === 0 && look < 150; look += 1) await sleep(100);
    expect(server().refused).toBeGreaterThan(0);
    server().isLive = true;
    await words.waitFor({ state: 'detached', timeout: 15_000 });
    await page.getByRole('link', { name: '2 runs going' }).waitFor();
    expect(await page.getByText('Also asked').count()).toBe(0);
  });

  it('says across everything that it is frozen, by whom and why', async () => {
    server().world.frozen = true;
    const page = await visit('/runs');
    await page.getByText(/^Frozen: nothing that changes something begins/).waitFor();
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

  it('says of what is suppressed who, why, until when and how much that hid, and ends it by keyboard alone', async () => {
    const page = await visit('/suppressions');
    const rows = page.getByRole('list', { name: 'Suppressions' }).getByRole('link');
    await rows.filter({ hasText: 'Patching of the finance floor' }).waitFor();
    expect(await rows.count()).toBe(2);
    expect(await rows.nth(1).textContent()).toMatch(/hid 12 alerts.*Sam Okafor: CHG-1234.*in force.*ends in 3 h/);
    for (const key of ['j', 'j', 'u']) await page.keyboard.press(key);
    await page.getByRole('article').getByText('CHG-1234, with Noor').waitFor();
    await page.keyboard.press('u');
    await page.getByRole('dialog').getByLabel('Reason').fill('done early');
    await page.keyboard.press('Enter');
    await page.getByRole('article').getByText('ended early', { exact: true }).waitFor();
    expect(server().world.sent).toEqual([{ method: 'POST', path: '/suppressions/sup_patching/remove', body: { reason: 'done early' } }]);
    expect(await page.getByRole('link', { name: '12 alerts' }).getAttribute('href')).toBe('/alerts?suppression=sup_patching');
  });

  it('suppresses nothing without an end, a reason and something that it is about', async () => {
    const page = await visit('/suppressions');
    await page.getByRole('list', { name: 'Suppressions' }).getByRole('link').first().waitFor();
    await page.keyboard.press('n');
    const form = page.getByRole('form', { name: 'Suppress alerts' });
    await form.getByLabel('What it is called').fill('Patching');
    await page.keyboard.press('Enter');
    for (const fault of ['Write a reason.', 'Say when it is over: 30m, 8h or 7d.', 'It would hide everything'])
      await form.getByText(fault).waitFor();
    expect(server().world.sent).toEqual([]);
    await form.getByLabel('Reason').fill('CHG-1234');
    await form.getByLabel('For how long').fill('4h');
    await form.getByLabel('About').fill('host:wks-007, host:wks-118');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 2, name: 'Patching' }).waitFor();
    expect(server().world.sent.map(({ body }) => body)).toEqual([
      { title: 'Patching', reason: 'CHG-1234', for: '4h', entities: ['host:wks-007', 'host:wks-118'] },
    ]);
  });

  it('says of a run past its time on whom or what it waits and what happens then, and of all that wait when asked', async () => {
    const page = await visit('/');
    await page.getByRole('link', { name: /^one run: on whom or what/ }).click();
    const stuck = page.getByRole('list', { name: 'Runs past their time' }).getByRole('link');
    await stuck.first().waitFor();
    expect(await stuck.allTextContents()).toEqual([
      expect.stringMatching(/Malware on wks-118.*another run.*then it is tried again.*past its time/),
    ]);
    await stuck.first().click();
    await page.getByText('Waits for another run that works on the same thing: Isolate wks-204.').waitFor();
    await page.getByRole('link', { name: 'Waiting', exact: true }).click();
    const all = page.getByRole('list', { name: 'Runs that wait' }).getByRole('link');
    await all.nth(1).waitFor();
    expect(await all.nth(1).textContent()).toMatch(/a decision of 2 people: role responder.*then silence is a no.*waiting.*ends in 13 min/);
  });

  it('says of a thing that is not there what to do', async () => {
    const page = await visit('/runs/run_gone');
    await page.getByRole('alert').getByText('There is no such thing').waitFor();
    await page.getByRole('alert').getByText('NOT_FOUND').waitFor();
  });

  it('says of each version who, when and why, and puts one in force with a reason, by keyboard alone', async () => {
    const page = await visit('/playbooks/contain-compromised-account');
    const list = page.getByRole('list', { name: 'Versions' });
    await list.getByText('reviewed with identity').waitFor();
    expect(await list.getByRole('listitem').nth(2).textContent()).toContain('rolled back by Sam Okafor');
    await page.keyboard.press(']');
    await page.getByRole('heading', { name: /What changes when version 4 is put in force, against version 3/ }).waitFor();
    expect(page.url()).toContain('version=4');
    expect(await page.getByRole('list', { name: 'Changes' }).getByRole('listitem').count()).toBe(2);
    const drawn = page.getByRole('img', { name: /version 4: what is done in which order/ });
    await drawn.scrollIntoViewIfNeeded();
    expect(await drawn.evaluate((image: { complete: boolean; naturalHeight: number }) => image.complete && image.naturalHeight > 200)).toBe(
      true,
    );
    await page.keyboard.press('f');
    await page.getByLabel('Reason').fill('two people at night');
    await page.keyboard.press('Enter');
    await list.getByText('two people at night').waitFor();
    expect(server().world.sent.at(-1)).toMatchObject({
      path: '/playbooks/contain-compromised-account/versions/4/publish',
      body: { reason: 'two people at night' },
    });
    expect(await list.getByRole('listitem').first().textContent()).toContain('in force');
  });

  it('says why somebody may not put a version in force, and offers no button', async () => {
    const refusal = 'You wrote it: another person puts it in force.';
    server().world.versions = server().world.versions.map((one) => ({ ...one, mayPublish: false, refusal }));
    const page = await visit('/playbooks/contain-compromised-account?version=4');
    await page.getByText(refusal).waitFor();
    expect(await page.getByRole('button', { name: /in force/ }).count()).toBe(0);
  });
});
