// One's own password, with the one that one has.
import { PasswordInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { call, problemOf } from '../../api.ts';
import { api } from '../../paths.ts';
import { Callout } from '../detail.tsx';
import { SendForm } from '../send-form.tsx';
import css from './people.module.css';

/** The server's least length. */
const LEAST = 12;
const EMPTY = { current: '', next: '', again: '' };
type Typed = typeof EMPTY;

export function OwnPassword({ login }: { readonly login: string }) {
  const [typed, setTyped] = useState(EMPTY);
  const [faults, setFaults] = useState<Partial<Typed>>({});
  const client = useQueryClient();
  const change = useMutation({
    mutationFn: () => call(api.password(), { method: 'POST', body: { current: typed.current, next: typed.next } }),
    onSuccess: () => {
      setTyped(EMPTY);
      return client.invalidateQueries({ queryKey: ['me'] });
    },
  });
  const submit = (): void => {
    const found = faultsOf(typed);
    setFaults(found);
    if (Object.keys(found).length === 0) change.mutate();
  };
  const isWrong = change.error !== null && problemOf(change.error).code === 'PASSWORD_WRONG';
  const field = (name: keyof Typed) => ({
    value: typed[name],
    error: faults[name] ?? (name === 'current' && isWrong ? 'That is not your password.' : undefined),
    maxLength: 256,
    onChange: (event: React.ChangeEvent<HTMLInputElement>) => {
      const text = event.currentTarget.value;
      setTyped((was) => ({ ...was, [name]: text }));
    },
  });
  return (
    <div className={css.narrow}>
      <SendForm
        label="Change your password"
        isSending={change.isPending}
        error={isWrong ? null : change.error}
        where="while changing the password"
        button="Change the password"
        onSubmit={submit}
      >
        <input type="text" autoComplete="username" value={login} readOnly hidden />
        <PasswordInput label="Present password" autoComplete="current-password" {...field('current')} />
        <PasswordInput
          label="New password"
          description={`At least ${LEAST} characters. A few unrelated words do well.`}
          autoComplete="new-password"
          {...field('next')}
        />
        <PasswordInput label="New password, again" autoComplete="new-password" {...field('again')} />
        {change.isSuccess ? (
          <Callout tone="ok">
            <strong>It is changed.</strong> You are signed out everywhere else.
          </Callout>
        ) : null}
      </SendForm>
    </div>
  );
}

function faultsOf({ current, next, again }: Typed): Partial<Typed> {
  return {
    ...(current === '' ? { current: 'Give the one that you have.' } : {}),
    ...(next.length < LEAST ? { next: `At least ${LEAST} characters; this has ${next.length}.` } : {}),
    ...(next === again ? {} : { again: 'The two are not the same.' }),
  };
}
