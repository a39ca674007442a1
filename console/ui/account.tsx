// Who is signed in, and what belongs to them: the theme, the keys, leaving.
import { useComputedColorScheme, useMantineColorScheme } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'wouter';
import { call } from '../api.ts';
import { api, screen } from '../paths.ts';
import { useMe } from '../queries.ts';
import { plain } from '../words.ts';
import css from './account.module.css';
import { StandIn } from './stand-in.tsx';

export function Account({ onPalette, onKeys }: { readonly onPalette: () => void; readonly onKeys: () => void }) {
  const { data: me } = useMe();
  const client = useQueryClient();
  const { setColorScheme } = useMantineColorScheme();
  const shown = useComputedColorScheme('light');
  const [isLending, setLending] = useState(false);
  const leave = async (): Promise<void> => {
    // Signed out here even when the server cannot be reached: what was on screen goes away.
    await call(api.session(), { method: 'DELETE' }).catch(() => undefined);
    client.clear();
    location.assign('/');
  };
  return (
    <div className={css.account}>
      <button type="button" onClick={onPalette}>
        Go anywhere <kbd>Ctrl K</kbd>
      </button>
      <button type="button" onClick={onKeys}>
        Keys <kbd>?</kbd>
      </button>
      <button type="button" onClick={() => setColorScheme(shown === 'dark' ? 'light' : 'dark')}>
        {shown === 'dark' ? 'Light theme' : 'Dark theme'}
      </button>
      {me ? (
        <>
          <p className={css.me}>
            <span>{plain(me.name)}</span> <span className="dim">{me.role}</span>
          </p>
          <Link href={screen.account()}>Your account</Link>
          <button type="button" onClick={() => setLending(true)}>
            Out of office
          </button>
          {isLending ? <StandIn onClose={() => setLending(false)} /> : null}
          <Link href={screen.bind()}>Accounts in other products</Link>
          <button type="button" onClick={() => void leave()}>
            Sign out
          </button>
        </>
      ) : null}
    </div>
  );
}
