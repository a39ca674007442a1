// What somebody would write who needs this one response only: three ordinary activities, the SDK's own retries.
import { proxyActivities } from '@temporalio/workflow';
import type * as activities from './hand-written-activities.ts';

export interface Alert {
  readonly id: string;
  readonly severity: string;
  readonly host: string;
  readonly ip: string;
}

const { lookUp, isolate, openTicket } = proxyActivities<typeof activities>({ startToCloseTimeout: '30 s' });

export async function containHost(alert: Alert): Promise<string> {
  const { verdict, score } = await lookUp(alert.ip);
  if (verdict === 'clean' && alert.severity !== 'high') return 'clean';
  await isolate(alert.host, alert.id);
  const ticket = await openTicket({
    key: alert.id,
    title: `Host ${alert.host} isolated`,
    body: `Reputation of ${alert.ip}: ${verdict} (${score} of 100).`,
    severity: alert.severity,
  });
  return ticket;
}
