// A state: a shape, a word and a tone. The shape differs by tone, so that colour is never alone.
import type { Said, Tone } from '../words.ts';
import css from './tag.module.css';

const SHAPE: Readonly<Record<Tone, string>> = {
  needs: 'M8 2 14.5 13.5H1.5Z', // triangle
  held: 'M3 7h10v7H3zM5 7V5a3 3 0 0 1 6 0v2H9.5V5a1.5 1.5 0 0 0-3 0v2z', // lock
  ok: 'M6.2 12.6 1.9 8.3l1.5-1.5 2.8 2.8 6.4-6.4 1.5 1.5z', // check
  bad: 'M8 6.4 12 2.4 13.6 4 9.6 8l4 4L12 13.6 8 9.6 4 13.6 2.4 12l4-4-4-4L4 2.4z', // cross
  wait: 'M8 1.5a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13zM7.2 4v4.4l3 1.8.8-1.3-2.3-1.4V4z', // clock
  none: 'M3 7.2h10v1.6H3z', // dash
};

export function Mark({ tone }: { readonly tone: Tone }) {
  return (
    <svg className={css.mark} data-tone={tone} viewBox="0 0 16 16" width="12" height="12" aria-hidden="true">
      <path d={SHAPE[tone]} fill="currentColor" fillRule="evenodd" />
    </svg>
  );
}

export function Tag({ tone, word }: Said) {
  return (
    <span className={css.tag} data-tone={tone}>
      <Mark tone={tone} />
      {word}
    </span>
  );
}

/** Stands beside every product that is made up. */
export function Simulated() {
  return (
    <span className={css.simulated} title="A product of the practice range: nothing real is touched">
      SIMULATED
    </span>
  );
}
