// One look at the playbook folder: what each file should be now (published, or refused and why), written down where that has changed.
import { createHash } from 'node:crypto';
import type { Diagnostic } from '../language/diagnostics.ts';
import type { Plan } from '../language/plan.ts';
import type { NamedText } from '../language/read-beside.ts';
import { FOLDER_AUTHOR, type PlaybookMode, publishPlaybook, recordFault } from '../store/playbook-versions.ts';
import type { Store } from '../store/store.ts';
import type { DispatchLog } from './deps.ts';
import { goneFiles } from './gone-files.ts';
import { listPlaybookFiles, type PlaybookFile, readPlaybookFile } from './playbook-files.ts';

/** language/read-beside.ts has it. */
export type ReadPlaybook = (
  playbook: NamedText,
  /** What it may call. */
  beside: readonly NamedText[],
) => { readonly plan?: Plan | undefined; readonly diagnostics: readonly Diagnostic[]; readonly digestInput: string };

export interface ScanDeps {
  readonly folder: string;
  readonly store: Store;
  readonly readPlaybook: ReadPlaybook;
  readonly log: DispatchLog;
  /** Of a playbook's first version. Default: act. */
  readonly firstMode?: PlaybookMode;
  readonly now?: () => Date;
  /** How long a file is missing must not depend on a clock that is set. Default: this process's own. */
  readonly monotonicMs?: () => number;
}

interface Good {
  readonly kind: 'good';
  readonly plan: Plan;
  readonly digest: string;
  readonly text: string;
}

interface Bad {
  readonly kind: 'bad';
  readonly faults: readonly Diagnostic[];
}

type Content = Good | Bad;

/** The returned function looks once, and answers whether a later look has to ask again: files are missing, cannot be read, or were not written down. Unchanged files cost a stat each. */
export function folderScan(deps: ScanDeps): () => Promise<boolean> {
  const gone = goneFiles(deps);
  const contents = new Map<string, Looked>();
  /** What was last written down about a file. */
  const written = new Map<string, string>();
  let owners = new Map<string, string>();
  const monotonicMs = deps.monotonicMs ?? (() => performance.now());

  return async () => {
    const files = await listPlaybookFiles(deps.folder);
    await readChanged(deps, files, contents);
    owners = nameOwners(contents, owners);
    let changes = 0;
    let failed = 0;
    for (const [path, { content }] of contents) {
      const judged = judge(path, content, owners);
      const mark = markOf(judged);
      if (written.get(path) === mark) continue;
      try {
        await write(deps, path, judged, !written.has(path));
        written.set(path, mark);
        changes += 1;
      } catch (error) {
        failed += 1;
        deps.log.error({ err: error, path }, 'a playbook file could not be dealt with; it is tried again');
      }
    }
    for (const path of written.keys()) if (!contents.has(path)) written.delete(path);
    const { ended, again } = await gone.look(
      files.map((file) => file.path),
      monotonicMs(),
    );
    if (changes + ended.length > 0) deps.store.wake('playbooks');
    return again || failed > 0 || [...contents.values()].some(({ stamp }) => stamp === PASSING);
  };
}

/** The stamp of what could not be read: no file has it, so that it is read again at the next look although nothing about the file has changed. */
const PASSING = '';

interface Looked {
  /** Of a file that calls others, theirs too. */
  readonly stamp: string;
  readonly calls: boolean;
  readonly content: Content;
}

type Contents = Map<string, Looked>;

async function readChanged(deps: ScanDeps, files: readonly PlaybookFile[], contents: Contents): Promise<void> {
  const present = new Set(files.map((file) => file.path));
  for (const path of contents.keys()) if (!present.has(path)) contents.delete(path);
  const all = files.map((file) => file.stamp).join(' ');
  for (const file of files) {
    const known = contents.get(file.path);
    if (known?.stamp === (known?.calls ? all : file.stamp)) continue;
    const { calls, content, passing } = await readContent(deps, file, files);
    contents.set(file.path, { stamp: passing ? PASSING : calls ? all : file.stamp, calls, content });
  }
}

async function readContent(
  deps: ScanDeps,
  file: PlaybookFile,
  files: readonly PlaybookFile[],
): Promise<Omit<Looked, 'stamp'> & { readonly passing?: boolean }> {
  const read = await readPlaybookFile(file);
  if (!('text' in read)) {
    return {
      calls: false,
      passing: read.passing === true,
      content: { kind: 'bad', faults: [fault(file.path, read.code, read.message, read.hint)] },
    };
  }
  const { text } = read;
  const calls = /\bcall:/.test(text);
  const beside = calls ? await textsOf(files) : { texts: [], passing: false };
  const content = judgeText(deps, { text, file: file.path }, beside.texts);
  // What it calls may be in the file that could not be read.
  return { calls, content, passing: content.kind === 'bad' && beside.passing };
}

/** A reader that throws has a bug, which is the file's fault here: no other file may wait for it to be mended. */
function judgeText(deps: ScanDeps, playbook: NamedText, beside: readonly NamedText[]): Content {
  try {
    const { plan, diagnostics, digestInput } = deps.readPlaybook(playbook, beside);
    return plan ? { kind: 'good', plan, text: playbook.text, digest: sha256(digestInput) } : { kind: 'bad', faults: diagnostics };
  } catch (error) {
    deps.log.error({ err: error, path: playbook.file }, 'reading a playbook file failed; its last good version and all other files stay');
    const message = `reading ${playbook.file} failed within Cordon: a bug of its reader`;
    return {
      kind: 'bad',
      faults: [fault(playbook.file, 'PLAYBOOK_READER_FAILED', message, 'Report it with the file; simplify the file meanwhile.')],
    };
  }
}

/** `passing`: one of them may be readable at the next look. */
async function textsOf(files: readonly PlaybookFile[]): Promise<{ readonly texts: readonly NamedText[]; readonly passing: boolean }> {
  const read = await Promise.all(files.map(async (file) => ({ file: file.path, found: await readPlaybookFile(file) })));
  const texts = read.flatMap(({ file, found }) => ('text' in found ? [{ file, text: found.text }] : []));
  return { texts, passing: read.some(({ found }) => 'passing' in found) };
}

/** A name stands for one file: the one that had it before, else the first by path. */
function nameOwners(contents: Contents, before: ReadonlyMap<string, string>): Map<string, string> {
  const owners = new Map<string, string>();
  for (const path of [...contents.keys()].sort()) {
    const name = nameIn(contents, path);
    const previous = name === undefined ? undefined : before.get(name);
    if (name !== undefined && !owners.has(name))
      owners.set(name, previous !== undefined && nameIn(contents, previous) === name ? previous : path);
  }
  return owners;
}

function nameIn(contents: Contents, path: string): string | undefined {
  const content = contents.get(path)?.content;
  return content?.kind === 'good' ? content.plan.playbook : undefined;
}

function judge(path: string, content: Content, owners: ReadonlyMap<string, string>): Content {
  if (content.kind === 'bad') return content;
  const name = content.plan.playbook;
  const owner = owners.get(name);
  if (owner === path) return content;
  const message = `the playbook name '${name}' is taken by ${owner ?? 'another file'}`;
  return {
    kind: 'bad',
    faults: [fault(path, 'PLAYBOOK_NAME_TAKEN', message, 'Give one of them another name: a name stands for one file.')],
  };
}

const markOf = (content: Content): string =>
  content.kind === 'good' ? `${content.digest} ${sha256(content.text)}` : `bad ${JSON.stringify(content.faults)}`;

async function write(deps: ScanDeps, path: string, content: Content, first: boolean): Promise<void> {
  const now = (deps.now ?? (() => new Date()))();
  if (content.kind === 'bad') {
    await recordFault(deps.store.db, path, content.faults, now);
    const [worst] = content.faults;
    deps.log.warn({ path, code: worst?.code, line: worst?.line }, 'playbook file refused; its last good version stays');
    return;
  }
  const { plan, digest, text } = content;
  const wanted = { plan, digest, path, source: text, author: FOLDER_AUTHOR, firstMode: deps.firstMode ?? 'act', yieldToPeople: first };
  const published = await publishPlaybook(deps.store.db, wanted, now);
  if (published.kind === 'published') deps.log.info({ playbook: plan.playbook, version: published.version }, 'playbook published');
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

const fault = (path: string, code: string, message: string, hint: string): Diagnostic => ({
  code,
  severity: 'error',
  message,
  hint,
  file: path,
  line: 1,
  column: 1,
});
