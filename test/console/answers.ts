// What the fixture server answers, as the real one would: a table of routes over the world.
import type { ApprovalDetail, LiveEvent, Problem, StepRow, UndoPreview } from '../../server/contract.ts';
import type { World } from './world.ts';
import { now } from './world-now.ts';
import { addPerson, addToken, changePerson, removeToken, resetPassword } from './world-people.ts';
import { addSuppression, isOn, removeSuppression } from './world-quiet.ts';
import { difference, picture } from './world-versions.ts';

export interface Call {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: Readonly<Record<string, unknown>>;
}

export interface Answer {
  readonly status: number;
  readonly body: unknown;
  readonly changed?: readonly LiveEvent['topic'][];
  /** Of a body that is text and no JSON. */
  readonly type?: string;
}

type Route = readonly [method: string, path: RegExp, act: (world: World, call: Call, id: string) => Answer];

const ok = (body: unknown, changed: readonly LiveEvent['topic'][] = []): Answer => ({ status: 200, body, changed });

const no = (status: number, code: string, title: string, detail: string, hint: string): Answer => {
  const body: Problem = { type: `urn:cordon:error:${code.toLowerCase()}`, title, status, code, detail, hint };
  return { status, body };
};

const find = (rows: readonly { readonly id: string }[], id: string): Answer => {
  const row = rows.find((candidate) => candidate.id === id);
  return row
    ? ok(row)
    : no(404, 'NOT_FOUND', 'There is no such thing', `Nothing is called ${id}.`, 'It may have been removed, or the id is mistyped.');
};

/** As the server pages: 200 rows, and the last id as the cursor. */
function page<T extends { readonly id: string }>(rows: readonly T[], call: Call): Answer {
  const before = call.query.get('before');
  const from = before ? rows.findIndex(({ id }) => id === before) + 1 : 0;
  const items = rows.slice(from, from + 200);
  const last = items.at(-1);
  return ok(from + 200 < rows.length && last ? { items, next: last.id } : { items });
}

const matching = (call: Call, state: string): boolean => !call.query.get('state') || call.query.get('state') === state;

const about = (call: Call, row: { readonly incidentId?: string }): boolean =>
  !call.query.get('incident') || call.query.get('incident') === row.incidentId;

const ROUTES: readonly Route[] = [
  ['POST', /^\/session$/, signIn],
  ['DELETE', /^\/session$/, signOut],
  ['GET', /^\/me$/, (world) => ok(world.me)],
  ['POST', /^\/me\/password$/, changePassword],
  ['GET', /^\/delegations$/, () => ok({ items: [LENT] })],
  ['POST', /^\/delegations$/, () => ok(LENT)],
  ['POST', /^\/approvals\/([^/]+)\/ack$/, ackApproval],
  ['POST', /^\/approvals\/([^/]+)\/comments$/, commentApproval],
  ['GET', /^\/me\/identities$/, (world) => ok({ items: world.identities })],
  ['POST', /^\/me\/identities\/look$/, () => ok(LINK)],
  ['POST', /^\/me\/identities$/, bindIdentity],
  ['DELETE', /^\/me\/identities\/(.+)$/, unbindIdentity],
  ['GET', /^\/people$/, (world) => ok({ items: world.people })],
  ['GET', /^\/people\/([^/]+)$/, (world, _, id) => find(world.people, id)],
  ['POST', /^\/people$/, addPerson],
  ['PATCH', /^\/people\/([^/]+)$/, changePerson],
  ['POST', /^\/people\/([^/]+)\/password$/, resetPassword],
  ['GET', /^(?:\/people\/[^/]+)?\/tokens$/, (world) => ok({ items: world.tokens })],
  ['POST', /^\/tokens$/, addToken],
  ['DELETE', /^(?:\/people\/[^/]+)?\/tokens\/([^/]+)$/, removeToken],
  ['GET', /^\/now$/, (world) => ok(now(world))],
  [
    'GET',
    /^\/alerts$/,
    (world, call) =>
      page(
        world.alerts.filter((alert) => matching(call, alert.state) && about(call, alert)),
        call,
      ),
  ],
  ['GET', /^\/alerts\/([^/]+)$/, (world, _, id) => find(world.alerts, id)],
  [
    'GET',
    /^\/runs$/,
    (world, call) =>
      page(
        world.runs.filter((run) => (call.query.get('state') === 'open' ? !run.endedAt : matching(call, run.state)) && about(call, run)),
        call,
      ),
  ],
  [
    'GET',
    /^\/runs\/waiting$/,
    (world, { query }) => ok({ items: world.waits.filter(({ overdue }) => overdue || query.get('overdue') !== 'true') }),
  ],
  [
    'GET',
    /^\/suppressions$/,
    (world, { query }) => ok({ items: world.suppressions.filter((row) => query.get('all') === 'true' || isOn(row)) }),
  ],
  ['GET', /^\/suppressions\/([^/]+)$/, (world, _, id) => find(world.suppressions, id)],
  ['POST', /^\/suppressions$/, addSuppression],
  ['POST', /^\/suppressions\/([^/]+)\/remove$/, removeSuppression],
  ['GET', /^\/runs\/([^/]+)$/, (world, _, id) => find(world.runs, id)],
  ['GET', /^\/undo$/, (world, call) => ok(previewOf(world, call.query.get('run') ?? ''))],
  ['POST', /^\/undo$/, undo],
  ['POST', /^\/runs\/([^/]+)\/cancel$/, () => ok({}, ['runs'])],
  [
    'GET',
    /^\/approvals$/,
    (world, call) =>
      page(
        world.approvals.filter((one) => matching(call, one.state) && isAlike(world, call.query.get('alike'), one)),
        call,
      ),
  ],
  ['GET', /^\/approvals\/([^/]+)$/, (world, _, id) => find(world.approvals, id)],
  ['POST', /^\/approvals\/batch$/, decideAlike],
  ['POST', /^\/approvals\/([^/]+)\/(?:approve|deny|answer)$/, decide],
  [
    'GET',
    /^\/holds$/,
    (world, call) =>
      page(
        world.holds.filter(
          (hold) => (call.query.get('state') === 'open' ? hold.state !== 'released' : matching(call, hold.state)) && about(call, hold),
        ),
        call,
      ),
  ],
  ['GET', /^\/holds\/([^/]+)$/, (world, _, id) => find(world.holds, id)],
  ['POST', /^\/holds\/([^/]+)\/release$/, release],
  ['POST', /^\/holds\/([^/]+)\/renew$/, () => ok({}, ['holds'])],
  [
    'GET',
    /^\/incidents$/,
    (world, call) =>
      page(
        world.incidents.filter(({ state }) => matching(call, state)),
        call,
      ),
  ],
  ['GET', /^\/incidents\/([^/]+)$/, (world, _, id) => find(world.incidents, id)],
  ['GET', /^\/playbooks$/, (world) => ok({ items: world.playbooks })],
  ['POST', /^\/playbooks\/([^/]+)\/runs$/, startByHand],
  ['GET', /^\/playbooks\/([^/]+)\/versions$/, (world) => ok({ items: world.versions })],
  ['GET', /^\/playbooks\/([^/]+)\/versions\/\d+\/graph$/, () => ({ status: 200, type: 'image/svg+xml', body: picture() })],
  [
    'GET',
    /^\/playbooks\/([^/]+)\/diff$/,
    (_, { query }, playbook) => ok(difference(playbook, Number(query.get('from')), Number(query.get('to')))),
  ],
  ['POST', /^\/playbooks\/[^/]+\/versions\/(\d+)\/publish$/, publishVersion],
  ['GET', /^\/connectors$/, (world) => ok({ items: world.connectors })],
  ['GET', /^\/audit$/, (world) => ok({ items: world.audit })],
  [
    'GET',
    /^\/audit\/verify$/,
    () => ok({ ok: true, streams: 9, events: 214, checkpoints: 31, lastDigest: 'made-up-digest', unanchored: { events: 3 } }),
  ],
  ['GET', /^\/range\/live$/, rangeLive],
];

export function answer(world: World, call: Call): Answer {
  if (call.method !== 'GET') world.sent.push({ method: call.method, path: call.path, body: call.body });
  if (!world.signedIn && call.path !== '/session') return no(401, 'SIGN_IN_REQUIRED', 'Sign in first', 'There is no session.', 'Sign in.');
  for (const [method, path, act] of ROUTES) {
    const match = method === call.method ? path.exec(call.path) : null;
    if (match) return act(world, call, decodeURIComponent(match[1] ?? ''));
  }
  return no(404, 'NOT_FOUND', 'There is no such thing', `Nothing is at ${call.path}.`, 'Compare it with /api/openapi.json.');
}

function publishVersion(world: World, call: Call, version: string): Answer {
  const event = { did: 'published', at: new Date(world.nowMs).toISOString(), by: world.me.name, reason: String(call.body.reason) } as const;
  world.versions = world.versions.map((one) => {
    if (one.version !== Number(version)) return one.state === 'published' ? { ...one, state: 'superseded', mayPublish: true } : one;
    const { mayPublish: _, ...rest } = one;
    return { ...rest, state: 'published', history: [event, ...one.history] };
  });
  return ok({ published: true, unchanged: false }, ['playbooks']);
}

function signOut(world: World): Answer {
  world.signedIn = false;
  return ok(undefined);
}

const LINK = { provider: 'slack', realm: 'T0OURS', externalId: 'U0EVE', externalName: 'eve' };

function bindIdentity(world: World): Answer {
  world.identities = [{ ...LINK, id: 'idn_eve', boundAt: new Date().toISOString() }];
  return ok(world.identities[0]);
}

function unbindIdentity(world: World): Answer {
  world.identities = [];
  return ok({});
}

function signIn(world: World, { body }: Call): Answer {
  if (body.login !== world.me.login || body.password !== world.password) {
    return no(
      401,
      'SIGN_IN_REFUSED',
      'Login or password is wrong',
      'Nobody was signed in.',
      'Try again; after a few failures each try has to wait.',
    );
  }
  world.signedIn = true;
  return ok(world.me);
}

function changePassword(world: World, { body }: Call): Answer {
  if (body.current !== world.password)
    return no(403, 'PASSWORD_WRONG', 'That is not your password', 'The old one does not fit.', 'Try again.');
  world.password = String(body.next);
  world.me = { ...world.me, mustChangePassword: false };
  return ok({});
}

function decide(world: World, call: Call, id: string): Answer {
  const approval = world.approvals.find((candidate) => candidate.id === id);
  if (!approval) return find(world.approvals, id);
  if (approval.state !== 'open')
    return no(
      409,
      'APPROVAL_ENDED',
      'It has been decided already',
      `${id} is ${approval.state}.`,
      'Load it again to see what became of it.',
    );
  if (call.body.digest !== approval.digest)
    return no(
      409,
      'APPROVAL_CHANGED',
      'What was shown is no longer what is asked',
      'The digest is another one.',
      'Load the approval again and read it anew.',
    );
  const decision = call.path.endsWith('/approve') ? 'approve' : call.path.endsWith('/deny') ? 'deny' : 'answer';
  const at = new Date().toISOString();
  const state = ({ approve: 'granted', deny: 'denied', answer: 'answered' } as const)[decision];
  const given: ApprovalDetail['decisions'][number] = {
    by: world.me.name,
    role: world.me.role,
    decision,
    reason: String(call.body.reason ?? ''),
    channel: 'console',
    at,
  };
  const effects = decision === 'approve' ? approval.items.map((item, index) => effect(item, index, at)) : [];
  const next: ApprovalDetail = {
    ...approval,
    state,
    decidedAt: at,
    decidedBy: world.me.name,
    decisions: [given],
    effects,
    ...(decision === 'answer' ? answered(call.body.answer) : {}),
  };
  world.approvals = world.approvals.map((candidate) => (candidate.id === id ? next : candidate));
  if (decision === 'approve') Object.assign(world, { enabled: false, sessions: 0, online: false });
  return ok(next, ['approvals', 'runs', 'holds']);
}

const isAlike = ({ approvals }: World, alike: string | null, one: ApprovalDetail): boolean => {
  const as = approvals.find(({ id }) => id === alike);
  return alike === null || (one.kind === 'approval' && one.playbook === as?.playbook && one.stepId === as.stepId);
};

function decideAlike(world: World, call: Call): Answer {
  const asked = call.body.approvals as readonly { id: string; digest: string }[]; // as: what the console sends
  const items = asked.map(({ id, digest }) => {
    const { status, body } = decide(world, { ...call, path: `/approvals/${id}/${call.body.decision}`, body: { ...call.body, digest } }, id);
    const { code, detail, title, state } = Object(body);
    return status < 400 ? { id, title, state } : { id, code, detail };
  });
  return ok({ items }, ['approvals', 'runs', 'holds']);
}

function ackApproval(world: World, _: Call, id: string): Answer {
  const at = new Date(world.nowMs).toISOString();
  const acked = { by: world.me.name, at, until: new Date(world.nowMs + 600_000).toISOString() };
  world.approvals = world.approvals.map((one) => (one.id === id ? { ...one, acked } : one));
  return ok(
    world.approvals.find((one) => one.id === id),
    ['approvals'],
  );
}

function commentApproval(world: World, { body }: Call, id: string): Answer {
  const made = { by: world.me.name, text: String(body.text), channel: 'console', at: new Date(world.nowMs).toISOString() };
  world.approvals = world.approvals.map((one) => (one.id === id ? { ...one, comments: [...one.comments, made] } : one));
  return ok(
    world.approvals.find((one) => one.id === id),
    ['approvals'],
  );
}

const LENT = {
  ...{ id: 'dlg_1', person: 'Sam Okafor', delegate: 'Made Up Ben', mine: true, active: true, outOfOffice: true, reason: 'holidays' },
  ...{ from: '2026-11-01T08:00:00.000Z', until: '2026-12-01T08:00:00.000Z' },
};

function startByHand(_: World, call: Call): Answer {
  const inputs = call.body.inputs;
  const user = typeof inputs === 'object' && inputs !== null && 'user' in inputs ? inputs.user : undefined;
  if (user === 'eve@example.test') return ok({ runId: 'run_malware' }, ['runs']);
  const refused = no(400, 'INVALID_INPUT', 'A field is missing or wrong', 'user names no user', 'Mend the field that is named.');
  return { ...refused, body: { ...Object(refused.body), faults: [{ field: 'user', message: 'names no user that is known here' }] } };
}

const answered = (answer: unknown): Partial<ApprovalDetail> =>
  // As the server does: a choice stands in `answer`, everything else beside it.
  typeof answer === 'string' ? { answer } : { answers: answer as NonNullable<ApprovalDetail['answers']> };

function effect(item: ApprovalDetail['items'][number], index: number, at: string): StepRow {
  const after = item.verb === 'user.disable' ? { enabled: false } : item.verb === 'session.revoke' ? { sessions: 0 } : { isolated: true };
  return {
    key: item.key,
    stepId: item.key.split('/')[1] ?? item.key,
    generation: 0,
    kind: 'do',
    verb: item.verb,
    says: item.says,
    connector: item.connector,
    state: 'ended',
    outcome: 'changed',
    input: item.params,
    before: item.before,
    after,
    recovered: false,
    attempts: 1,
    startedAt: at,
    endedAt: new Date(Date.parse(at) + 300 * (index + 1)).toISOString(),
  };
}

function previewOf(world: World, id: string): UndoPreview {
  const held = world.holds.filter(({ runId, state }) => runId === id && (state === 'active' || state === 'debt'));
  return {
    says: held.map(({ saysUndo }) => saysUndo).join('; '),
    will: held.map(({ id: hold, saysUndo, entity }) => ({ hold, says: saysUndo, entity })),
    stays: [],
    cannot:
      id === 'run_travel' ? [{ step: 'contain/sessions', says: 'End 3 sessions of Eve Adams', why: 'this cannot be taken back' }] : [],
    digest: `made-up-digest-of ${held.map((hold) => hold.id).join(' ')}`,
  };
}

function undo(world: World, { body }: Call): Answer {
  const id = String(body.run);
  const preview = previewOf(world, id);
  if (body.digest !== preview.digest) {
    const title = 'Something else would be undone by now';
    const refused = no(
      409,
      'UNDO_CHANGED',
      title,
      `By now it would be: ${preview.says}.`,
      'Nothing was undone. Read anew what would be, and ask again.',
    );
    return { ...refused, body: { ...Object(refused.body), preview } };
  }
  world.holds = world.holds.map((hold) =>
    hold.runId === id ? { ...hold, state: 'released', endedAt: new Date().toISOString(), endedBy: world.me.name } : hold,
  );
  return ok({ runs: [id] }, ['runs', 'holds']);
}

function release(world: World, _: Call, id: string): Answer {
  world.holds = world.holds.map((hold) =>
    hold.id === id ? { ...hold, state: 'released', endedAt: new Date().toISOString(), endedBy: world.me.name } : hold,
  );
  return ok({}, ['holds']);
}

function rangeLive(world: World, { query }: Call): Answer {
  if (query.get('approval') !== 'apr_travel') return no(404, 'NOT_FOUND', 'There is no such thing', 'No range.', 'Use the trial form.');
  return ok({
    items: [
      {
        entity: 'user-007',
        name: 'Eve Adams',
        facts: [
          { label: 'Account', value: world.enabled ? 'enabled' : 'disabled' },
          { label: 'Sessions', value: String(world.sessions) },
        ],
      },
      { entity: 'wks-007', name: 'wks-007', facts: [{ label: 'Network', value: world.online ? 'online' : 'isolated' }] },
    ],
  });
}
