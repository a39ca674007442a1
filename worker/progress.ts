// Ticks off the steps of a start, each with its seconds.

export interface Progress {
  /** Shows one line when the step has ended; several may be under way at once. `note` adds a word. */
  readonly step: <T>(title: string, work: () => Promise<T>, note?: (result: T) => string | undefined) => Promise<T>;
  readonly say: (line: string) => void;
}

export function progress(write: (line: string) => void, nowMs: () => number, colour: boolean): Progress {
  const green = (text: string) => (colour ? `\u001b[32m${text}\u001b[39m` : text);
  const red = (text: string) => (colour ? `\u001b[31m${text}\u001b[39m` : text);
  const dim = (text: string) => (colour ? `\u001b[2m${text}\u001b[22m` : text);
  return {
    say: write,
    step: async (title, work, note) => {
      const began = nowMs();
      const took = () => dim(`${((nowMs() - began) / 1000).toFixed(1)} s`);
      try {
        const result = await work();
        const word = note?.(result);
        write(`  ${green('✓')} ${title} ${took()}${word === undefined ? '' : dim(`  ${word}`)}`);
        return result;
      } catch (error) {
        if (!(error instanceof Error && error.name === 'Stopped')) write(`  ${red('✗')} ${title} ${took()}`);
        throw error;
      }
    },
  };
}
