// Shows set-up progress: each step is ticked off with its seconds. Built-in modules only: this runs before anything is installed.

const coloured = process.stdout.isTTY === true && !process.env.NO_COLOR;
// Not util.styleText: an old Node has none, and must get as far as being told that it is too old.
const CODES = { green: 32, red: 31, dim: 2 };
const style = (format, text) => (coloured ? `\u001b[${CODES[format]}m${text}\u001b[0m` : text);

export const seconds = (ms) => `${(ms / 1000).toFixed(1)} s`;

/** Runs one step and ticks it off. `work` gets a function that shows what it is busy with; it returns a note or nothing. */
export async function step(title, work) {
  const began = performance.now();
  const live = process.stdout.isTTY === true;
  let doing = '';
  const draw = () =>
    process.stdout.write(`\r\u001b[K  … ${title} ${seconds(performance.now() - began)}${doing && `  ${doing}`.slice(0, 60)}`);
  if (!live) process.stdout.write(`  … ${title}\n`);
  const timer = live ? setInterval(draw, 200) : undefined;
  try {
    const note = await work((text) => {
      doing = text;
    });
    clear(live);
    console.log(
      `  ${style('green', '✓')} ${title} ${style('dim', seconds(performance.now() - began))}${note ? style('dim', `  ${note}`) : ''}`,
    );
  } catch (error) {
    clear(live);
    console.log(`  ${style('red', '✗')} ${title} ${style('dim', seconds(performance.now() - began))}`);
    throw error;
  } finally {
    clearInterval(timer);
  }
}

function clear(live) {
  if (live) process.stdout.write('\r\u001b[K');
}

/** An expected failure of the set-up: shown as code, what and what to do, without a stack trace. */
export class SetupError extends Error {
  constructor(code, message) {
    super(message);
    this.code = code;
  }
}

/** Prints a failure of the set-up. Returns the exit code. */
export function explain(error) {
  if (error instanceof SetupError) console.error(`\n${style('red', error.code)}  ${error.message}`);
  else console.error(error);
  return 1;
}
