// The list. A connector that is not in it does not exist.
import type { AnyConnector } from './connector.ts';
import { practiceEdr } from './practice-edr/practice-edr.ts';
import { practiceIdp } from './practice-idp/practice-idp.ts';
import { practiceTickets } from './practice-tickets/practice-tickets.ts';

export const CONNECTORS: readonly AnyConnector[] = [practiceIdp, practiceEdr, practiceTickets];
