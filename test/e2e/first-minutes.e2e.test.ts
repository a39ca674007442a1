// The first ten minutes of a new user, on the trial form: real server, real store, real Temporal, real browser; products are simulated.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import type { ApprovalRow, HoldRow, Page as Rows, RunRow } from '../../server/contract.ts';
import { accessibilityFaults, launch, openPage } from '../console/browser.ts';
import { makeInstallation } from './installation.ts';
import { until } from './system.ts';

const NEW_PASSWORD = 'made-up words of mine';
const WITHIN_MS = 60_000;

let folder: string;
let cordon: Awaited<ReturnType<typeof makeInstallation>>;
let browser: Browser;
let page: Page;
let troubles: string[];

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'cordon-first-'));
  cordon = await makeInstallation(folder, 'trial');
  await cordon.start();
  browser = await launch();
  ({ page, troubles } = await openPage(browser, cordon.url));
}, 180_000);
afterAll(async () => {
  await browser?.close();
  await cordon.stop();
  rmSync(folder, { recursive: true, force: true });
}, 60_000);

const effects = async (): Promise<string[]> => {
  const text = await (await fetch(`${cordon.rangeUrl}/record`)).text();
  const lines = text.split('\n').filter((line) => line !== '');
  return lines
    .map((line) => JSON.parse(line) as { effect: string | null; target: string })
    .flatMap(({ effect, target }) => (effect === null ? [] : [`${effect} ${target}`]));
};
const count = async (effect: string) => (await effects()).filter((one) => one === effect).length;
const openApprovals = async () => (await cordon.json<Rows<ApprovalRow>>('approvals', 'list')).items.filter((one) => one.state === 'open');

describe('the first ten minutes', () => {
  it('say that nothing real is touched, and how to sign in', () => {
    expect(cordon.log()).toContain('SIMULATED PRODUCTS');
    expect(cordon.log()).toContain(`Cordon is ready: ${cordon.url}`);
  });

  it('a sample alert is answered by the right playbook, which says why and waits for a person', async () => {
    const said = await cordon.cordon('alerts', 'send', '--sample', 'travel', '--until', 'waiting');
    expect(said).toMatchObject({ code: 0, err: '' });
    expect(said.out).toContain('started contain-compromised-account');
    expect(said.out).toContain('why: matched');
    expect(said.out).toContain('Disable Eve Adams (user-007), end 3 sessions, isolate wks-007');
  });

  it(
    'the browser shows one card in plain words; approved by keyboard, it says verified, and the range has flipped',
    async () => {
      const password = readFileSync(join(cordon.data, 'first-sign-in'), 'utf8').trim().split(/\s+/).at(-1) ?? '';
      await page.goto('/approvals');
      await page.getByLabel('Login').fill('owner');
      await page.getByLabel('Password', { exact: true }).fill(password);
      await page.getByRole('button', { name: 'Sign in' }).click();
      await page.getByLabel('New password', { exact: true }).fill(NEW_PASSWORD);
      await page.getByLabel('New password, again').fill(NEW_PASSWORD);
      await page.getByRole('button', { name: 'Keep it and go on' }).click();
      await page.getByRole('list', { name: 'Approvals' }).getByRole('link').first().click();
      await page.getByRole('article').getByText('Eve Adams').first().waitFor();
      expect(await accessibilityFaults(page)).toEqual([]);
      await page.keyboard.press('a');
      await page.keyboard.press('1');
      await page.getByRole('article').getByText('done, verified', { exact: true }).waitFor();
      expect(await count('disable user-007')).toBe(1);
      expect(await count('revoke user-007')).toBe(1);
      expect(await count('isolate wks-007')).toBe(1);
      expect(troubles).toEqual([]);
    },
    WITHIN_MS,
  );

  it('the same again joins: nothing is done twice', async () => {
    const said = await cordon.cordon('alerts', 'send', '--sample', 'travel', '--until', 'decided');
    expect(said.out).toMatch(/joined/);
    expect(await count('disable user-007')).toBe(1);
  });

  it('a domain controller is refused by policy, and nobody is even asked', async () => {
    const said = await cordon.cordon('alerts', 'send', '--sample', 'domain-controller', '--until', 'ended');
    expect(said.out).toContain('protect-domain-controllers');
    expect(await count('isolate dc-01')).toBe(0);
  });

  it(
    'killed with -9 when the isolation has happened and nobody was told, it resumes: one ticket, one isolation',
    async () => {
      const lost = [{ product: 'edr', effect: 'isolate', target: 'wks-012', drop: 'after', hang: true, count: 1 }];
      await fetch(`${cordon.rangeUrl}/faults`, {
        method: 'PUT',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(lost),
      });
      const faultsLeft = async () => ((await (await fetch(`${cordon.rangeUrl}/faults`)).json()) as unknown[]).length;
      await cordon.json('alerts', 'send', '--sample', 'malware', '--until', 'waiting');
      const approval = await until('the approval', WITHIN_MS, async () => (await openApprovals()).find((one) => one.kind === 'approval'));
      const tickets = (await effects()).filter((one) => one.startsWith('ticket ')).length;
      await cordon.cordon('approvals', 'approve', approval.id, '--reason', 'seen in the EDR');
      await until('the isolation to be on its way', WITHIN_MS, async () => ((await faultsLeft()) === 0 ? true : undefined));
      expect((await openApprovals()).some((one) => one.runId === approval.runId)).toBe(false);
      await cordon.kill();
      await cordon.start();
      await until('the isolation and the ticket', WITHIN_MS, async () => {
        const now = await effects();
        const opened = now.filter((one) => one.startsWith('ticket ')).length;
        return now.includes('isolate wks-012') && opened === tickets + 1 ? true : undefined;
      });
      await until('the verdict to be asked for', WITHIN_MS, async () =>
        (await openApprovals()).find((one) => one.runId === approval.runId),
      );
      expect(await count('isolate wks-012')).toBe(1);
    },
    3 * WITHIN_MS,
  );

  it(
    'undo shows what it would do, takes everything back, and the audit log is intact',
    async () => {
      const { items } = await cordon.json<Rows<RunRow>>('runs', 'list');
      const run = items.find((one) => one.playbook === 'contain-compromised-account');
      await page.goto(`/runs/${run?.id}`);
      await page.getByRole('heading', { level: 2 }).first().waitFor();
      await page.keyboard.press('u');
      const dialog = page.getByRole('dialog');
      await dialog.getByText('Enable Eve Adams (user-007)').waitFor();
      await dialog.getByRole('textbox').fill('it was a journey');
      await dialog.getByRole('button', { name: /^Undo/ }).click();
      await until('nothing of the run to be held', WITHIN_MS, async () => {
        const { items: holds } = await cordon.json<Rows<HoldRow>>('holds', 'list');
        return holds.some((hold) => hold.runId === run?.id && hold.state !== 'released') ? undefined : true;
      });
      expect(await count('enable user-007')).toBe(1);
      expect(await count('release wks-007')).toBe(1);
      expect((await cordon.cordon('audit', 'verify')).code).toBe(0);
      expect(troubles.filter((trouble) => !trouble.includes('ERR_CONNECTION'))).toEqual([]);
    },
    2 * WITHIN_MS,
  );

  it.each(['undo', 'freeze'])(
    'a drill of %s proves itself on the range, and leaves nothing behind',
    async (kind) => {
      const before = await count('release wks-480');
      const said = await cordon.cordon('drill', kind);
      expect(said.out).toContain(`proven: ${kind} works on wks-480`);
      expect(said.code).toBe(0);
      expect(await count('release wks-480')).toBe(before + 1);
      expect(await count('isolate wks-480')).toBe(before + 1);
    },
    3 * WITHIN_MS,
  );
});
