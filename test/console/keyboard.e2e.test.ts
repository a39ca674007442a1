// The keyboard, undo and release. Found by role and label, in a real Chromium (/usr/bin/chromium or CORDON_CHROMIUM).
import { describe, expect, it } from '@jest/globals';
import { article, setStage } from './stage.ts';

const { server, visit } = setStage();

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
    expect(server().world.sent).toEqual([]);
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
    expect(server().world.sent).toEqual([]);
  });
});

describe('undo and release', () => {
  it('previews what it would do, then says it and does it', async () => {
    const page = await visit('/runs/run_malware');
    await page.getByRole('heading', { level: 2, name: 'Malware on wks-118' }).waitFor();
    await page.keyboard.press('u');
    const dialog = page.getByRole('dialog');
    await dialog.getByText('Release wks-118').waitFor();
    expect(server().world.sent).toEqual([]);
    await dialog.getByLabel('Why').fill('False positive');
    await dialog.getByRole('button', { name: 'Undo 3 effects' }).click();
    await dialog.waitFor({ state: 'detached' });
    expect(server().world.sent).toEqual([
      { method: 'POST', path: '/undo', body: { run: 'run_malware', digest: expect.stringMatching(/hld_118/), reason: 'False positive' } },
    ]);
  });

  it('undoes only what was read: what has changed since is shown when it is asked for, and the reason is kept', async () => {
    const page = await visit('/runs/run_malware');
    await page.getByRole('heading', { level: 2, name: 'Malware on wks-118' }).waitFor();
    await page.keyboard.press('u');
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Why').fill('False positive');
    const [hold] = server().world.holds;
    if (!hold) throw new Error('the world has no hold');
    server().world.holds = [{ ...hold, id: 'hld_later', saysUndo: 'Release dc-01' }, ...server().world.holds];
    const isRead = page.waitForResponse(/\/runs\/run_malware$/);
    server().tell('runs');
    await isRead;
    expect(await dialog.getByText('Release dc-01').count()).toBe(0);
    await dialog.getByRole('button', { name: 'Undo 3 effects' }).click();
    await dialog.getByText('Something else would be undone by now').waitFor();
    await page.keyboard.press('Enter');
    expect(await dialog.getByRole('button', { name: /^Undo/ }).count()).toBe(0);
    await dialog.getByRole('button', { name: 'Show what would be undone now' }).click();
    await dialog.getByText('Release dc-01').waitFor();
    expect(await dialog.getByLabel('Why').inputValue()).toBe('False positive');
    await dialog.getByRole('button', { name: 'Undo 4 effects' }).click();
    await dialog.waitFor({ state: 'detached' });
    expect(server().world.sent.map(({ body }) => body)).toEqual([
      { run: 'run_malware', digest: expect.not.stringMatching(/hld_later/), reason: 'False positive' },
      { run: 'run_malware', digest: expect.stringMatching(/hld_later/), reason: 'False positive' },
    ]);
  });

  it('releases a hold with a reason, and the row then says so', async () => {
    const page = await visit('/contained/hld_118');
    await page.getByRole('button', { name: 'Release wks-118' }).click();
    await page.getByRole('dialog').getByLabel('Reason').fill('Reimaged');
    await page.getByRole('dialog').getByRole('button', { name: 'Release wks-118' }).click();
    await page.getByRole('article').getByText('released', { exact: true }).waitFor();
    expect(server().world.sent).toEqual([{ method: 'POST', path: '/holds/hld_118/release', body: { reason: 'Reimaged' } }]);
  });
});
