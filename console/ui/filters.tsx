// The tools over a list: which rows (in the address), and a search over what was read.
import { TextInput } from '@mantine/core';
import { useRef } from 'react';
import { Link, useSearchParams } from 'wouter';
import { useKeys } from '../keys.ts';
import css from './filters.module.css';

export interface Choice {
  /** The value in the address; empty is the default and stands not there. */
  readonly value: string;
  readonly label: string;
}

export function Choices({
  name,
  choices,
  href,
}: {
  readonly name: string;
  readonly choices: readonly Choice[];
  readonly href: (value: string | undefined) => string;
}) {
  const [params] = useSearchParams();
  const chosen = params.get(name) ?? '';
  return (
    <nav className={css.choices} aria-label="Show">
      {choices.map(({ value, label }) => (
        <Link key={value} href={href(value || undefined)} aria-current={value === chosen ? 'true' : undefined}>
          {label}
        </Link>
      ))}
    </nav>
  );
}

/** Filters as one types; `q` in the address, so that Back and a shared link find the same rows. */
export function Search({ label }: { readonly label: string }) {
  const [params, setParams] = useSearchParams();
  const field = useRef<HTMLInputElement>(null);
  const write = (text: string): void => {
    setParams(
      (was) => {
        const next = new URLSearchParams(was);
        if (text) next.set('q', text);
        else next.delete('q');
        return next;
      },
      { replace: true },
    );
  };
  useKeys({ '/': () => field.current?.focus() });
  return (
    <TextInput
      ref={field}
      className={css.search}
      type="search"
      size="xs"
      aria-label={label}
      placeholder="Search   /"
      value={params.get('q') ?? ''}
      onChange={(event) => write(event.currentTarget.value)}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        write('');
        event.currentTarget.blur();
      }}
    />
  );
}

/** What is typed and chosen, from the address. */
export function useFilters(): { readonly state: string | undefined; readonly q: string; readonly suppression: string | undefined } {
  const [params] = useSearchParams();
  return { state: params.get('state') ?? undefined, q: params.get('q') ?? '', suppression: params.get('suppression') ?? undefined };
}
