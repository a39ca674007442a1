import { execFileSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { commandLine } from '../../cli/client.ts';
import type { Context } from '../../cli/command.ts';
import { readConfig } from '../../worker/config.ts';
import { welcome } from '../../worker/welcome.ts';

/** What a shell makes of the variables before a printed command. */
const pasted = (line: string): string =>
  execFileSync(
    '/bin/sh',
    ['-c', line.replace(/npx cordon .*/, `${process.execPath} -p 'process.env.CORDON_DATA + " " + process.env.CORDON_URL'`)],
    {
      encoding: 'utf8',
    },
  ).trim();

it.each(["my data $(exit 1) `x`; it's", 'data'])('printed commands can be pasted: the data folder %s arrives as it is', (data) => {
  const config = readConfig({ env: { CORDON_DATA: data, CORDON_PORT: '8181' }, cwd: '/made-up', root: '/install' });
  const url = 'http://127.0.0.1:8181';
  const said = welcome({ config, url, signIn: { kind: 'own' }, kept: undefined, pid: 1, cwd: '/made-up' });
  const line = said.split('\n').find((one) => one.includes('alerts send')) ?? '';
  expect(pasted(line.slice(line.indexOf('CORDON_DATA')))).toBe(`${data} ${url}`);
  const context = { env: { CORDON_DATA: data, CORDON_URL: url } } as unknown as Context; // only the environment is looked at
  expect(pasted(commandLine(context, 'runs list'))).toBe(`${data} ${url}`);
});

it('with products of their own, people are told that these are real, and are offered no sample to fire at them', () => {
  const said = (yaml: string) => {
    const cwd = mkdtempSync(join(tmpdir(), 'cordon-welcome-'));
    writeFileSync(join(cwd, 'cordon.yaml'), yaml);
    const config = readConfig({ env: {}, cwd, root: '/install' });
    return welcome({ config, url: 'http://127.0.0.1:8080', signIn: { kind: 'own' }, kept: undefined, pid: 1, cwd });
  };
  const keycloak = '{ id: staff, type: keycloak, url: "https://id.example.test", realm: staff, client: cordon, secret: "env:MADE_UP" }';
  const real = said(`connectors: [${keycloak}]\nsources: [{ name: prometheus, type: alertmanager }]\npolicy: mine.yaml\n`);
  expect(real).toMatch(/^REAL PRODUCTS: .*staff \(keycloak\)/m);
  expect(real).toContain('mine.yaml');
  expect(real).toContain('http://127.0.0.1:8080/hooks/prometheus');
  expect(real).not.toMatch(/--sample|SIMULATED|Nothing real/);
  expect(said('connectors: []\n')).toMatch(/^NO REAL PRODUCTS/m);
  expect(said('port: 8080\n')).toMatch(/^SIMULATED PRODUCTS[\s\S]*--sample travel/m);
});
