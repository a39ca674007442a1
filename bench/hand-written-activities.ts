// The same requests to the products as Cordon's connectors send, in the same order: the target is looked up, read, changed and read back
// until it is so; the ticket is searched for, opened, and searched for again. Plain axios with kept-alive connections.
import { readFileSync } from 'node:fs';
import { Agent } from 'node:http';
import { join } from 'node:path';
import axios, { type AxiosInstance } from 'axios';

const { RANGE_URL = '', RANGE_SECRETS = '' } = process.env;
const httpAgent = new Agent({ keepAlive: true });

function product(name: string): AxiosInstance {
  const token = readFileSync(join(RANGE_SECRETS, `range-${name}`), 'utf8').trim();
  return axios.create({ baseURL: `${RANGE_URL}/${name}`, httpAgent, timeout: 10_000, headers: { authorization: `Bearer ${token}` } });
}

const reputation = product('reputation');
const edr = product('edr');
const tickets = product('tickets');

interface Report {
  readonly data: {
    readonly attributes: {
      readonly last_analysis_stats: {
        readonly malicious: number;
        readonly suspicious: number;
        readonly harmless: number;
        readonly undetected: number;
      };
    };
  };
}

export async function lookUp(ip: string): Promise<{ readonly score: number; readonly verdict: string }> {
  const { data } = await reputation.get<Report>(`/v3/ip_addresses/${encodeURIComponent(ip)}`);
  const { malicious, suspicious, harmless, undetected } = data.data.attributes.last_analysis_stats;
  const score = Math.round((100 * (malicious + suspicious / 2)) / (malicious + suspicious + harmless + undetected));
  return { score, verdict: score >= 70 ? 'malicious' : score >= 20 ? 'suspicious' : 'clean' };
}

interface Device {
  readonly id: string;
  readonly status: string;
}

/** As the practice EDR's connector waits, ms: quick looks first, then this often. */
const LOOK_EVERY_MS = 25;
const LOOKS = 200;

export async function isolate(hostname: string, key: string): Promise<void> {
  const found = (await edr.get<Device[]>('/v1/devices', { params: { hostname } })).data;
  const [only] = found;
  if (only === undefined || found.length > 1) throw new Error(`${found.length} devices are called ${hostname}`);
  const read = async () => (await edr.get<Device>(`/v1/devices/${only.id}`)).data.status;
  if ((await read()) === 'isolated') return;
  await edr.post(`/v1/devices/${only.id}/isolate`, { comment: key }, { headers: { 'idempotency-key': key } });
  for (let look = 0; look < LOOKS; look++) {
    if (look > 0) await new Promise((resolve) => setTimeout(resolve, look === 1 ? 20 : LOOK_EVERY_MS));
    if ((await read()) === 'isolated') return;
  }
  throw new Error(`${hostname} is not isolated`);
}

interface Ticket {
  readonly id: string;
  readonly number: number;
}

export async function openTicket(wanted: { key: string; title: string; body: string; severity: string }): Promise<string> {
  const { key: correlation_id, ...content } = wanted;
  const search = async () =>
    (await tickets.get<Ticket[]>('/v2/tickets', { params: { correlation_id } })).data.sort((a, b) => a.number - b.number);
  const [already] = await search();
  if (already) return already.id;
  await tickets.post('/v2/tickets', { ...content, correlation_id }, { headers: { 'idempotency-key': correlation_id } });
  const [kept, ...doubles] = await search();
  for (const { id } of doubles) await tickets.post(`/v2/tickets/${id}/merge`, { into: kept?.id });
  const [read] = await search();
  if (read === undefined) throw new Error('the ticket cannot be found');
  return read.id;
}
