// The guard just before a request goes out: a stale holder or a cancelled step sends nothing.
import { ConnectorFailure } from '../connectors/connector.ts';

export interface Sending {
  /** Given to the action: call it immediately before the request that changes something. */
  readonly check: () => void;
  /** Did it go out? */
  readonly sent: () => boolean;
  /** More than one: the requests before the last one were answered, and may have done their part. */
  readonly times: () => number;
  /** How long the lease was over when it was answered, ms; 0: it was answered within it. The process was paused between check and answer. */
  readonly lateMs: () => number;
}

/** `leaseEndsMs` (it may be renewed, lease.ts) and `nowMs` are on the monotonic clock; a request must fit into what is left of the lease. */
export function sendingGuard(options: {
  readonly signal: AbortSignal;
  readonly leaseEndsMs: () => number;
  readonly requestTimeoutMs: number;
  readonly nowMs: () => number;
  readonly onSend: () => void;
}): Sending {
  let times = 0;
  return {
    check: () => {
      if (options.signal.aborted) throw new ConnectorFailure('retryable', 'CANCELLED', 'the step was cancelled before anything was sent');
      if (options.nowMs() + options.requestTimeoutMs > options.leaseEndsMs()) {
        throw new ConnectorFailure(
          'retryable',
          'LEASE_ENDED',
          'the lease ended before the request was sent (the process was paused?); nothing was sent',
        );
      }
      times += 1;
      options.onSend();
    },
    sent: () => times > 0,
    times: () => times,
    lateMs: () => (times > 0 ? Math.max(0, Math.round(options.nowMs() - options.leaseEndsMs())) : 0),
  };
}
