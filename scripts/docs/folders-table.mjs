// The table of folders in ARCHITECTURE.md, from the import table that npm run check enforces.
import { code, table } from './markdown.mjs';

const BEGIN = '<!-- folders: made by npm run docs from .dependency-cruiser.mjs -->';
const END = '<!-- end of folders -->';

/** The text with its table renewed. Throws where the marks are missing. */
export function withFolders(text, folders) {
  const [before, rest] = text.split(BEGIN);
  const after = rest?.split(END)[1];
  if (after === undefined) throw new Error(`ARCHITECTURE.md must hold "${BEGIN}" and "${END}", with the table between them`);
  const rows = Object.entries(folders).map(([folder, { holds, ours, packages, node }]) => [
    `${code(`${folder}/`)}`,
    holds,
    ours.join(', ') || 'nothing',
    [...packages.map(plain), ...(node ? ['Node'] : [])].join(', ') || 'nothing',
  ]);
  return `${before}${BEGIN}\n${table(['folder', 'holds', 'values of ours', 'values of others'], rows)}\n${END}${after}`;
}

/** The table's patterns as people write them. */
const plain = (pattern) => pattern.replaceAll('[^/]+', '*').replace(/\(([^)]*)\)/, (_, names) => `{${names.replaceAll('|', ', ')}}`);
