// The keyboard. A screen names its keys while it is shown; nothing happens while someone types or a dialog is open.
import { useEffect, useRef } from 'react';

type KeyMap = Readonly<Record<string, ((event: KeyboardEvent) => void) | undefined>>;

/** What `?` shows. */
export const KEY_WORDS: readonly (readonly [keys: string, does: string])[] = [
  ['j / k', 'next, previous in a list'],
  ['Enter', 'open'],
  ['a', 'approve what is open'],
  ['d', 'deny what is open'],
  ['b', 'decide together with all that ask for the same'],
  ['1 … 9', 'choose an answer or a reason; in a table: of this row'],
  ['Shift 1 … 9', 'in a table: the answer for all rows'],
  ['e', 'fill in the form that is open'],
  ['u', 'undo, release or end, with what it would do'],
  ['[ / ]', 'of a playbook: the older, the newer version'],
  ['f', 'of a playbook: put the version that is open in force'],
  ['/', 'search in this list'],
  ['n', 'of suppressions and people: a new one'],
  ['g then n, a, r, p, c, s', 'go to Now, Alerts, Runs, Approvals, Contained, Suppressions'],
  ['Ctrl K or ⌘ K', 'go anywhere'],
  ['Esc', 'close'],
  ['?', 'these keys'],
];

/** Listens for plain keys (no Ctrl, Alt or Meta) until the component goes. */
export function useKeys(keys: KeyMap): void {
  const latest = useRef(keys);
  useEffect(() => {
    latest.current = keys;
  });
  useEffect(() => {
    const listen = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || isTaken(event.target)) return;
      if (event.repeat && event.key !== 'j' && event.key !== 'k') return; // a key held down decides nothing
      // With Shift a digit is another character on each keyboard; its place is the same.
      const digit = event.shiftKey ? /^Digit([1-9])$/.exec(event.code)?.[1] : undefined;
      const act = latest.current[digit === undefined ? event.key : `Shift ${digit}`];
      if (!act) return;
      event.preventDefault();
      act(event);
    };
    addEventListener('keydown', listen);
    return () => removeEventListener('keydown', listen);
  }, []);
}

/** True while keys belong to a field or a dialog. */
export function isTaken(target: EventTarget | null): boolean {
  if (document.querySelector('[role=dialog]')) return true;
  // Nobody types into a radio button.
  if (target instanceof HTMLInputElement && target.type === 'radio') return false;
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
}
