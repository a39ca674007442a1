// Questions with a form and with rows, answered as people do: by keyboard, and by mistake.
import { describe, expect, it } from '@jest/globals';
import { setStage } from './stage.ts';

const { server, visit } = setStage();
const sent = () => server().world.sent.map(({ path, body }) => ({ path, body }));

describe('a form', () => {
  it('is filled in and sent by keyboard alone', async () => {
    const page = await visit('/approvals/apr_form');
    await page.getByRole('form', { name: 'Your answer' }).waitFor();
    await page.keyboard.press('e');
    await page.keyboard.type('eve@example.test');
    await page.keyboard.press('Tab'); // laptop is chosen already
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Space');
    await page.getByLabel('Other people affected').fill('3');
    await page.getByLabel('Other people affected').press('Enter');
    await page.getByText('answered', { exact: true }).first().waitFor();
    const answer = { owner: 'eve@example.test', kind: 'phone', encrypted: true, lost_on: null, others: 3, site: null, note: null };
    expect(sent()).toEqual([{ path: '/approvals/apr_form/answer', body: { digest: 'made-up-digest-of-the-form', answer } }]);
  });

  it('says beside each field what does not fit, goes to the first, and sends nothing', async () => {
    const page = await visit('/approvals/apr_form');
    await page.getByLabel('Other people affected').fill('many');
    await page.getByRole('button', { name: /^Send/ }).click();
    await page.getByText('Must be a number.').waitFor();
    expect(await page.getByText('Must be filled in.').count()).toBe(2);
    expect(await page.evaluate('document.activeElement.id')).toBe('apr_form-owner');
    expect(sent()).toEqual([]);
  });

  it('keeps what was typed while the world goes on', async () => {
    const page = await visit('/approvals/apr_form');
    await page.getByLabel('Whose was it?').fill('eve');
    server().tell('approvals');
    await page.getByRole('radio', { name: 'phone' }).check();
    server().world.approvals = server().world.approvals.map((one) => ({ ...one }));
    server().tell('approvals');
    await page.getByRole('radio', { name: 'yes' }).check();
    expect(await page.getByLabel('Whose was it?').inputValue()).toBe('eve');
  });
});

describe('rows', () => {
  it('are answered by digits, one after the other, and sent by Enter', async () => {
    const page = await visit('/approvals/apr_rows');
    await page.getByRole('table', { name: 'Who still needs access?' }).waitFor();
    await page.keyboard.press('Shift+Digit1');
    await page.getByText('7 keep.').waitFor();
    await page.keyboard.press('2');
    await page.keyboard.press('1');
    await page.keyboard.press('2');
    await page.getByText('5 keep and 2 remove.').waitFor();
    await page.keyboard.press('Enter');
    await page.getByText('answered', { exact: true }).first().waitFor();
    const rows = server().world.approvals.find(({ id }) => id === 'apr_rows')?.rows?.items ?? [];
    const answer = Object.fromEntries(rows.map(({ id }, index) => [id, index === 0 || index === 2 ? 'remove' : 'keep']));
    expect(sent()).toEqual([{ path: '/approvals/apr_rows/answer', body: { digest: 'made-up-digest-of-the-rows', answer } }]);
  });

  it('are not sent while one has no answer: it says which, and the keyboard is there', async () => {
    const page = await visit('/approvals/apr_rows');
    await page
      .getByRole('group', { name: /Eve Adams/ })
      .getByRole('radio', { name: 'keep' })
      .check();
    await page.getByRole('button', { name: 'Send 7 answers' }).click();
    await page.getByText('1 keep; 6 have no answer yet.').waitFor();
    await page.keyboard.press('2');
    expect(
      await page
        .getByRole('group', { name: /Noor Haddad/ })
        .getByRole('radio', { name: 'remove' })
        .isChecked(),
    ).toBe(true);
    expect(sent()).toEqual([]);
  });

  it('of a list that has changed since cannot be answered before they are looked at again', async () => {
    const page = await visit('/approvals/apr_rows');
    await page.getByRole('table', { name: 'Who still needs access?' }).waitFor();
    await page.keyboard.press('Shift+Digit2');
    await page.getByText('7 remove.').waitFor();
    server().world.approvals = server().world.approvals.map((one) => (one.id === 'apr_rows' ? { ...one, digest: 'another-digest' } : one));
    server().tell('approvals');
    await page.getByText('What is asked has changed since you opened this.').waitFor();
    expect(await page.getByRole('button', { name: /^Send/ }).count()).toBe(0);
    await page.getByRole('button', { name: 'Show what is asked now' }).click();
    await page.getByText('Nothing is answered yet', { exact: false }).waitFor();
    expect(sent()).toEqual([]);
  });
});

describe('a start by hand', () => {
  it('asks for the playbook’s inputs, says beside the field what does not fit, and goes to the run', async () => {
    const page = await visit('/playbooks/contain-compromised-account');
    await page.getByRole('button', { name: 'Start by hand' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('user', { exact: true }).fill('nobody');
    await dialog.getByLabel(/^hosts/).fill('wks-007\nwks-008');
    await dialog.getByRole('button', { name: 'Start', exact: true }).click();
    await dialog.getByText('Names no user that is known here.').waitFor();
    expect(await dialog.getByLabel(/^hosts/).inputValue()).toBe('wks-007\nwks-008');
    await dialog.getByLabel('user', { exact: true }).fill('eve@example.test');
    await dialog.getByRole('button', { name: 'Start', exact: true }).click();
    await page.waitForURL(/\/runs\/run_malware/);
    const inputs = { user: 'eve@example.test', hosts: 'wks-007\nwks-008', days: 7 };
    expect(sent().at(-1)).toEqual({ path: '/playbooks/contain-compromised-account/runs', body: { inputs, reason: '' } });
  });
});
