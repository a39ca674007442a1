// Deciding: what is asked, what is sent, and what the card says afterwards. Found by role and label, in a real Chromium (/usr/bin/chromium or CORDON_CHROMIUM).
import { describe, expect, it } from '@jest/globals';
import { NARROW } from './browser.ts';
import { article, setStage } from './stage.ts';

const { server, visit } = setStage();

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
    expect(server().world.sent).toEqual([
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

  it('shows the range again after it did not answer once', async () => {
    const page = await visit('/alerts');
    await page.route('**/api/v1/range/live?**', (route) => route.fulfill({ status: 503, contentType: 'application/json', body: '{}' }), {
      times: 1,
    });
    await page.goto('/approvals/apr_travel');
    await page.getByRole('complementary', { name: 'Live state' }).getByText('enabled').waitFor();
  });

  it('that holds something which cannot be undone is not sent without a reason', async () => {
    const page = await visit('/approvals/apr_travel');
    await page.getByRole('button', { name: /^Approve/ }).click();
    await page.getByLabel(/Why is this right/).press('Enter');
    await page.getByText('Write a reason or choose one.').waitFor();
    expect(server().world.sent).toEqual([]);
  });

  it('that policy wants a fresh proof for is not sent without the password', async () => {
    server().world.approvals = server().world.approvals.map((approval) => ({
      ...approval,
      requirement: { ...approval.requirement, stepUpMs: 300_000 },
      items: approval.items.filter(({ risk }) => risk === 'reversible'),
    }));
    const page = await visit('/approvals/apr_travel');
    await article(page).waitFor();
    await page.keyboard.press('a');
    await page.getByLabel('Why is this right?').press('1');
    await page.getByText('Give your password.').waitFor();
    expect(server().world.sent).toEqual([]);
    await page.getByLabel('Your password', { exact: true }).fill('made-up-password');
    await page.keyboard.press('Enter');
    await article(page).getByText('done, verified', { exact: true }).waitFor();
    const reason = 'True positive: the evidence is checked';
    expect(server().world.sent).toEqual([
      expect.objectContaining({ body: { digest: expect.any(String), reason, password: 'made-up-password' } }),
    ]);
  });

  it('takes words to the others, which decide nothing and are shown as words', async () => {
    const page = await visit('/approvals/apr_travel');
    await article(page).waitFor();
    await page.getByLabel('Comment', { exact: true }).fill('Is she <b>on holiday</b>? a b g');
    await page.keyboard.press('Enter');
    await article(page).getByText('“Is she <b>on holiday</b>? a b g”').waitFor();
    expect(await page.getByLabel('Comment', { exact: true }).inputValue()).toBe('');
    await page.getByRole('button', { name: /^Approve/ }).waitFor();
    expect(server().world.sent).toEqual([
      { method: 'POST', path: '/approvals/apr_travel/comments', body: { text: 'Is she <b>on holiday</b>? a b g' } },
    ]);
  });

  it('goes to others later when somebody says that they have it', async () => {
    const at = new Date(Date.now() + 300_000).toISOString();
    server().world.approvals = server().world.approvals.map((approval) => ({ ...approval, escalations: [{ at, to: 'the group soc' }] }));
    const page = await visit('/approvals/apr_travel');
    await article(page).getByText('the group soc is asked too').waitFor();
    await page.getByRole('button', { name: /^I have it/ }).click();
    await article(page).getByText('nobody else is asked for ten minutes').waitFor();
    expect(await page.getByRole('button', { name: /^I have it/ }).count()).toBe(0);
    expect(server().world.sent).toEqual([expect.objectContaining({ path: '/approvals/apr_travel/ack' })]);
  });

  it('may be decided by whom one names, until a day that one names', async () => {
    const page = await visit('/');
    await page.getByRole('button', { name: 'Out of office' }).click();
    await page.getByText('Made Up Ben decides for Sam Okafor').waitFor();
    await page.getByRole('button', { name: 'Let them decide' }).click();
    await page.getByText('Say when it is over.').waitFor();
    expect(server().world.sent).toEqual([]);
    await page.getByLabel('Who decides in your stead').fill('ben');
    await page.getByLabel('Until').fill('2026-12-24T18:00');
    await page.getByRole('button', { name: 'Let them decide' }).click();
    await page.getByLabel('Who decides in your stead').and(page.locator('[value=""]')).waitFor();
    expect(server().world.sent).toEqual([
      expect.objectContaining({ path: '/delegations', body: expect.objectContaining({ to: 'ben', outOfOffice: true }) }),
    ]);
  });

  it('is decided together with all that ask for the same, by keyboard: only what stands in the list, as it was shown', async () => {
    const [travel, ...rest] = server().world.approvals;
    if (!travel) throw new Error('the world has no approval');
    const more = ['one', 'two'].map((name) => ({ ...travel, id: `apr_${name}`, title: `Disable ${name}`, digest: `made-up-${name}` }));
    server().world.approvals = [travel, ...more, ...rest];
    const page = await visit('/approvals/apr_travel');
    await page.getByRole('button', { name: /^2 others ask for the same/ }).waitFor();
    await page.keyboard.press('b');
    const list = page.getByRole('list', { name: 'What is decided together' }).getByRole('checkbox');
    await list.nth(2).waitFor();
    server().world.approvals = server().world.approvals.map((one) => (one.id === 'apr_two' ? { ...one, digest: 'made-up-other' } : one));
    await page.getByRole('button', { name: /^Approve 3/ }).waitFor();
    await page.getByRole('button', { name: /^Approve 3/ }).press('Enter');
    await page
      .getByRole('form', { name: 'Reason for the approval' })
      .getByLabel(/Why is this right/)
      .press('Enter');
    await page.getByText('Write a reason or choose one.').waitFor();
    expect(server().world.sent).toEqual([]);
    await page.keyboard.press('1');
    const became = page.getByRole('list', { name: 'What became of each' }).getByRole('listitem');
    await became.nth(2).waitFor();
    expect(await became.allTextContents()).toEqual([
      expect.stringMatching(/^approved/),
      expect.stringMatching(/^approved.*Disable one/),
      expect.stringMatching(/^refused.*Disable two.*The digest is another one/),
    ]);
    expect(server().world.sent).toEqual([
      {
        method: 'POST',
        path: '/approvals/batch',
        body: {
          decision: 'approve',
          approvals: [travel, ...more].map(({ id, digest }) => ({ id, digest })),
          reason: 'True positive: the evidence is checked',
        },
      },
    ]);
  });

  it('of what can be undone needs one key', async () => {
    server().world.approvals = server().world.approvals.map((approval) => ({
      ...approval,
      items: approval.items.filter(({ risk }) => risk === 'reversible'),
    }));
    const page = await visit('/approvals/apr_travel');
    await article(page).waitFor();
    await page.keyboard.press('a');
    await article(page).getByText('done, verified', { exact: true }).waitFor();
  });

  it('shows what it would do while its own step already waits', async () => {
    const waiting = {
      key: 'contain/isolate',
      stepId: 'isolate',
      generation: 0,
      kind: 'do',
      state: 'waiting',
      input: {},
      recovered: false,
      attempts: 0,
      startedAt: new Date(0).toISOString(),
    } as const;
    server().world.approvals = server().world.approvals.map((approval) => ({ ...approval, effects: [waiting] }));
    const page = await visit('/approvals/apr_travel');
    await article(page).getByText('cannot be undone', { exact: true }).waitFor();
    expect(await article(page).getByText('can be undone', { exact: true }).count()).toBe(2);
  });

  it('is never denied by one stray key', async () => {
    const page = await visit('/approvals/apr_travel');
    await article(page).waitFor();
    await page.keyboard.press('d');
    await page.getByRole('form', { name: 'Reason for the denial' }).waitFor();
    expect(server().world.sent).toEqual([]);
    await page.keyboard.type('Known trip');
    await page.keyboard.press('Enter');
    await article(page).getByText('denied', { exact: true }).first().waitFor();
    expect(server().world.sent).toEqual([
      expect.objectContaining({ path: '/approvals/apr_travel/deny', body: expect.objectContaining({ reason: 'Known trip' }) }),
    ]);
  });

  it('that changed under the reader cannot be pressed until it was looked at again', async () => {
    const page = await visit('/approvals/apr_travel');
    await page.getByRole('button', { name: /^Approve/ }).waitFor();
    server().world.approvals = server().world.approvals.map((approval) => ({
      ...approval,
      digest: 'made-up-other-digest',
      items: approval.items.slice(0, 1),
    }));
    server().tell('approvals');
    await page.getByText('What is asked has changed since you opened this.').waitFor();
    await page.keyboard.press('a');
    expect(await page.getByRole('button', { name: /^Approve/ }).count()).toBe(0);
    expect(server().world.sent).toEqual([]);
    await page.getByRole('button', { name: 'Show what is asked now' }).click();
    await page.getByRole('button', { name: 'Approve: disable' }).waitFor();
  });

  it('that another person decided first says so and keeps the reason', async () => {
    const page = await visit('/approvals/apr_travel');
    await page.getByRole('button', { name: /^Approve/ }).click();
    await page.getByLabel(/Why is this right/).fill('Checked the logs');
    server().world.approvals = server().world.approvals.map((approval) => ({ ...approval, digest: 'made-up-other-digest' }));
    await page.keyboard.press('Enter');
    await page
      .getByText('What was shown is no longer what is asked')
      .or(page.getByText('What is asked has changed since you opened this.'))
      .first()
      .waitFor();
    expect(server().world.sent).toHaveLength(1);
    expect(server().world.approvals.find(({ id }) => id === 'apr_travel')?.state).toBe('open');
  });

  it('that one may not decide shows why instead of buttons', async () => {
    server().world.approvals = server().world.approvals.map((approval) => ({
      ...approval,
      mayDecide: false,
      mayNotReason: 'your role is viewer; a responder must',
    }));
    const page = await visit('/approvals/apr_travel');
    await page.getByText('your role is viewer; a responder must').waitFor();
    await page.keyboard.press('a');
    expect(await page.getByRole('button', { name: /^Approve|^Deny/ }).count()).toBe(0);
    expect(server().world.sent).toEqual([]);
  });

  it('that one may only deny has the button for that alone', async () => {
    server().world.approvals = server().world.approvals.map((approval) => ({
      ...approval,
      ...{ mayDecide: false, mayNotReason: 'it is put to Ana', mayDeny: true },
    }));
    const page = await visit('/approvals/apr_travel');
    await page.getByText('it is put to Ana').waitFor();
    await page.keyboard.press('a');
    expect(await page.getByRole('button', { name: /^Approve/ }).count()).toBe(0);
    await page.getByRole('button', { name: /^Deny/ }).click();
    await page.getByRole('button', { name: /^Deny/ }).last().click();
    await article(page)
      .getByText(/denied/)
      .first()
      .waitFor();
    expect(server().world.approvals.find(({ id }) => id === 'apr_travel')?.state).toBe('denied');
  });

  it('whose effect was not read back is red and says so, never green', async () => {
    const page = await visit('/approvals/apr_travel');
    await article(page).waitFor();
    await page.keyboard.press('a');
    await page.keyboard.press('1');
    await article(page).getByText('done, verified', { exact: true }).waitFor();
    server().world.approvals = server().world.approvals.map((approval) => ({
      ...approval,
      effects: approval.effects.map((effect, index) => (index === 0 ? { ...effect, outcome: 'unverified' } : effect)),
    }));
    server().tell('approvals');
    await article(page).getByText('NOT verified', { exact: true }).waitFor();
    await article(page)
      .getByText(/NOT verified: sent, and reading back does not show it/)
      .waitFor();
    expect(await article(page).getByText('done, verified', { exact: true }).count()).toBe(0);
  });

  it('stays on Now after it was decided, and a more urgent one does not take its place', async () => {
    const page = await visit('/');
    await article(page).waitFor();
    const [first] = server().world.approvals;
    if (!first) throw new Error('the world has no approval');
    server().world.approvals = [
      { ...first, id: 'apr_urgent', title: 'Isolate wks-300', items: [], expiresAt: new Date(Date.now() + 30_000).toISOString() },
      ...server().world.approvals,
    ];
    server().tell('approvals');
    await page.getByRole('link', { name: 'Isolate wks-300' }).waitFor();
    expect(await article(page).isVisible()).toBe(true);
  });

  it('can be answered by a number when it is a question', async () => {
    const page = await visit('/approvals/apr_question');
    await page.getByRole('button', { name: 'false-positive' }).waitFor();
    await page.keyboard.press('2');
    await page.getByText('“false-positive”').waitFor();
    expect(server().world.sent).toEqual([
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
