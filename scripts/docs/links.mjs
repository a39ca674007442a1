// Links and pictures of the pages must lead somewhere: each relative one to a file, each #part of it to a heading.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const LINK = /\]\(([^)\s]+)\)|(?:src|srcset|href)="([^"]+)"/g;

/** Returns what is wrong, one line each. */
export function brokenLinks(pages) {
  return pages.flatMap((page) => {
    const text = withoutCode(readFileSync(page, 'utf8'));
    return [...text.matchAll(LINK)].flatMap(([, markdown, html]) => {
      const link = markdown ?? html;
      if (/^[a-z]+:/.test(link)) return [];
      const [path, part] = link.split('#');
      const file = path === '' ? page : join(dirname(page), path);
      if (!existsSync(file)) return [`${page}: ${link} leads nowhere`];
      return part === undefined || anchorsOf(file).has(part) ? [] : [`${page}: ${file} has no heading for #${part}`];
    });
  });
}

/** A heading's anchor, as Git hosts make it. */
export const anchorOf = (heading) =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-');

const anchorsOf = (file) =>
  new Set([...withoutCode(readFileSync(file, 'utf8')).matchAll(/^#+ (.+)$/gm)].map(([, heading]) => anchorOf(heading)));
const withoutCode = (text) => text.replaceAll(/^```[\s\S]*?^```/gm, '');
