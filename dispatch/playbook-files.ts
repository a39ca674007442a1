// Finds and reads the playbook files of a folder: `<name>/playbook.yaml` and `*.yaml` beside them. Scenarios and other files are not playbooks.
import { readdir, readFile, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';

/** readPlaybook refuses texts far below this; larger files are not even read. Bytes. */
const MAX_FILE_BYTES = 1_048_576;

export interface PlaybookFile {
  /** As people see it: `playbooks/contain/playbook.yaml`. */
  readonly path: string;
  /** Changes when the file does: size and times. */
  readonly stamp: string;
  readonly bytes: number;
  readonly location: string;
  /** Why it cannot even be looked at, such as EIO. It may well be there: that is not the same as gone. */
  readonly trouble?: string;
}

/** Sorted by path. Fails when the folder itself cannot be read: that is not the same as an empty one. */
export async function listPlaybookFiles(folder: string): Promise<PlaybookFile[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const names = entries.flatMap((entry) => {
    if (entry.name.startsWith('.')) return [];
    return /\.ya?ml$/.test(entry.name) ? [entry.name] : [join(entry.name, 'playbook.yaml')];
  });
  const files = await Promise.all(names.sort().map((name) => describeFile(folder, name)));
  return files.filter((file) => file !== undefined);
}

async function describeFile(folder: string, name: string): Promise<PlaybookFile | undefined> {
  const location = join(folder, name);
  const path = join(basename(folder), name);
  try {
    const found = await stat(location);
    if (!found.isFile()) return undefined;
    return { path, location, bytes: found.size, stamp: `${found.size} ${found.mtimeMs} ${found.ctimeMs} ${found.ino}` };
  } catch (error) {
    const trouble = codeOf(error);
    if (GONE.has(trouble)) return undefined; // a folder without a playbook, or removed a moment ago
    return { path, location, bytes: 0, stamp: trouble, trouble };
  }
}

const GONE: ReadonlySet<string> = new Set(['ENOENT', 'ENOTDIR']);

const codeOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : 'unknown';

export type FileText =
  | { readonly text: string }
  /** `passing`: it may be otherwise at the next look, though the file is the same. */
  | { readonly code: string; readonly message: string; readonly hint: string; readonly passing?: true };

export async function readPlaybookFile(file: PlaybookFile): Promise<FileText> {
  if (file.trouble !== undefined) return unreadable(file, file.trouble);
  if (file.bytes > MAX_FILE_BYTES) {
    return {
      code: 'PLAYBOOK_FILE_TOO_LARGE',
      message: `${file.path} has ${file.bytes} bytes; at most ${MAX_FILE_BYTES} are read`,
      hint: 'Split it into several playbooks.',
    };
  }
  try {
    const bytes = await readFile(file.location);
    return decode(file, bytes);
  } catch (error) {
    return unreadable(file, codeOf(error));
  }
}

const unreadable = (file: PlaybookFile, trouble: string): FileText => ({
  code: 'PLAYBOOK_FILE_UNREADABLE',
  message: `${file.path} cannot be read (${trouble})`,
  hint: 'Give Cordon the right to read it, and look at the disk that it is on.',
  passing: true,
});

function decode(file: PlaybookFile, bytes: Uint8Array): FileText {
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
  } catch {
    return { code: 'PLAYBOOK_FILE_ENCODING', message: `${file.path} is not UTF-8 text`, hint: 'Save it as UTF-8.' };
  }
}
