// Who may decide, and when enough have. The same person under another name is the same person.
import { describe, expect, it } from '@jest/globals';
import { approvers, mayDecide, type OpenQuestion, type RecordedDecision, tally } from '../../policy/approval.ts';
import type { Requirement } from '../../policy/policy.ts';

const requirement: Requirement = { count: 2, role: 'responder', reasons: [] };
const by = (sub: string, decision: RecordedDecision['decision'] = 'approve', role = 'responder', iss = 'local'): RecordedDecision => ({
  iss,
  sub,
  role,
  decision,
});
const open: OpenQuestion = { kind: 'approval', state: 'open', requirement, decisions: [], expired: false, begun: false, excluded: [] };
const ana = { id: 'per_ana', iss: 'local', sub: 'ana', role: 'responder' };

describe('an approval', () => {
  it('needs as many distinct people as it says: one person twice is one', () => {
    expect(tally(requirement, [by('ana'), by('ana')])).toBe('open');
    expect(tally(requirement, [by('ana'), by('ben')])).toBe('granted');
    expect(approvers(requirement, [by('ana', 'approve', 'responder', 'idp'), by('ana')])).toBe(2); // another issuer is another person
  });

  it('counts nobody below its role, whatever they clicked', () => {
    expect(
      tally(requirement, [by('ana'), by('vic', 'approve', 'viewer'), by('ian', 'approve', 'analyst'), by('x', 'approve', 'root')]),
    ).toBe('open');
  });

  it('is ended by one denial, however many approved', () => {
    expect(tally(requirement, [by('ana'), by('ben'), by('cat', 'deny')])).toBe('denied');
  });

  it('may be denied after it was granted, until an effect has begun', () => {
    expect(mayDecide({ ...open, state: 'granted' }, ana, 'deny')).toEqual({ ok: true });
    expect(mayDecide({ ...open, state: 'granted', begun: true }, ana, 'deny')).toMatchObject({ ok: false, code: 'APPROVAL_BEGUN' });
    expect(mayDecide({ ...open, state: 'granted' }, ana, 'approve')).toMatchObject({ ok: false, code: 'APPROVAL_ENDED' });
  });

  it.each(['denied', 'expired', 'void', 'answered', 'withdrawn'] as const)('that is %s takes no decision any more', (state) => {
    for (const decision of ['approve', 'deny', 'answer'] as const)
      expect(mayDecide({ ...open, state }, ana, decision)).toMatchObject({ ok: false, code: 'APPROVAL_ENDED' });
  });

  it('whose time is over takes none, even while its row still says open', () => {
    expect(mayDecide({ ...open, expired: true }, ana, 'approve')).toMatchObject({ ok: false, code: 'APPROVAL_EXPIRED' });
  });

  it('is denied by any responder, also one to whom it is not put or whose role does not suffice for a yes', () => {
    const others = { ...open, addressed: [{ person: 'per_ben' }], requirement: { ...requirement, role: 'admin' as const } };
    expect(mayDecide(others, ana, 'approve')).toMatchObject({ ok: false, code: 'APPROVAL_ROLE' });
    expect(mayDecide(others, ana, 'deny')).toEqual({ ok: true });
    expect(mayDecide({ ...others, contained: ['per_ana'] }, ana, 'deny')).toMatchObject({ ok: false, code: 'CONTAINED' });
    expect(mayDecide({ ...others, state: 'granted', begun: true }, ana, 'deny')).toMatchObject({ ok: false, code: 'APPROVAL_BEGUN' });
    expect(mayDecide(others, { ...ana, role: 'analyst' }, 'deny')).toMatchObject({ ok: false, code: 'APPROVAL_ROLE' });
    const analysts = { ...others, requirement: { ...requirement, role: 'analyst' as const } };
    expect(mayDecide(analysts, { ...ana, role: 'analyst' }, 'deny')).toMatchObject({ ok: false, code: 'APPROVAL_ADDRESSED' });
    expect(mayDecide(analysts, { ...ana, role: 'analyst', names: ['per_ben'] }, 'deny')).toEqual({ ok: true });
    expect(mayDecide({ ...others, kind: 'question' }, ana, 'answer')).toMatchObject({ ok: false, code: 'APPROVAL_ROLE' });
  });

  it('is not for who is excluded, who may still say no', () => {
    const excluded = [{ personId: 'per_ana', why: 'made up' }];
    expect(mayDecide({ ...open, excluded }, ana, 'approve')).toMatchObject({ ok: false, code: 'APPROVAL_EXCLUDED' });
    expect(mayDecide({ ...open, excluded }, ana, 'deny')).toEqual({ ok: true });
  });
});
