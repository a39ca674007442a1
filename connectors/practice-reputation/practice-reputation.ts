// The practice range's reputation service. What it has never seen is an error, not "clean".
import { z } from 'zod';
import { type BearerClient, bearerClient, parsed } from '../bearer-client.ts';
import { practiceConfig } from '../config.ts';
import { connector, read } from '../connector.ts';
import { file, ip, ipTarget, url } from '../params.ts';

const report = z.object({
  data: z.object({
    attributes: z.object({
      last_analysis_stats: z.object({ malicious: z.number(), suspicious: z.number(), harmless: z.number(), undetected: z.number() }),
    }),
  }),
});

const output = z.strictObject({ score: z.number(), verdict: z.string() });
const described = { risk: 'read', output, permissions: 'any account' } as const;

const ipReputation = read({
  ...described,
  verb: 'ip.reputation',
  input: z.strictObject({ ip }),
  docs: '/reputation/v3/ip_addresses/{id}',
  example: { ip: '203.0.113.7' },
  target: ipTarget,
  run: (client: BearerClient, input, { signal }) => look(client, 'ip_addresses', input.ip, signal),
});

const urlReputation = read({
  ...described,
  verb: 'url.reputation',
  input: z.strictObject({ url }),
  docs: '/reputation/v3/urls/{id}',
  example: { url: 'http://invoices.example.test/sign-in' },
  target: (input: { readonly url: string }) => ({ kind: 'url', ref: { id: input.url } }),
  // Such services name a URL by its base64url form.
  run: (client: BearerClient, input, { signal }) => look(client, 'urls', Buffer.from(input.url).toString('base64url'), signal),
});

const fileReputation = read({
  ...described,
  verb: 'file.reputation',
  input: z.strictObject({ file }),
  docs: '/reputation/v3/files/{id}',
  example: { file: { sha256: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855' } },
  target: (input: { readonly file: { readonly sha256: string } }) => ({ kind: 'file', ref: { id: input.file.sha256.toLowerCase() } }),
  run: (client: BearerClient, input, { signal }) => look(client, 'files', input.file.sha256.toLowerCase(), signal),
});

export const practiceReputation = connector({
  type: 'practice-reputation',
  title: 'Practice reputation service',
  simulated: true,
  config: practiceConfig('reputation'),
  open: bearerClient,
  close: async (client) => client.close(),
  ping: async (client, signal) => {
    const me = parsed(z.object({ data: z.object({ id: z.string() }) }), await client.get({ path: '/v3/users/me', signal }));
    return { as: me.data.id };
  },
  actions: [ipReputation, urlReputation, fileReputation],
});

async function look(client: BearerClient, kind: string, id: string, signal: AbortSignal): Promise<z.infer<typeof output>> {
  const answer = await client.get({ path: '/v3/{kind}/{id}', params: { kind, id }, signal });
  const { malicious, suspicious, harmless, undetected } = parsed(report, answer).data.attributes.last_analysis_stats;
  const engines = malicious + suspicious + harmless + undetected;
  const score = engines === 0 ? 0 : Math.round((100 * (malicious + suspicious / 2)) / engines);
  return { score, verdict: score >= 70 ? 'malicious' : score >= 20 ? 'suspicious' : 'clean' };
}
