// The products of the range, by the prefix of their paths.
import type { Product } from './product.ts';
import { chat } from './products/chat.ts';
import { cloud } from './products/cloud.ts';
import { edr } from './products/edr.ts';
import { firewall } from './products/firewall.ts';
import { idp } from './products/idp.ts';
import { mail } from './products/mail.ts';
import { mdm } from './products/mdm.ts';
import { pagerduty } from './products/pagerduty.ts';
import { reputation } from './products/reputation.ts';
import { slack } from './products/slack.ts';
import { teams } from './products/teams.ts';
import { tickets } from './products/tickets.ts';

export const PRODUCTS: readonly Product[] = [idp, edr, firewall, mail, tickets, chat, reputation, cloud, mdm, slack, teams, pagerduty];

export const PRODUCT_NAMES: readonly string[] = PRODUCTS.map((product) => product.name);
