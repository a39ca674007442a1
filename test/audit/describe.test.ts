import { describe, expect, it } from '@jest/globals';
import { AUDIT_CODES, isAuditCode } from '../../audit/codes.ts';
import { describeEvent } from '../../audit/describe.ts';

describe('describeEvent', () => {
  it('says who did what, why, and leaves out what it does not know', () => {
    const event = { code: 'freeze.on', actor: 'per_1', body: {} };
    expect(describeEvent(event)).toBe('per_1 froze effects.');
    expect(describeEvent({ ...event, body: { reason: 'wrong playbook' } })).toBe('per_1 froze effects: wrong playbook.');
    expect(describeEvent(event, (id) => (id === 'per_1' ? 'Eve Adams' : undefined))).toBe('Eve Adams froze effects.');
  });

  it('joins the erasable part, and says when it was erased', () => {
    const event = { code: 'effect.outcome', actor: 'cordon', body: { verb: 'user.disable', outcome: 'changed' }, personalDigest: 'x' };
    expect(describeEvent({ ...event, personal: { entity: 'user:eve', salt: 's' } })).toBe('user.disable on user:eve ended as changed.');
    expect(describeEvent({ ...event, personal: null })).toBe('user.disable ended as changed (personal data erased).');
  });

  it.each(Object.entries(AUDIT_CODES))('has a whole sentence for %s, with no facts and with all', (code, row) => {
    const names = [...row.says.matchAll(/\{(\w+)\}/g)].map((match) => match[1] ?? '');
    const all = Object.fromEntries(names.map((name) => [name, `<${name}>`]));
    for (const body of [{}, all]) {
      const sentence = describeEvent({ code, actor: 'per_1', body });
      expect(sentence).toMatch(/^[^[\]{}]+\.$/);
      expect(sentence).not.toMatch(/\s[.:,]|\s\s|undefined/);
    }
    for (const name of names.filter((each) => each !== 'actor'))
      expect(describeEvent({ code, actor: 'per_1', body: all })).toContain(`<${name}>`);
  });

  it('stays one short line, whatever an alert has put in', () => {
    const hostile = { alert: 'a\n\u202eb\u0007', source: 'x'.repeat(5_000), reason: { list: ['{actor}', '[x]'] } };
    const sentence = describeEvent({ code: 'intake.quarantined', actor: 'cordon', body: hostile });
    expect(sentence).toContain('Alert a b from');
    expect(sentence.length).toBeLessThan(400);
    for (const forbidden of ['\n', '\u202e', '\u0007']) expect(sentence).not.toContain(forbidden);
  });

  it('does not take a fact for a part of the sentence', () => {
    const event = { code: 'effect.outcome', actor: 'cordon', body: { verb: '{outcome}', outcome: '[{verb}]' } };
    expect(describeEvent(event)).toBe('{outcome} ended as [{verb}].');
  });

  it('shows the code of an event that only a newer version knows', () => {
    expect(describeEvent({ code: 'moon.landed', actor: 'per_1', body: {} })).toBe('moon.landed by per_1');
    expect(isAuditCode('toString')).toBe(false);
  });
});
