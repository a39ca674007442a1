// Slack's signature over the raw bytes: v0=hex(HMAC-SHA256(secret, "v0:" timestamp ":" body)), not older or newer than five minutes.
import { createHmac, timingSafeEqual } from 'node:crypto';

export const SLACK_TOLERANCE_MS = 300_000;
const TIMESTAMP = /^[0-9]{10}$/;
const SIGNATURE = /^v0=([0-9a-f]{64})$/;

export interface SlackPost {
  readonly timestamp: string | undefined;
  readonly signature: string | undefined;
  readonly body: Uint8Array;
}

/** True: it fits one of the secrets, and its time is within the window. */
export function isSlackSigned({ timestamp, signature, body }: SlackPost, secrets: readonly string[], now: Date): boolean {
  const given = SIGNATURE.exec(signature ?? '')?.[1];
  if (timestamp === undefined || !TIMESTAMP.test(timestamp) || given === undefined) return false;
  const isTimely = Math.abs(now.getTime() - Number(timestamp) * 1000) <= SLACK_TOLERANCE_MS;
  // Every secret is tried, whatever the outcome so far: the time taken says nothing.
  const fits = secrets.map((secret) => timingSafeEqual(Buffer.from(given, 'hex'), slackDigest(secret, timestamp, body)));
  return isTimely && fits.includes(true);
}

function slackDigest(secret: string, timestamp: string, body: Uint8Array): Buffer {
  return createHmac('sha256', secret).update(`v0:${timestamp}:`).update(body).digest();
}
