// What a person types, where there is one.
import { createInterface } from 'node:readline';
import { Writable } from 'node:stream';
import { CliError, EXIT } from './command.ts';

/** Asks on the error stream, and shows nothing of what is typed. */
export async function askSecret(question: string): Promise<string> {
  process.stderr.write(question);
  const unseen = new Writable({ write: (_chunk, _encoding, done) => done() });
  const reader = createInterface({ input: process.stdin, output: unseen, terminal: true });
  try {
    return await new Promise<string>((resolve, reject) => {
      const leave = () => reject(new CliError(EXIT.no, 'CANCELLED', 'nothing was sent'));
      reader.once('SIGINT', leave).once('close', leave).question('', resolve);
    });
  } finally {
    reader.close();
    process.stderr.write('\n');
  }
}

/** The first line of the input; '' where it ends before. */
export async function readLine(): Promise<string> {
  const reader = createInterface({ input: process.stdin });
  for await (const line of reader) return line;
  return '';
}
