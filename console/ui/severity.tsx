import { severityWord } from '../words.ts';
import css from './severity.module.css';

/** Severity as bars and a word, without colour: colour is for state. */
export function Severity({ id, bare = false }: { readonly id: number; readonly bare?: boolean }) {
  const word = severityWord(id);
  return (
    <span className={css.severity} title={`Severity: ${word}`}>
      <svg width="14" height="12" viewBox="0 0 14 12" aria-hidden="true">
        {[0, 1, 2, 3].map((bar) => (
          <rect
            key={bar}
            x={bar * 3.6}
            y={9 - bar * 3}
            width="2.4"
            height={3 + bar * 3}
            rx="0.8"
            className={bar < id - 1 ? css.on : css.off}
          />
        ))}
      </svg>
      <span className={bare ? 'sr-only' : undefined}>{word}</span>
    </span>
  );
}
