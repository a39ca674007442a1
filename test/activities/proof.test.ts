import { describe, expect, it } from '@jest/globals';
import { proofOf } from '../../activities/proof.ts';
import type { Sending } from '../../activities/sending.ts';
import { statusFailure } from '../../connectors/http-failure.ts';

const SENT: Sending = { check: () => undefined, sent: () => true, times: () => 1, lateMs: () => 0 };
const asked = { method: 'POST', path: '/actions', host: 'soc', changes: true, secrets: [] };
const answered = (status: number, headers: Readonly<Record<string, string>> = {}) => statusFailure(asked, status, headers, null, 0);

describe('what cannot be read, and is never sent twice by itself', () => {
  it.each([
    ['503 and when to come back', answered(503, { 'retry-after': '1' }), 'open'],
    ['503', answered(503), 'open'],
    ['425', answered(425), 'open'],
    ['500', answered(500), 'open'],
    ['429: the product counts requests and has not looked at this one', answered(429), 'nothing'],
    ['403', answered(403), 'nothing'],
  ])('%s', async (_, error, kind) => {
    expect(await proofOf(error, { sending: SENT, accepted: false, once: true })).toEqual({ kind });
  });

  it('is still to be sent where nothing left', async () => {
    const unsent = { ...SENT, sent: () => false, times: () => 0 };
    expect(await proofOf(answered(503), { sending: unsent, accepted: false, once: true })).toEqual({ kind: 'nothing' });
  });
});

it('what the product itself tells apart by its key is sent again', async () => {
  expect(await proofOf(answered(503, { 'retry-after': '1' }), { sending: SENT, accepted: false })).toEqual({ kind: 'nothing' });
});
