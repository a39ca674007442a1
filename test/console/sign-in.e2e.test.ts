// Signing in, and being signed out. Found by role and label, in a real Chromium (/usr/bin/chromium or CORDON_CHROMIUM).
import { describe, expect, it } from '@jest/globals';
import { article, setStage } from './stage.ts';
import { MADE_UP_ONE_TIME } from './world.ts';

const { server, visit } = setStage();

describe('sign-in', () => {
  it('takes the one-time password, asks for an own one in the same flow, and shows the address that was asked for', async () => {
    Object.assign(server().world, { signedIn: false, password: MADE_UP_ONE_TIME, me: { ...server().world.me, mustChangePassword: true } });
    const page = await visit('/approvals/apr_travel');
    await page.getByLabel('Login').fill('owner');
    await page.getByLabel('Password', { exact: true }).fill(MADE_UP_ONE_TIME);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByLabel('New password', { exact: true }).fill('made-up words of mine');
    await page.getByLabel('New password, again').fill('made-up words of mine');
    await page.getByRole('button', { name: 'Keep it and go on' }).click();
    await article(page).waitFor();
    expect(server().world.password).toBe('made-up words of mine');
    expect(new URL(page.url()).pathname).toBe('/approvals/apr_travel');
  });

  it('says why a sign-in was refused and keeps what was typed', async () => {
    server().world.signedIn = false;
    const page = await visit('/');
    await page.getByLabel('Login').fill('owner');
    await page.getByLabel('Password', { exact: true }).fill('made-up-wrong');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('alert').getByText('Login or password is wrong').waitFor();
    expect(await page.getByLabel('Login').inputValue()).toBe('owner');
    expect(await page.getByLabel('Password', { exact: true }).inputValue()).toBe('made-up-wrong');
  });

  it('refuses a short new password before anything is sent', async () => {
    server().world.me = { ...server().world.me, mustChangePassword: true };
    const page = await visit('/');
    await page.getByLabel('One-time password').fill(server().world.password);
    await page.getByLabel('New password', { exact: true }).fill('short');
    await page.getByLabel('New password, again').fill('short');
    await page.getByRole('button', { name: 'Keep it and go on' }).click();
    await page.getByText('At least 12 characters; this has 5.').waitFor();
    expect(server().world.sent).toEqual([]);
  });

  it('comes back when the session ends, at the same address', async () => {
    const page = await visit('/runs');
    await page.getByRole('list', { name: 'Runs' }).getByRole('link').first().waitFor();
    server().world.signedIn = false;
    server().tell('runs');
    await page.getByRole('heading', { name: 'Sign in to Cordon' }).waitFor();
    expect(new URL(page.url()).pathname).toBe('/runs');
  });
});
