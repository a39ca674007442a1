// Signing in. A one-time password is changed in the same flow; afterwards the address that was asked for is shown.
import { Button, PasswordInput, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useEffect, useState } from 'react';
import type { Me } from '../../server/contract.ts';
import { call } from '../api.ts';
import { api } from '../paths.ts';
import { Failed } from '../ui/notice.tsx';
import css from './sign-in.module.css';

/** The server's least length. */
const LEAST_PASSWORD = 12;

/** `me` is set when somebody is signed in with a one-time password. */
export function SignInPage({ me }: { readonly me: Me | undefined }) {
  const [login, setLogin] = useState(me?.login ?? '');
  const [password, setPassword] = useState('');
  const client = useQueryClient();
  useEffect(() => {
    document.title = 'Sign in · Cordon';
  }, []);
  const signIn = useMutation({
    mutationFn: async () => {
      await call(api.session(), { method: 'POST', body: { login: login.trim(), password } });
      return call<Me>(api.me());
    },
    onSuccess: (signedIn) => client.setQueryData(['me'], signedIn),
  });
  if (me?.mustChangePassword) return <NewPassword login={me.login} oneTime={password} />;
  return (
    <Sheet title="Sign in to Cordon">
      <form
        className={css.form}
        onSubmit={(event) => {
          event.preventDefault();
          signIn.mutate();
        }}
      >
        <TextInput
          label="Login"
          autoComplete="username"
          autoCapitalize="none"
          autoFocus
          required
          size="md"
          value={login}
          onChange={(event) => setLogin(event.currentTarget.value)}
        />
        <PasswordInput
          label="Password"
          autoComplete="current-password"
          required
          size="md"
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
        {signIn.error ? <Failed error={signIn.error} where="" /> : null}
        <Button type="submit" size="md" fullWidth disabled={signIn.isPending}>
          {signIn.isPending ? 'Signing in' : 'Sign in'}
        </Button>
        <p className="dim">
          A lost password: an admin replaces it under People. Where none can, on the machine: npx cordon people reset owner --local
        </p>
      </form>
      <p className={css.hint}>
        First time here? The start printed a login and a one-time password, and wrote both to <code>first-sign-in</code> in the data folder.
      </p>
    </Sheet>
  );
}

/** `oneTime` is what was just typed; empty after the page was loaded anew, and then it is asked for. */
function NewPassword({ login, oneTime }: { readonly login: string; readonly oneTime: string }) {
  const [current, setCurrent] = useState(oneTime);
  const [next, setNext] = useState('');
  const [again, setAgain] = useState('');
  const [fault, setFault] = useState<string>();
  const client = useQueryClient();
  const change = useMutation({
    mutationFn: () => call(api.password(), { method: 'POST', body: { current, next } }),
    onSuccess: () => client.invalidateQueries(),
  });
  const submit = (): void => {
    const found =
      next.length < LEAST_PASSWORD
        ? `At least ${LEAST_PASSWORD} characters; this has ${next.length}.`
        : next !== again
          ? 'The two are not the same.'
          : undefined;
    setFault(found);
    if (!found) change.mutate();
  };
  return (
    <Sheet title="Choose your own password">
      <p>The one-time password worked. It ends here: choose one that only you know.</p>
      <form
        className={css.form}
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <input type="text" autoComplete="username" value={login} readOnly hidden />
        {oneTime ? null : (
          <PasswordInput
            label="One-time password"
            autoComplete="current-password"
            required
            size="md"
            value={current}
            onChange={(event) => setCurrent(event.currentTarget.value)}
          />
        )}
        <PasswordInput
          label="New password"
          description={`At least ${LEAST_PASSWORD} characters. A few unrelated words do well.`}
          autoComplete="new-password"
          autoFocus
          required
          size="md"
          value={next}
          error={fault}
          onChange={(event) => setNext(event.currentTarget.value)}
        />
        <PasswordInput
          label="New password, again"
          autoComplete="new-password"
          required
          size="md"
          value={again}
          onChange={(event) => setAgain(event.currentTarget.value)}
        />
        {change.error ? <Failed error={change.error} where="while changing the password" /> : null}
        <Button type="submit" size="md" fullWidth disabled={change.isPending}>
          {change.isPending ? 'Keeping it' : 'Keep it and go on'}
        </Button>
      </form>
    </Sheet>
  );
}

function Sheet({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <main className={css.page}>
      <div className={css.sheet}>
        <img src={new URL('../icon.svg', import.meta.url).href} alt="" width="36" height="36" />
        <h1>{title}</h1>
        {children}
      </div>
      <p className={css.foot}>Every containment asked, verified by reading back, and undoable.</p>
    </main>
  );
}
