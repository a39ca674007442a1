// The real yaml-language-server, as an editor runs it: a child process that speaks the Language Server Protocol on its standard streams.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

export interface Item {
  readonly label: string;
  readonly documentation: string;
  readonly text: string;
}

export interface Told {
  readonly line: number;
  readonly message: string;
}

/** A playbook with `▮` where the cursor stands. */
export interface Editor {
  readonly complete: (text: string) => Promise<readonly Item[]>;
  readonly hover: (text: string) => Promise<string>;
  readonly diagnose: (text: string) => Promise<readonly Told[]>;
  readonly close: () => Promise<void>;
}

type Message = Readonly<Record<string, unknown>>;

const SERVER = new URL('../../node_modules/yaml-language-server/bin/yaml-language-server', import.meta.url).pathname;
const SETTINGS = { yaml: { validate: true, hover: true, completion: true, schemaStore: { enable: false } } };

export async function openEditor(schema: unknown): Promise<Editor> {
  const folder = mkdtempSync(join(tmpdir(), 'cordon-editor-'));
  writeFileSync(join(folder, 'playbook.schema.json'), JSON.stringify(schema));
  const server = connect();
  await server.ask('initialize', {
    processId: process.pid,
    rootUri: pathToFileURL(folder).href,
    capabilities: {
      textDocument: { completion: { completionItem: { snippetSupport: true } }, hover: {}, publishDiagnostics: {} },
      workspace: { configuration: true },
    },
  });
  server.tell('initialized', {});
  server.tell('workspace/didChangeConfiguration', { settings: SETTINGS });
  let count = 0;
  const open = (marked: string) => {
    count += 1;
    const [before = '', after = ''] = marked.split('▮');
    const lines = before.split('\n');
    const uri = pathToFileURL(join(folder, `playbook-${count}.yaml`)).href;
    const text = `# yaml-language-server: $schema=playbook.schema.json\n${before}${after}`;
    server.tell('textDocument/didOpen', { textDocument: { uri, languageId: 'yaml', version: 1, text } });
    return { uri, textDocument: { uri }, position: { line: lines.length, character: lines.at(-1)?.length ?? 0 } };
  };
  return {
    complete: async (text) => {
      const answer = await server.ask('textDocument/completion', open(text));
      return itemsOf(answer).map((item) => ({
        label: String(item.label),
        documentation: plain(item.documentation),
        text: String(item.insertText ?? ''),
      }));
    },
    hover: async (text) => plain(member(await server.ask('textDocument/hover', open(text)), 'contents')),
    diagnose: async (text) => {
      const { uri } = open(text);
      const said = await server.hear(
        (message) => message.method === 'textDocument/publishDiagnostics' && member(message.params, 'uri') === uri,
      );
      const found = member(said.params, 'diagnostics');
      return (Array.isArray(found) ? found : []).map((one: unknown) => ({
        line: Number(member(member(member(one, 'range'), 'start'), 'line')),
        message: String(member(one, 'message')),
      }));
    },
    close: async () => {
      await server.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const member = (value: unknown, name: string): unknown =>
  typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
const plain = (value: unknown): string => (typeof value === 'string' ? value : String(member(value, 'value') ?? ''));

function itemsOf(answer: unknown): readonly Message[] {
  const items = Array.isArray(answer) ? answer : member(answer, 'items');
  return Array.isArray(items) ? items : [];
}

function connect() {
  const child = spawn(process.execPath, [SERVER, '--stdio'], { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = new Promise((resolve) => child.once('close', resolve));
  const waiting = new Map<number, (answer: unknown) => void>();
  const heard: Message[] = [];
  const listeners = new Set<(message: Message) => void>();
  let next = 0;
  let buffer = Buffer.alloc(0);
  const send = (message: Message): void => {
    const body = Buffer.from(JSON.stringify({ jsonrpc: '2.0', ...message }));
    child.stdin.write(`Content-Length: ${body.length}\r\n\r\n`);
    child.stdin.write(body);
  };
  const take = (message: Message): void => {
    if (typeof message.id === 'number' && message.method === undefined) {
      waiting.get(message.id)?.(message.result);
      return;
    }
    // What the server asks of an editor: its settings, section by section.
    if (message.id !== undefined) {
      const items = member(message.params, 'items');
      const result = (Array.isArray(items) ? items : []).map(
        (item: unknown) => Reflect.get(SETTINGS, String(member(item, 'section'))) ?? null,
      );
      send({ id: message.id, result });
      return;
    }
    heard.push(message);
    for (const listener of listeners) listener(message);
  };
  child.stdout.on('data', (chunk: Buffer) => {
    buffer = Buffer.concat([buffer, chunk]);
    for (;;) {
      const end = buffer.indexOf('\r\n\r\n');
      const length = Number(/Content-Length: (\d+)/i.exec(buffer.subarray(0, Math.max(0, end)).toString())?.[1]);
      if (end < 0 || buffer.length < end + 4 + length) return;
      const body = buffer.subarray(end + 4, end + 4 + length).toString();
      buffer = buffer.subarray(end + 4 + length);
      take(JSON.parse(body));
    }
  });
  return {
    tell: (method: string, params: unknown) => send({ method, params }),
    ask: async (method: string, params: unknown) => {
      next += 1;
      const id = next;
      const answer = new Promise<unknown>((resolve) => waiting.set(id, resolve));
      send({ id, method, params });
      return await answer;
    },
    hear: async (isWanted: (message: Message) => boolean) => {
      const already = heard.find(isWanted);
      if (already) return already;
      return await new Promise<Message>((resolve) => {
        const listener = (message: Message): void => {
          if (!isWanted(message)) return;
          listeners.delete(listener);
          resolve(message);
        };
        listeners.add(listener);
      });
    },
    close: async () => {
      send({ method: 'exit' });
      child.stdin.end();
      await ended;
    },
  };
}
