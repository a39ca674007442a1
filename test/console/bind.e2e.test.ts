// Accounts in other products: a link is looked at, confirmed by a button, and taken back. In a real Chromium.

import { AxeBuilder } from '@axe-core/playwright';
import { describe, expect, it } from '@jest/globals';
import { setStage } from './stage.ts';

const { server, visit } = setStage();

describe('a link that binds an account', () => {
  it('binds nothing by being opened, says whose it is, and binds by the button; afterwards it can be taken back', async () => {
    const page = await visit('/bind#made-up-token');
    await page.getByText('Is the slack account "eve" yours?').waitFor();
    expect(server().world.identities).toEqual([]);
    expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
    await page.getByRole('button', { name: 'Yes, it is mine' }).click();
    await page.getByText('eve is you now.').waitFor();
    expect(server().world.sent.at(-1)).toMatchObject({ path: '/me/identities', body: { token: 'made-up-token' } });
    expect(new URL(page.url()).hash).toBe('');
    await page.getByRole('button', { name: 'Take back eve' }).click();
    await page.getByText('None is bound to you').waitFor();
    expect(server().world.identities).toEqual([]);
  });
});
