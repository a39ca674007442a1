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

/** Asks on the error stream. Anything but y or yes is no, an end of the input too. */
export async function askYes(question: string): Promise<boolean> {
  const reader = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await new Promise<string>((resolve) => {
      const leave = () => resolve('');
      reader.once('SIGINT', leave).once('close', leave).question(`${question} [y/N] `, resolve);
    });
    return /^y(es)?$/i.test(answer.trim());
  } finally {
    reader.close();
  }
}

/** The first line of the input; '' where it ends before. */
export async function readLine(): Promise<string> {
  const reader = createInterface({ input: process.stdin });
  for await (const line of reader) return line;
  return '';
}
