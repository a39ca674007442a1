// Signs a plain alert as a Standard Webhook and posts it, as a source would.
import { createHmac, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Receipt } from '../server/contract.ts';
import { dataFolder, jsonOf, request, serverUrl } from './client.ts';
import { CliError, type Context, EXIT } from './command.ts';

export async function sendAlert(context: Context, source: string, body: string, nowMs: number): Promise<Receipt> {
  const id = `msg_${randomUUID()}`;
  const timestamp = String(Math.floor(nowMs / 1000));
  const response = await request(`${serverUrl(context)}/hooks/${encodeURIComponent(source)}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'webhook-id': id,
      'webhook-timestamp': timestamp,
      'webhook-signature': `v1,${createHmac('sha256', keyOf(context, source)).update(`${id}.${timestamp}.${body}`).digest('base64')}`,
    },
    body,
  });
  return await jsonOf<Receipt>(response);
}

/** The trial form makes its sources' secrets itself; elsewhere CORDON_WEBHOOK_SECRET names one. */
function keyOf(context: Context, source: string): Buffer {
  const file = join(dataFolder(context), 'secrets', source);
  const secret = (context.env.CORDON_WEBHOOK_SECRET || readSecret(file)).trim();
  const text = /^whsec_([A-Za-z0-9+/=]+)$/.exec(secret)?.[1];
  if (text === undefined) throw new CliError(EXIT.wrongUse, 'BAD_SECRET', `the secret of ${source} does not begin with whsec_`);
  return Buffer.from(text, 'base64');
}

function readSecret(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    const hint = 'Run this where Cordon was started, set CORDON_DATA to its data folder, or CORDON_WEBHOOK_SECRET to the secret (whsec_…).';
    throw new CliError(EXIT.wrongUse, 'NO_SECRET', `${file} cannot be read`, hint);
  }
}
