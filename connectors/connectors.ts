// The list. A connector that is not in it does not exist.
import type { AnyConnector } from './connector.ts';
import { httpProduct } from './http/http-product.ts';
import { keycloak } from './keycloak/keycloak.ts';
import { nftables } from './nftables/nftables.ts';
import { pagerduty } from './pagerduty/pagerduty.ts';
import { practiceChat } from './practice-chat/practice-chat.ts';
import { practiceCloud } from './practice-cloud/practice-cloud.ts';
import { practiceEdr } from './practice-edr/practice-edr.ts';
import { practiceFirewall } from './practice-firewall/practice-firewall.ts';
import { practiceIdp } from './practice-idp/practice-idp.ts';
import { practiceMail } from './practice-mail/practice-mail.ts';
import { practiceMdm } from './practice-mdm/practice-mdm.ts';
import { practiceReputation } from './practice-reputation/practice-reputation.ts';
import { practiceTickets } from './practice-tickets/practice-tickets.ts';
import { requestTracker } from './request-tracker/request-tracker.ts';
import { slack } from './slack/slack.ts';
import { smtp } from './smtp/smtp.ts';
import { teams } from './teams/teams.ts';

export const CONNECTORS: readonly AnyConnector[] = [
  practiceIdp,
  practiceEdr,
  practiceFirewall,
  practiceMail,
  practiceTickets,
  practiceChat,
  practiceReputation,
  practiceCloud,
  practiceMdm,
  keycloak,
  requestTracker,
  nftables,
  httpProduct,
  smtp,
  slack,
  teams,
  pagerduty,
];
