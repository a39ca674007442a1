// Two lanes to the same activities. Local: inside the workflow task, one short attempt. Ordinary: by the server, with retries.
import {
  ActivityCancellationType,
  ActivityFailure,
  type ActivityOptions,
  ApplicationFailure,
  isCancellation,
  proxyActivities,
  proxyLocalActivities,
} from '@temporalio/workflow';
import type { Activities } from '../activities/contract.ts';

/** `summary`: what Temporal's own UI shows beside the marker. */
const local = (summary: string) =>
  proxyLocalActivities<Activities>({
    // perform answers within 1.8 s by itself; this only ends what does not.
    startToCloseTimeout: '4 s',
    retry: { maximumAttempts: 1 },
    cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
    summary,
  });

/** What must happen sooner or later (the run's end, a question): tried again until the store is back. */
const PATIENT: ActivityOptions = {
  startToCloseTimeout: '30 s',
  retry: { initialInterval: '1 s', backoffCoefficient: 2, maximumInterval: '10 s' },
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
};

/** A gate looks at everything in its group, and says every 2 s that it lives. */
const LOOKING: ActivityOptions = { ...PATIENT, startToCloseTimeout: '10 minutes', heartbeatTimeout: '8 s' };

type Name = Exclude<keyof Activities, 'perform'>;

/** Local first; past its deadline or on a failure that may pass, the ordinary lane. A refusal ends the run. */
export async function patiently<N extends Name>(
  name: N,
  input: Parameters<Activities[N]>[0],
  activityId: string,
): Promise<Awaited<ReturnType<Activities[N]>>> {
  type Call = (input: unknown) => Promise<Awaited<ReturnType<Activities[N]>>>;
  try {
    return await (local(`${name} ${activityId}`)[name] as Call)(input); // the name picks input and answer alike
  } catch (error) {
    if (isFinal(error)) throw error;
  }
  const remote = proxyActivities<Activities>({ ...(name === 'gate' ? LOOKING : PATIENT), activityId });
  return await (remote[name] as Call)(input);
}

export const performLocally = (summary: string): Activities['perform'] => local(summary).perform;

/** A crash or a pause of the worker costs an attempt at the server too, so its limit is well above ours. */
const CRASHES = 50;

export function performRemotely(options: {
  readonly attempts: number;
  readonly key: string;
  readonly summary: string;
}): Activities['perform'] {
  return proxyActivities<Activities>({
    startToCloseTimeout: '90 s',
    // The activity says every 2 s that it lives: a killed worker's work is handed on soon.
    heartbeatTimeout: '8 s',
    retry: { initialInterval: '1 s', backoffCoefficient: 2, maximumInterval: '30 s', maximumAttempts: options.attempts + CRASHES },
    cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
    activityId: options.key,
    summary: options.summary,
  }).perform;
}

/** Refused, or cancelled: asking again cannot help. */
export const isFinal = (error: unknown): boolean => isCancellation(error) || (applicationFailure(error)?.nonRetryable ?? false);

function applicationFailure(error: unknown): ApplicationFailure | undefined {
  const cause = error instanceof ActivityFailure ? error.cause : error;
  return cause instanceof ApplicationFailure ? cause : undefined;
}
