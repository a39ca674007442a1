// One server and one Chromium for a file of browser tests; each test begins with a new world and must end without troubles.
import { afterAll, afterEach, beforeAll, beforeEach, expect } from '@jest/globals';
import type { Browser, Page } from 'playwright-core';
import { launch, openPage, type Watched, WIDE } from './browser.ts';
import { buildConsole, type FixtureServer, startFixtureServer } from './fixture-server.ts';
import { makeWorld } from './world.ts';

export interface Stage {
  readonly server: () => FixtureServer;
  readonly visit: (path: string, viewport?: { width: number; height: number }) => Promise<Page>;
}

export function setStage(): Stage {
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
    server.refused = 0;
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

  return {
    server: () => server,
    visit: async (path, viewport = WIDE) => {
      const watched = await openPage(browser, server.url, viewport);
      open.push(watched);
      await watched.page.goto(path);
      return watched.page;
    },
  };
}

export const article = (page: Page) => page.getByRole('article', { name: /Disable Eve Adams/ });
