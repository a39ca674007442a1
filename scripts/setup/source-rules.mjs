// Rules over the sources that no other tool holds: file size, `any` however it is spelled, switched-off checks, randomness in pure folders.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const MAX_LINES = 400;
const LEFT_OUT = new Set(['node_modules', 'dist', '.git', '.cordon', 'reports', 'coverage']);
const PURE = /^(alerts|triggers|language|engine|policy|audit|workflows)\//;

/** Each rule: where it holds, and what a line must not match. */
const LINE_RULES = [
  { says: 'the type any', files: /\.(ts|tsx)$/, line: /(:\s*|\bas\s+|<|\|\s*|,\s*)any\b(?!\w|[(.:'])/ },
  { says: 'a switched-off type check', files: /\.(ts|tsx)$/, line: /@ts-(ignore|nocheck|expect-error)|biome-ignore[^:]*noExplicitAny/ },
  {
    says: 'a test that does not run',
    files: /^test\/.*\.(ts|tsx)$/,
    line: /\b(it|test|describe)\.(skip|only|todo|failing)(\.each)?\(|\b(x(it|test|describe)|f(it|describe))\(/,
  },
  { says: 'randomness in a pure folder', files: PURE, line: /Math\.random|crypto\.randomUUID/ },
  { says: 'unfinished work', files: /\.(ts|tsx|mjs)$/, line: /\b(TODO|FIXME|XXX)\b/ },
];
/** This file names what it looks for. */
const OWN = 'scripts/setup/source-rules.mjs';

/** Returns what is wrong, one line each. */
export function checkSources(root = '.') {
  const found = [];
  for (const file of sources(root, '')) {
    if (file === OWN) continue;
    const lines = readFileSync(join(root, file), 'utf8').split('\n');
    if (lines.length > MAX_LINES) found.push(`${file}: ${lines.length} lines; ${MAX_LINES} is the limit. Split it.`);
    const rules = LINE_RULES.filter((rule) => rule.files.test(file));
    lines.forEach((line, index) => {
      const code = line.replace(/^\s*(\/\/|\*|\/\*).*$/, (comment) =>
        comment.includes('@ts-') || comment.includes('biome-ignore') || /TODO|FIXME/.test(comment) ? comment : '',
      );
      for (const rule of rules)
        if (rule.line.test(stripText(code))) found.push(`${file}:${index + 1}: ${rule.says}: ${line.trim().slice(0, 100)}`);
    });
  }
  return found;
}

/** Text in quotes is not code. */
const stripText = (line) => line.replace(/'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|`(?:[^`\\]|\\.)*`/g, "''");

function* sources(root, folder) {
  for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
    if (LEFT_OUT.has(entry.name)) continue;
    const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (entry.isDirectory()) yield* sources(root, path);
    else if (/\.(ts|tsx|mjs)$/.test(entry.name)) yield path;
  }
}
