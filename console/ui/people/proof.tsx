// Managing people and tokens wants a password that was given lately: the server says when, and then one more field stands in the form.
import { PasswordInput } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { problemOf } from '../../api.ts';

interface Proof {
  /** Beside what is sent. */
  readonly body: { readonly password?: string };
  readonly field: ReactNode;
  /** What is left to be said of the error. */
  readonly error: Error | null;
}

export function useProof(error: Error | null): Proof {
  const [password, setPassword] = useState('');
  const code = error ? problemOf(error).code : undefined;
  const isAsked = code === 'PROOF_NEEDED' || code === 'PASSWORD_WRONG';
  if (!isAsked && password === '') return { body: {}, field: null, error };
  return {
    body: password === '' ? {} : { password },
    field: (
      <PasswordInput
        label="Your own password"
        description="It is a while since you gave it."
        autoComplete="current-password"
        autoFocus
        maxLength={256}
        value={password}
        error={code === 'PASSWORD_WRONG' ? 'That is not your password.' : undefined}
        onChange={(event) => setPassword(event.currentTarget.value)}
      />
    ),
    error: isAsked ? null : error,
  };
}
