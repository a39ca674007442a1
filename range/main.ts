// The range as a process of its own: `node dist/range/main.js`. CORDON_RANGE_PORT (8090), CORDON_DATA (.cordon).
import { join } from 'node:path';
import { PRODUCT_NAMES } from './products.ts';
import { startRange } from './range.ts';
import { rangeTokens } from './tokens.ts';

const data = process.env.CORDON_DATA ?? '.cordon';
const range = await startRange({
  port: Number(process.env.CORDON_RANGE_PORT || 8090),
  folder: join(data, 'range'),
  tokens: rangeTokens(join(data, 'secrets'), PRODUCT_NAMES),
});
process.stdout.write(`The practice range is ready: ${range.url} (simulated products, nothing real is touched)\n`);
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => void range.close().then(() => process.exit(0)));
