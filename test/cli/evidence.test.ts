// A bundle of evidence, from a whole server to a check without one.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { runCli } from '../../cli/run-cli.ts';
import { decideApproval } from '../../store/approvals.ts';
import { appendAudit } from '../../store/audit.ts';
import { checkpoint } from '../../store/checkpoint.ts';
import { sealOf } from '../invariants/seal.ts';
import { api, type Harness, NOW, startHarness } from '../server/harness.ts';
import { makeApproval, makeHold, makeRun } from '../server/rows.ts';

let harness: Harness;
let folder: string;
let url: string;
let incident: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'cordon-evidence-'));
  harness = await startHarness({ now: () => new Date() });
  url = await harness.app.listen({ host: '127.0.0.1', port: 0 });
  const run = await makeRun(harness.store);
  incident = (await harness.store.db.selectFrom('runs').select('incident_id').where('id', '=', run).executeTakeFirstOrThrow()).incident_id;
  const approvalId = await makeApproval(harness.store, run, { withinMs: 86_400_000_000 });
  await makeHold(harness.store, run);
  const person = { id: 'per_ana', iss: 'local', sub: 'ana', name: 'Ana', role: 'responder' };
  const decision = {
    decision: 'approve',
    digest: 'made-up-approval-digest',
    reason: 'Straße 7, “sicher”',
    channel: 'console',
    useByMs: 1_000,
    now: NOW,
  } as const;
  await decideApproval(harness.store.db, { approvalId, person, ...decision });
  await appendAudit(harness.store.db, run, [
    { at: NOW, code: 'effect.intent', actor: 'cordon', body: { key: 'disable', verb: 'user.disable' } },
  ]);
  await checkpoint(harness.store.db, harness.deps.audit.sign, NOW);
});
afterAll(async () => {
  await harness.close();
  rmSync(folder, { recursive: true, force: true });
});

async function cordon(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const said = { out: '', err: '' };
  const code = await runCli(args, {
    out: (text) => {
      said.out += text;
    },
    err: (text) => {
      said.err += text;
    },
    env,
    cwd: folder,
    colour: false,
    columns: 100,
    progress: () => undefined,
    interrupted: () => AbortSignal.abort(),
  });
  return { code, ...said };
}

const online = () => ({ CORDON_URL: url, CORDON_TOKEN: harness.token });
const check = async (file: string) => await cordon(['audit', 'verify', '--bundle', file, '--key', 'key.pem']);

it('is written whole, and verifies with the public key alone', async () => {
  writeFileSync(join(folder, 'key.pem'), (await cordon(['audit', 'key'], online())).out);
  expect((await cordon(['incidents', 'evidence', incident, '--out', 'case.ndjson'], online())).code).toBe(0);
  const said = await check('case.ndjson');
  expect(said.out).toContain(`intact: incident ${incident}`);
  expect(said.code).toBe(0);
  const kinds = readFileSync(join(folder, 'case.ndjson'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => (JSON.parse(line) as { type: string }).type);
  expect(new Set(kinds)).toEqual(new Set(['evidence', 'incident', 'run', 'step', 'approval', 'hold', 'event', 'checkpoint', 'seal']));
  const approval =
    readFileSync(join(folder, 'case.ndjson'), 'utf8')
      .split('\n')
      .find((line) => line.startsWith('{"type":"approval"')) ?? '';
  expect(approval).toContain('Straße 7, “sicher”'); // who decided, and why, is in it
  const { items } = (await api(harness, 'GET', '/audit?stream=admin')).json() as { items: readonly { code: string }[] };
  expect(items.map(({ code }) => code)).toContain('evidence.exported');
});

it('any altered byte is named with its line', async () => {
  const whole = readFileSync(join(folder, 'case.ndjson'));
  const lineOf = (at: number) => whole.subarray(0, at).filter((byte) => byte === 0x0a).length + 1;
  for (let at = 0; at < whole.length; at += 311) {
    const altered = Buffer.from(whole);
    altered[at] = (altered[at] ?? 0) ^ (at % 2 === 0 ? 0x01 : 0x80);
    writeFileSync(join(folder, 'altered.ndjson'), altered);
    const { code, out } = await check('altered.ndjson');
    expect(code).toBe(1);
    // A line break that was altered joins two lines: the first of them is named.
    expect(out).toContain(`altered.ndjson, line ${lineOf(at)}:`);
  }
});

it('a line that was taken away, exchanged or added is named, and so is a seal by another key', async () => {
  const lines = readFileSync(join(folder, 'case.ndjson'), 'utf8').split('\n');
  const variants: readonly (readonly [readonly string[], RegExp])[] = [
    [lines.toSpliced(3, 1), /line 4: this line was altered/],
    [lines.toSpliced(2, 2, lines[3] ?? '', lines[2] ?? ''), /line 3: this line was altered/],
    [lines.slice(0, -2), /the last line is no seal/],
    [[...lines.slice(0, -1), '{"type":"event"}', ''], /the last line is no seal/],
    [[...lines, ''], /behind the seal/],
  ];
  for (const [variant, says] of variants) {
    writeFileSync(join(folder, 'variant.ndjson'), variant.join('\n'));
    const { code, out } = await check('variant.ndjson');
    expect(out).toMatch(says);
    expect(code).toBe(1);
  }
  const other = await startHarness({ audit: sealOf('another') });
  writeFileSync(join(folder, 'other.pem'), other.deps.audit.publicKey);
  await other.close();
  const { code, out } = await cordon(['audit', 'verify', '--bundle', 'case.ndjson', '--key', 'other.pem']);
  expect(out).toContain('not signed by this key');
  expect(code).toBe(1);
});

it('is not checked with a key that came with it', async () => {
  expect((await cordon(['audit', 'verify', '--bundle', 'case.ndjson'])).code).toBe(2);
});
