import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { playbookJsonSchema } from '../../language/json-schema.ts';
import { scenarioJsonSchema } from '../../language/scenario/json-schema.ts';
import { cordon, folderWith } from './run.ts';

const WRONG_ORDER = 'title: T\nplaybook: p\nowner: o\ntriggers: [{ manual: {} }]\nsteps:\n- undo: all # takes it back\n  id: back\n';
const RIGHT_ORDER = 'playbook: p\ntitle: T\nowner: o\ntriggers: [{ manual: {} }]\nsteps:\n  - id: back\n    undo: all # takes it back\n';

let remove = (): void => undefined;
afterEach(() => {
  remove();
  remove = () => undefined;
});
function folder(files: Readonly<Record<string, string>>): string {
  const made = folderWith(files);
  remove = made.remove;
  return made.path;
}

describe('cordon fmt', () => {
  it('writes what differs, once, and leaves the rest', async () => {
    const path = folder({ 'playbooks/p/playbook.yaml': WRONG_ORDER, 'playbooks/p/scenarios/s.yaml': 'scenario: s\n' });
    expect(await cordon(path, 'fmt', '--check')).toMatchObject({
      code: 1,
      out: expect.stringContaining('would change playbooks/p/playbook.yaml'),
    });
    expect(readFileSync(join(path, 'playbooks/p/playbook.yaml'), 'utf8')).toBe(WRONG_ORDER);
    expect(await cordon(path, 'fmt')).toMatchObject({ code: 0, out: 'changed playbooks/p/playbook.yaml\n1 of 2 files changed\n' });
    expect(readFileSync(join(path, 'playbooks/p/playbook.yaml'), 'utf8')).toBe(RIGHT_ORDER);
    expect(await cordon(path, 'fmt', '--check', '--json')).toMatchObject({ code: 0, out: expect.stringContaining('"changed": []') });
  });

  it('says what is no YAML, with its place, and writes nothing of it', async () => {
    const path = folder({ 'playbooks/p/playbook.yaml': 'a: [\n' });
    const { code, err, out } = await cordon(path, 'fmt');
    expect(code).toBe(1);
    expect(err).toContain('playbook.yaml:2:1 error YAML_SYNTAX');
    expect(out).toContain('1 could not be read');
    expect(readFileSync(join(path, 'playbooks/p/playbook.yaml'), 'utf8')).toBe('a: [\n');
  });

  it('has nothing to do on what is shipped', async () => {
    expect(await cordon(join(import.meta.dirname, '../..'), 'fmt', '--check')).toMatchObject({ code: 0 });
  });
});

describe('cordon schema', () => {
  it('prints the schema, or writes it where it is told', async () => {
    const path = folder({});
    expect(JSON.parse((await cordon(path, 'schema')).out)).toEqual(playbookJsonSchema());
    expect(JSON.parse((await cordon(path, 'schema', '--scenarios')).out)).toEqual(scenarioJsonSchema());
    expect(await cordon(path, 'schema', '--out', 'editor/p.schema.json')).toMatchObject({ code: 0, out: 'wrote editor/p.schema.json\n' });
    expect(JSON.parse(readFileSync(join(path, 'editor/p.schema.json'), 'utf8'))).toEqual(playbookJsonSchema());
  });
});
