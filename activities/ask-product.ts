// Where a look at a product crosses into a connector's code, which others write too: what it throws that it does not know itself is a failure of the
// step, tried again and told, never a run that tries for ever unseen.
import { ConnectorFailure } from '../connectors/connector.ts';
import type { ActivityDeps } from './deps.ts';

export async function askProduct<T>(deps: Pick<ActivityDeps, 'log'>, verb: string, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof ConnectorFailure) throw error;
    deps.log.error({ err: error, verb }, 'a connector threw something that is not a ConnectorFailure');
    throw new ConnectorFailure('retryable', 'UNEXPECTED', 'the connector failed in a way it does not know');
  }
}
