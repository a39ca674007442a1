// The online commands against a whole server on a store in memory.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { createPerson } from '../../store/people.ts';
import { type Harness, ORIGIN, PASSWORD } from '../server/harness.ts';
import { makeApproval, makeHold, makeRun } from '../server/rows.ts';
import { goOnline } from './online.ts';

const { cordon, harness: theHarness, url: theUrl } = goOnline();
let harness: Harness;
let url: string;
beforeAll(() => {
  harness = theHarness();
  url = theUrl();
});

/** What dispatch would write as soon as an alert is there. */
function decideLikeDispatch(decide: (alertId: string) => Promise<void>): void {
  const end = harness.store.onWake('alerts', () => {
    end();
    void harness.store.db
      .selectFrom('alerts')
      .select('id')
      .executeTakeFirstOrThrow()
      .then((alert) => decide(alert.id));
  });
}
const decision = (alertId: string, more: { readonly decision: string; readonly runId?: string; readonly reason: string }) =>
  harness.store.db
    .insertInto('trigger_decisions')
    .values({
      alert_id: alertId,
      playbook: 'contain-compromised-account',
      decision: more.decision,
      reason: more.reason,
      run_id: more.runId ?? null,
    })
    .execute();

describe('cordon alerts send', () => {
  it('says the alert, the playbook, why it matched, where to look, and who is needed', async () => {
    let approval = '';
    decideLikeDispatch(async (alertId) => {
      const run = await makeRun(harness.store, { alertId });
      approval = await makeApproval(harness.store, run);
      await makeHold(harness.store, run, { key: 'earlier' });
      await decision(alertId, { decision: 'start', runId: run, reason: 'matched: source plain, severity high >= medium' });
    });
    const said = await cordon(['alerts', 'send', '--sample', 'travel', '--until', 'waiting']);
    expect(said).toMatchObject({ code: 0, err: '' });
    expect(said.out).toContain('accepted: Impossible travel');
    expect(said.out).toContain('started contain-compromised-account\n  why: matched: source plain, severity high >= medium');
    expect(said.out).toMatch(new RegExp(`${url}/runs/run_`));
    expect(said.out).toContain('Disable Eve Adams (user-007): done, verified by reading back');
    expect(said.out).toContain('waits for approval: Disable Eve Adams (user-007), until');
    expect(said.out).toContain(`CORDON_URL=${url} npx cordon approvals approve ${approval}\n`);
  });

  it('says how to approve what cannot be taken back: with a reason', async () => {
    let approval = '';
    decideLikeDispatch(async (alertId) => {
      const run = await makeRun(harness.store, { alertId });
      approval = await makeApproval(harness.store, run, { risk: 'destructive' });
      await decision(alertId, { decision: 'start', runId: run, reason: 'made up' });
    });
    const said = await cordon(['alerts', 'send', '--sample', 'travel', '--until', 'waiting']);
    expect(said.out).toContain(`approvals approve ${approval} --reason "…"\n`);
  });

  it('calls nothing verified that was not read back', async () => {
    decideLikeDispatch(async (alertId) => {
      const run = await makeRun(harness.store, { alertId });
      await makeApproval(harness.store, run);
      await makeHold(harness.store, run, { key: 'tell' });
      await harness.store.db.updateTable('steps').set({ after: null, says: 'Tell #soc: done' }).where('run_id', '=', run).execute();
      await decision(alertId, { decision: 'start', runId: run, reason: 'matched' });
    });
    const said = await cordon(['alerts', 'send', '--sample', 'travel', '--until', 'waiting']);
    expect(said.out).toContain('Tell #soc: done: done, acknowledged by the product\n');
  });

  it('says that it joined, and that nothing is done twice', async () => {
    decideLikeDispatch(async (alertId) => {
      await decision(alertId, { decision: 'join', runId: await makeRun(harness.store), reason: 'the same user within 4h' });
    });
    const said = await cordon(['alerts', 'send', '--sample', 'travel', '--until', 'decided']);
    expect(said.out).toContain('joined a run of contain-compromised-account\n  why: the same user within 4h\n  nothing is done twice');
  });

  it('with --json prints the receipt and nothing else', async () => {
    const said = await cordon(['alerts', 'send', '--sample', 'malware', '--json']);
    expect({ ...JSON.parse(said.out), code: said.code }).toEqual({ id: expect.stringMatching(/^alr_/), status: 'accepted', code: 0 });
  });

  it('with a wrong secret is told so, exit code 1', async () => {
    const wrong = `whsec_${Buffer.alloc(32, 1).toString('base64')}`;
    const said = await cordon(['alerts', 'send', '--sample', 'travel'], { CORDON_WEBHOOK_SECRET: wrong });
    expect({ code: said.code, err: said.err.includes('SIGNATURE_REFUSED') }).toEqual({ code: 1, err: true });
  });

  it.each([
    [['alerts', 'send'], 'WHICH_ALERT'],
    [['alerts', 'send', '--sample', 'nothing'], 'NO_SAMPLE'],
    [['alerts', 'send', 'missing.json'], 'NO_FILE'],
  ])('used wrongly (%j) is exit code 2', async (args, code) => {
    const said = await cordon(args);
    expect({ code: said.code, err: said.err.includes(code) }).toEqual({ code: 2, err: true });
  });
});

describe('cordon approvals', () => {
  it('lists, shows and approves what is shown', async () => {
    const id = await makeApproval(harness.store, await makeRun(harness.store));
    expect((await cordon(['approvals', 'list'])).out).toContain(`${id}`);
    const shown = (await cordon(['approvals', 'show', id])).out;
    expect(shown).toContain('Disable Eve Adams (user-007) [simulated product]');
    expect(shown).toContain('silence means denied');
    expect(await cordon(['approvals', 'approve', id, '--reason', 'seen'])).toEqual({
      code: 0,
      out: 'Disable Eve Adams (user-007)\nDisable Eve Adams (user-007): granted\n',
      err: '',
    });
  });

  it('refused by the server is exit code 1 with its code and what to do', async () => {
    const id = await makeApproval(harness.store, await makeRun(harness.store));
    await cordon(['approvals', 'deny', id]);
    const said = await cordon(['approvals', 'approve', id]);
    expect(said.code).toBe(1);
    expect(said.err).toContain('APPROVAL_ENDED');
    const json = await cordon(['approvals', 'approve', id, '--json']);
    expect(JSON.parse(json.out).error).toMatchObject({ code: 'APPROVAL_ENDED' });
  });

  it('with the digest of something older changes nothing', async () => {
    const id = await makeApproval(harness.store, await makeRun(harness.store));
    expect((await cordon(['approvals', 'approve', id, '--digest', 'old'])).err).toContain('APPROVAL_CHANGED');
    expect(JSON.parse((await cordon(['approvals', 'show', id, '--json'])).out).state).toBe('open');
  });

  it('answers questions', async () => {
    const id = await makeApproval(harness.store, await makeRun(harness.store), { kind: 'question', role: 'analyst' });
    expect((await cordon(['approvals', 'answer', id, 'false-positive'])).out).toContain('answered');
  });
});

describe('cordon runs and holds', () => {
  it('shows, renews and releases', async () => {
    const hold = await makeHold(harness.store, await makeRun(harness.store));
    expect((await cordon(['holds', 'list'])).out).toContain('Eve Adams');
    expect((await cordon(['holds', 'renew', hold, '--for', '8h'])).code).toBe(0);
    expect((await cordon(['holds', 'renew', hold, '--for', 'ever'])).err).toContain('INVALID_INPUT');
    expect((await cordon(['holds', 'release', hold, '--no-follow'])).out).toMatch(/releasing by run_/);
    expect((await cordon(['runs', 'cancel', await makeRun(harness.store)])).out).toContain('what it holds stays held');
  });
});

describe('the others', () => {
  it('freeze, and doctor says so with exit code 1', async () => {
    expect((await cordon(['doctor'])).code).toBe(0);
    expect((await cordon(['freeze', 'on', '--reason', 'change window'])).out).toMatch(/^FROZEN since .*: change window\n$/);
    const sick = await cordon(['doctor']);
    expect({ code: sick.code, out: sick.out.includes('NO  frozen: change window') }).toEqual({ code: 1, out: true });
    expect((await cordon(['freeze', 'off', '--reason', 'over'])).out).toBe('not frozen\n');
  });

  it('doctor says that nobody is woken where nobody is named', async () => {
    Object.assign(harness.deps, { wakesNobody: true });
    const sick = await cordon(['doctor']);
    Object.assign(harness.deps, { wakesNobody: false });
    expect({ code: sick.code, out: sick.out.includes('NO  nobody is woken: no pages:') }).toEqual({ code: 1, out: true });
  });

  it('doctor says which products nobody has asked yet, and does not count them as answering', async () => {
    const row = (id: string, state: string) => ({
      id,
      type: 'x',
      title: id,
      simulated: true,
      verbs: [],
      state,
      detail: null,
      checked_at: null,
      outage_since: null,
    });
    await harness.store.db
      .insertInto('connector_states')
      .values([row('edr', 'ok'), row('idp', 'unknown')])
      .execute();
    const said = await cordon(['doctor']);
    await harness.store.db.deleteFrom('connector_states').execute();
    expect(said).toMatchObject({ code: 0, out: expect.stringContaining('1 connector answers, not asked yet: idp\n') });
  });

  it('verify the audit log: intact, and not when a record was altered', async () => {
    await cordon(['freeze', 'on', '--reason', 'x']);
    expect(await cordon(['audit', 'verify'])).toMatchObject({ code: 0, out: expect.stringMatching(/^intact: /) });
    expect((await cordon(['audit', 'export'])).out).toContain('"freeze.on"');
    await harness.store.db.updateTable('audit_events').set({ actor: 'nobody' }).where('code', '=', 'freeze.on').execute();
    expect(await cordon(['audit', 'verify'])).toMatchObject({ code: 1, out: expect.stringMatching(/^NOT intact: admin record 1/) });
  });

  it.each([
    [['sources'], 'alertmanager'],
    [['connectors'], 'nothing'],
    [['incidents', 'list'], 'nothing'],
    [['playbooks', 'list'], 'nothing'],
  ])('%j', async (args, text) => {
    const said = await cordon(args);
    expect({ code: said.code, has: said.out.includes(text) }).toEqual({ code: 0, has: true });
  });

  it('say when nothing answers, exit code 3', async () => {
    const said = await cordon(['runs', 'list'], { CORDON_URL: 'http://127.0.0.1:1' });
    expect({ code: said.code, err: said.err.includes('NOT_REACHABLE') }).toEqual({ code: 3, err: true });
  });

  it.each([
    { CORDON_URL: 'notaurl' },
    { CORDON_URL: 'localhost:8080' },
    { CORDON_URL: 'http://' },
    { CORDON_URL: '', CORDON_PORT: 'eighty' },
  ])('an address that is none is wrong use, with its name, also in JSON: %j', async (env) => {
    const said = await cordon(['runs', 'list', '--json'], env);
    expect({ code: said.code, ...JSON.parse(said.out) }).toMatchObject({ code: 2, error: { code: 'URL_INVALID' } });
    expect(said.err).toBe('');
  });

  it('say where the token was looked for, exit code 2', async () => {
    const said = await cordon(['runs', 'list'], { CORDON_TOKEN: undefined });
    expect({ code: said.code, err: said.err.includes('/nonexistent/.cordon/cli-token') }).toEqual({ code: 2, err: true });
  });

  it('never send control characters of an alert to the terminal', async () => {
    const run = await makeRun(harness.store);
    await harness.store.db.updateTable('runs').set({ title: 'evil\u001b[2Jtitle\u202e' }).where('id', '=', run).execute();
    const { out } = await cordon(['runs', 'list']);
    expect(out).toContain('evil\\u001b[2Jtitle\\u202e');
  });
});

describe('cordon backtest', () => {
  it('compares a changed file with the published version on the alerts that are stored', async () => {
    const shipped = resolve('playbooks/malware-on-host/playbook.yaml');
    const folder = mkdtempSync(join(tmpdir(), 'cordon-backtest-'));
    const file = join(folder, 'playbook.yaml');
    writeFileSync(file, readFileSync(shipped, 'utf8'));
    const published = await cordon(['playbooks', 'publish', file]);
    expect(published).toMatchObject({ code: 0, err: '' });
    expect(published.out).toContain('It observes: it says what it would do, and does nothing.');
    expect(published.out).toContain('cordon playbooks mode malware-on-host act');
    await cordon(['alerts', 'send', '--sample', 'malware', '--no-follow']);
    const unchanged = JSON.parse((await cordon(['backtest', file, '--json'])).out);
    writeFileSync(file, readFileSync(shipped, 'utf8').replace(/min_severity: \w+/, 'min_severity: fatal'));
    const changed = await cordon(['backtest', file]);
    rmSync(folder, { recursive: true });
    // Nothing ran, so what products and people would have said is not known to either version: that is no difference.
    expect(unchanged).toMatchObject({ ok: true, alerts: 1, same: 1, differs: 0, unknown: 0 });
    expect(changed.code).toBe(1);
    expect(changed.out).toContain('- it does not start: not matched: severity critical < fatal');
    expect(changed.out).toContain('0 the same, 1 different');
  });
});

describe('cordon approvals, among people', () => {
  /** The first owner signs in with a password of their own. */
  const renewed = async () => {
    const payload = { login: 'owner', password: harness.oneTimePassword, next: PASSWORD };
    await harness.app.inject({ method: 'POST', url: '/api/v1/session', headers: { origin: ORIGIN }, payload });
  };

  it('asks for the password where policy wants a fresh proof, and says what is missing where nobody is at a terminal', async () => {
    await renewed();
    const id = await makeApproval(harness.store, await makeRun(harness.store), { stepUpMs: 300_000 });
    expect((await cordon(['approvals', 'show', id])).out).toContain('password again, at most 5 minutes before');
    expect(await cordon(['approvals', 'approve', id])).toMatchObject({ code: 1, err: expect.stringContaining('APPROVAL_STEP_UP') });
    const asked: string[] = [];
    const askSecret = async (question: string) => {
      asked.push(question);
      return PASSWORD;
    };
    const approved = await cordon(['approvals', 'approve', id, '--json'], {}, { askSecret });
    expect({ asked: asked.length, state: JSON.parse(approved.out).state }).toEqual({ asked: 1, state: 'granted' });
    const piped = await makeApproval(harness.store, await makeRun(harness.store), { stepUpMs: 300_000 });
    expect(await cordon(['approvals', 'approve', piped, '--password-stdin'], {}, { readLine: async () => PASSWORD })).toMatchObject({
      code: 0,
    });
  });

  it('approves many alike only once their list was shown', async () => {
    const ids = [
      await makeApproval(harness.store, await makeRun(harness.store)),
      await makeApproval(harness.store, await makeRun(harness.store)),
    ];
    const listed = await cordon(['approvals', 'approve', ids[0] ?? '', '--alike']);
    expect(listed).toMatchObject({ code: 1, err: expect.stringContaining('nothing was approved') });
    for (const id of ids) expect(listed.out).toContain(id);
    const approved = await cordon(['approvals', 'approve', ids[0] ?? '', '--alike', '--yes']);
    for (const id of ids) expect(approved.out).toMatch(new RegExp(`${id} +granted`));
  });

  it('says "I have it" once, and leaves the end where it is', async () => {
    const id = await makeApproval(harness.store, await makeRun(harness.store), { escalate: { afterMs: 60_000, to: { group: 'soc' } } });
    expect((await cordon(['approvals', 'ack', id])).out).toMatch(/^you have it; nobody else is asked before/);
    expect(await cordon(['approvals', 'ack', id])).toMatchObject({ code: 1, err: expect.stringContaining('APPROVAL_ACKED') });
    expect((await cordon(['approvals', 'show', id])).out).toContain('Owner; nobody else is asked before');
  });

  it('lets somebody decide in one\u2019s stead for a time, and takes it back', async () => {
    const ben = { login: 'ben', name: 'Made Up Ben', role: 'responder', passwordHash: 'made-up', oneTime: false } as const;
    await createPerson(harness.store.db, ben, new Date());
    const until = new Date(Date.now() + 86_400_000).toISOString();
    const made = await cordon(['delegations', 'add', 'ben', '--until', until, '--out-of-office', '--json']);
    const { id } = JSON.parse(made.out);
    expect((await cordon(['delegations', 'list'])).out).toMatch(/Owner +Made Up Ben/);
    expect(await cordon(['delegations', 'end', id])).toMatchObject({ code: 0 });
    expect((await cordon(['delegations', 'list', '--json'])).out).not.toContain(id);
    expect(await cordon(['delegations', 'add', 'ben'])).toMatchObject({ code: 2 });
  });
});

describe('cordon playbooks, of a draft alone and of a file that nobody has published', () => {
  it('shows the draft, and what a file brings', async () => {
    const text =
      'playbook: drafted\ntitle: Drafted\nowner: tests\ntriggers: [{ manual: {} }]\nsteps:\n  - { id: off, do: host.isolate, with: { host: wks-007 }, hold: until_released }\n';
    const folder = mkdtempSync(join(tmpdir(), 'cordon-draft-'));
    const file = join(folder, 'playbook.yaml');
    try {
      writeFileSync(file, text);
      const fresh = await cordon(['playbooks', 'diff', file]);
      expect(fresh).toMatchObject({ code: 1, out: expect.stringMatching(/nothing in force → [\s\S]*\+ effect: .*wks-007/) });
      expect((await cordon(['playbooks', 'publish', '--draft', file])).code).toBe(0);
      expect((await cordon(['playbooks', 'show', 'drafted'])).out).toContain('none in force, draft 1');
      expect((await cordon(['playbooks', 'show', 'drafted', '--source'])).out).toBe(text);
      expect((await cordon(['playbooks', 'diff', 'drafted'])).out).toMatch(/drafted: nothing in force → 1\n\+/);
      expect((await cordon(['playbooks', 'diff', file])).code).toBe(0);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

describe('cordon playbooks diff <file>', () => {
  it('tells what changes in a playbook that the file calls, against the caller as it was published', async () => {
    const head = (name: string) => `playbook: ${name}\ntitle: ${name}\nowner: tests\ntriggers: [{ manual: {} }]\nsteps:\n`;
    const called = (hold: string) =>
      `${head('one')}  - { id: off, do: host.isolate, with: { host: wks-007 }, hold: ${hold}, approve: { by: { role: responder }, within: 1h } }\n`;
    const folder = mkdtempSync(join(tmpdir(), 'cordon-diff-'));
    const file = (name: string) => join(folder, name, 'playbook.yaml');
    try {
      for (const [name, body] of Object.entries({
        one: called('until_released'),
        caller: `${head('caller')}  - { id: act, call: one }\n`,
      })) {
        mkdirSync(join(folder, name));
        writeFileSync(file(name), body);
        // The folder stands for its file.
        expect((await cordon(['playbooks', 'publish', join(folder, name)])).code).toBe(0);
      }
      const same = await cordon(['playbooks', 'diff', file('caller')]);
      expect(same).toMatchObject({ code: 0, out: expect.stringContaining('nothing changes') });
      writeFileSync(file('one'), called('{ for: 2h, then: release }'));
      const other = await cordon(['playbooks', 'diff', file('caller')]);
      expect(other.code).toBe(1);
      expect(other.out).toMatch(/~ effect: .*in the call act: held until people release it → held for 2 hours, then released by itself/);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
