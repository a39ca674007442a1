import { useState } from 'react';
import { plain } from '../words.ts';
import css from './ident.module.css';

/** Longer ones are shortened in the middle. */
const LONGEST = 22;

/** An identifier in monospace; a click copies the whole of it. */
export function Ident({ value, what = 'identifier' }: { readonly value: string; readonly what?: string }) {
  const [copied, setCopied] = useState(false);
  const shown = value.length > LONGEST ? `${value.slice(0, 12)}…${value.slice(-6)}` : value;
  const copy = async (): Promise<void> => {
    await navigator.clipboard?.writeText(value);
    setCopied(true);
    setTimeout(() => setCopied(false), 1_500);
  };
  return (
    <button
      type="button"
      className={css.ident}
      title={`${plain(value)} (click to copy)`}
      aria-label={`Copy ${what} ${plain(value)}`}
      onClick={() => void copy()}
    >
      {plain(shown)}
      <span className={css.copied} aria-live="polite">
        {copied ? 'copied' : ''}
      </span>
    </button>
  );
}
