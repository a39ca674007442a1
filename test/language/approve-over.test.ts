// Before which steps a decision stands: what people are asked before, and what follows when they say no.
import { describe, expect, it } from '@jest/globals';
import { placedStep } from '../../language/approve-over.ts';
import type { Step } from '../../language/plan.ts';
import { approval, call, disable, forEach, group, lookUp, parallel, tell, when } from '../engine/plans.ts';

const approve = approval();
const asked = (steps: readonly Step[], id: string) => placedStep(steps, id)?.over?.at;

describe('an approve', () => {
  it('stands before its own step, and before nothing that follows from its denial or failure', () => {
    const steps = [disable('a', { approve, onDenied: [tell('told'), disable('other')], onError: [tell('page'), disable('instead')] })];
    expect(asked(steps, 'a')).toBe('a');
    for (const id of ['told', 'other', 'page', 'instead']) expect(asked(steps, id)).toBeUndefined();
  });

  it.each([
    ['group', (inside: readonly Step[], on: readonly Step[]) => group('g', inside, { approve, onDenied: on, onError: on })],
    ['parallel', (inside: readonly Step[], on: readonly Step[]) => parallel('g', 'all', [inside], { approve, onDenied: on, onError: on })],
    [
      'for_each',
      (inside: readonly Step[], on: readonly Step[]) => forEach('g', { lit: [1] }, inside, { approve, onDenied: on, onError: on }),
    ],
  ])('on a %s stands before every step in it, never before what follows from its own denial', (_kind, gate) => {
    const inside = [tell('note'), when('if', 'true', [disable('a')]), call('c', [disable('c.b')])];
    const steps = [lookUp('before'), gate(inside, [tell('told'), disable('instead')]), disable('after')];
    for (const id of ['g', 'note', 'a', 'c.b']) expect(asked(steps, id)).toBe('g');
    for (const id of ['before', 'told', 'instead', 'after']) expect(asked(steps, id)).toBeUndefined();
  });

  it('stands again before a change that follows in it, which nobody has seen; a message goes out', () => {
    const steps = [group('g', [disable('a', { onError: [tell('told'), group('h', [disable('instead'), tell('too')])] })], { approve })];
    expect(asked(steps, 'instead')).toBe('g');
    for (const id of ['told', 'too']) expect(asked(steps, id)).toBeUndefined();
  });

  it('of a step that follows is its own', () => {
    const steps = [disable('a', { approve, onError: [disable('b', { approve: approval({ withinMs: 1 }) })] })];
    expect(placedStep(steps, 'b')?.over).toMatchObject({ at: 'b', approve: { withinMs: 1 } });
  });
});
