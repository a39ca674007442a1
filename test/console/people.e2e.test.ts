// People, their passwords and API tokens, by role and label in a real Chromium.
import { describe, expect, it } from '@jest/globals';
import { setStage } from './stage.ts';
import { MADE_UP_PASSWORD, MADE_UP_TOKEN } from './world-people.ts';

const { server, visit } = setStage();
const sent = () => server().world.sent.map(({ method, path, body }) => [method, path, body]);

describe('an admin', () => {
  it('adds a person by keyboard, and sees the one-time password once', async () => {
    const page = await visit('/people');
    await page.getByRole('list', { name: 'People' }).getByText('Eve Adams').waitFor();
    await page.keyboard.press('n');
    await page.getByLabel('Login').waitFor();
    await page.keyboard.type('ada');
    await page.getByLabel('Name', { exact: true }).fill('Ada Lovelace');
    await page.getByLabel('E-mail').fill('ada@example.test');
    await page.getByLabel('Role').selectOption('responder');
    await page.getByLabel('E-mail').press('Enter');
    const once = page.getByRole('dialog', { name: 'Ada Lovelace signs in with this once' });
    await once.getByText(MADE_UP_PASSWORD).waitFor();
    // By mistake it does not go away.
    await page.keyboard.press('Escape');
    expect(await once.getByRole('status', { name: 'one-time password' }).textContent()).toBe(MADE_UP_PASSWORD);
    await once.getByRole('button', { name: 'I have kept it' }).click();
    await page.getByRole('article').getByText('A one-time password was given out.').waitFor();
    expect(new URL(page.url()).pathname).toBe('/people/per_ada');
    expect(await page.content()).not.toContain(MADE_UP_PASSWORD);
    expect(sent()).toEqual([
      ['POST', '/people', { login: 'ada', name: 'Ada Lovelace', email: 'ada@example.test', role: 'responder', breakGlass: false }],
    ]);
  });

  it('is told in words what is wrong, and keeps what was typed', async () => {
    const page = await visit('/people');
    await page.getByRole('button', { name: 'Add a person' }).click();
    const form = page.getByRole('form', { name: 'Add a person' });
    await form.getByRole('button', { name: 'Add them' }).click();
    await form.getByText('Write their name.').waitFor();
    expect(sent()).toEqual([]);
    await form.getByLabel('Login').fill('ben');
    await form.getByLabel('Name', { exact: true }).fill('Another Ben');
    await form.getByRole('button', { name: 'Add them' }).click();
    await form.getByRole('alert').getByText('The login ben is taken.').waitFor();
    expect(await form.getByLabel('Name', { exact: true }).inputValue()).toBe('Another Ben');
  });

  it('gives the own password once more where it was given long ago, and resets another’s', async () => {
    server().world.isProofNeeded = true;
    const page = await visit('/people/per_ben');
    await page.getByRole('button', { name: 'Reset the password' }).click();
    const sure = page.getByRole('dialog', { name: 'Reset the password of Made Up Ben' });
    await sure.getByRole('button', { name: 'Make a one-time password' }).click();
    await sure.getByLabel('Your own password').fill('made-up-wrong');
    await page.keyboard.press('Enter');
    await sure.getByText('That is not your password.').waitFor();
    await sure.getByLabel('Your own password').fill(server().world.password);
    await page.keyboard.press('Enter');
    await page.getByText(MADE_UP_PASSWORD).waitFor();
    expect(sent().map(([, , body]) => body)).toEqual([{}, { password: 'made-up-wrong' }, { password: server().world.password }]);
  });

  it('changes only what was changed, and disables after asking', async () => {
    const page = await visit('/people/per_ben');
    await page.getByRole('article').getByText('ben@example.test').waitFor();
    await page.keyboard.press('e');
    await page.getByLabel('E-mail').fill('');
    await page.getByLabel('Role').selectOption('viewer');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('article').getByText('sees everything').waitFor();
    await page.getByRole('button', { name: 'Disable the account' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Disable the account' }).click();
    await page.getByText('Nobody can sign in with it.').waitFor();
    expect(sent()).toEqual([
      ['PATCH', '/people/per_ben', { email: null, role: 'viewer' }],
      ['PATCH', '/people/per_ben', { disabled: true }],
    ]);
  });

  it('cannot disable or reset the own account here', async () => {
    const page = await visit('/people/usr_owner');
    await page.getByRole('article').getByRole('link', { name: 'Your account' }).waitFor();
    expect(await page.getByRole('button', { name: /Disable|Reset/ }).count()).toBe(0);
  });
});

describe('everybody', () => {
  it('who is no admin sees the own account under People, makes a token that is shown once, and revokes it', async () => {
    server().world.me = { ...server().world.me, role: 'analyst', scopes: ['read', 'approve', 'alerts:send'] };
    const page = await visit('/people');
    await page.getByRole('heading', { name: 'Your account' }).waitFor();
    await page.getByRole('button', { name: 'Make a token' }).click();
    const form = page.getByRole('form', { name: 'Make an API token' });
    expect(await form.getByRole('checkbox').count()).toBe(2);
    await form.getByLabel('What uses it').fill('phone');
    await form.getByLabel('approve: approve, deny, answer').check();
    await form.getByRole('button', { name: 'Make it' }).click();
    await page.getByText(MADE_UP_TOKEN).waitFor();
    await page.getByRole('button', { name: 'I have kept it' }).click();
    await page.getByRole('button', { name: 'Revoke phone' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Revoke it' }).click();
    await page.getByRole('button', { name: 'Revoke phone' }).waitFor({ state: 'detached' });
    expect(sent()).toEqual([
      ['POST', '/tokens', { name: 'phone', scopes: ['read', 'approve'], days: 90 }],
      ['DELETE', '/tokens/tok_new', {}],
    ]);
  });

  it('changes the own password with the one that they have', async () => {
    const page = await visit('/account');
    const form = page.getByRole('form', { name: 'Change your password' });
    await form.getByLabel('Present password').fill('made-up-wrong');
    await form.getByLabel('New password', { exact: true }).fill('made-up words of mine');
    await form.getByLabel('New password, again').fill('made-up words of mine');
    await form.getByRole('button', { name: 'Change the password' }).click();
    await form.getByText('That is not your password.').waitFor();
    await form.getByLabel('Present password').fill(server().world.password);
    await form.getByRole('button', { name: 'Change the password' }).click();
    await form.getByText('It is changed.').waitFor();
    expect(server().world.password).toBe('made-up words of mine');
    expect(await form.getByLabel('Present password').inputValue()).toBe('');
  });
});
