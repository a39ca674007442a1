#!/usr/bin/env node
// A fake nft: one set of IPv4 addresses in the file FAKE_NFT names by its first argument. Behaves as nft 1.0.6 does: adding is
// repeatable, deleting what is not there exits 1.
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';

const [file, program, ...args] = process.argv.slice(2);
const members = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : [];
const line = args.join(' ');
const fail = (text) => {
  process.stderr.write(`${text}\n`);
  process.exit(1);
};
appendFileSync(`${file}.log`, `${JSON.stringify([program, ...args])}\n`);
if (existsSync(`${file}.hang`)) setTimeout(() => undefined, 60_000);
else if (line === '-j list set inet cordon isolated') {
  const set = {
    family: 'inet',
    name: 'isolated',
    table: 'cordon',
    type: 'ipv4_addr',
    handle: 1,
    ...(members.length > 0 && { elem: members }),
  };
  process.stdout.write(JSON.stringify({ nftables: [{ metainfo: { version: '1.0.6', json_schema_version: 1 } }, { set }] }));
} else {
  const asked = /^(add|delete) element inet cordon isolated \{ (\S+) \}$/.exec(line);
  if (asked === null) fail('Error: syntax error');
  else if (asked[1] === 'add') writeFileSync(file, JSON.stringify([...new Set([...members, asked[2]])]));
  else if (members.includes(asked[2])) writeFileSync(file, JSON.stringify(members.filter((each) => each !== asked[2])));
  else fail('Error: Could not process rule: No such file or directory');
}
