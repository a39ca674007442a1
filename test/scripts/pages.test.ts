import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { withFolders } from '../../scripts/docs/folders-table.mjs';
import { brokenLinks } from '../../scripts/docs/links.mjs';
import { importProblems } from '../../scripts/setup/console-imports.mjs';

describe('links of the pages', () => {
  const folder = mkdtempSync(join(tmpdir(), 'cordon-pages-'));
  const page = join(folder, 'page.md');
  writeFileSync(join(folder, 'other.md'), '# Other\n\n## What is `there`, now\n');
  const said = (text: string) => {
    writeFileSync(page, text);
    return brokenLinks([page]);
  };

  it('a file or a heading that is not there is said', () => {
    expect(said('[a](gone.md)')).toEqual([`${page}: gone.md leads nowhere`]);
    expect(said('[a](other.md#gone)')).toEqual([`${page}: ${join(folder, 'other.md')} has no heading for #gone`]);
    expect(said('<img src="gone.png">')).toEqual([`${page}: gone.png leads nowhere`]);
  });

  it('what is there, what is elsewhere and what is code is left alone', () => {
    expect(said('[a](other.md#what-is-there-now) [b](https://example.test/x) \n```\n[c](gone.md)\n```\n')).toEqual([]);
  });
});

describe("the console's row of the import table", () => {
  const problems = (text: string) => importProblems('console/pages/page.tsx', text);

  it('refuses values of the server, of Node and of packages that it does not name', () => {
    for (const from of ['../../server/app.ts', '../../store/store.ts', 'node:fs', 'axios']) {
      expect(problems(`import { a } from '${from}';`)).toEqual([expect.stringContaining(`imports ${from}`)]);
    }
    expect(problems("import {\n  a,\n} from '../../store/store.ts';")).toHaveLength(1);
    expect(problems("const lazy = import('axios');")).toHaveLength(1);
  });

  it('lets types, its own files and its packages pass', () => {
    expect(
      problems(
        "import type { Me } from '../../server/contract.ts';\nimport { x } from '../ui/x.tsx';\nimport './x.css';\nimport { a } from '@mantine/core';",
      ),
    ).toEqual([]);
  });
});

it('a page without the marks of the table of folders is refused, not overwritten', () => {
  expect(() => withFolders('# Architecture\n', {})).toThrow('ARCHITECTURE.md must hold');
});
