import { expect, it } from '@jest/globals';
import { WorkflowNotFoundError } from '@temporalio/client';
import { ifThere } from './replays.ts';

it('a history that is gone is none, and one that cannot be read is a fault', async () => {
  const failing = (error: Error) => async () => await Promise.reject(error);
  expect(await ifThere(failing(new WorkflowNotFoundError('gone', 'run', undefined)))).toBeUndefined();
  await expect(ifThere(failing(new Error('14 UNAVAILABLE')))).rejects.toThrow('UNAVAILABLE');
  expect(await ifThere(async () => await Promise.resolve('history'))).toBe('history');
});
