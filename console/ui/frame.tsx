// The frame around every page: bands across the top, the rail, the page.
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { useLocation } from 'wouter';
import { isTaken, useKeys } from '../keys.ts';
import { Bands } from './bands.tsx';
import css from './frame.module.css';
import { KeysHelp } from './keys-help.tsx';
import { Palette } from './palette.tsx';
import { PLACES } from './places.ts';
import { Rail } from './rail.tsx';

/** `g` waits this long for its second key. */
const GO_MS = 1_200;

type Shown = 'palette' | 'keys' | undefined;

export function Frame({ children }: { readonly children: ReactNode }) {
  const [shown, setShown] = useState<Shown>();
  const [location] = useLocation();
  useGoKeys();
  useKeys({ '?': () => setShown('keys') });
  useEffect(() => {
    const listen = (event: KeyboardEvent): void => {
      if (event.key.toLowerCase() !== 'k' || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      setShown((was) => (was === 'palette' ? undefined : 'palette'));
    };
    addEventListener('keydown', listen);
    return () => removeEventListener('keydown', listen);
  }, []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: going somewhere closes what lies over the page
  useEffect(() => setShown(undefined), [location]);
  return (
    <div className={css.frame}>
      <a className="skip" href="#page">
        Skip to the page
      </a>
      <Bands />
      <Rail onPalette={() => setShown('palette')} onKeys={() => setShown('keys')} />
      <main id="page" className={css.page} tabIndex={-1}>
        {children}
      </main>
      <Palette opened={shown === 'palette'} onClose={() => setShown(undefined)} onKeys={() => setShown('keys')} />
      <KeysHelp opened={shown === 'keys'} onClose={() => setShown(undefined)} />
    </div>
  );
}

/** `g` and then a letter. Listens before all others, so that `g a` does not approve. */
function useGoKeys(): void {
  const [, go] = useLocation();
  const since = useRef(Number.NEGATIVE_INFINITY);
  useEffect(() => {
    const listen = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey || isTaken(event.target)) return;
      const isSecond = event.timeStamp - since.current < GO_MS;
      since.current = event.key === 'g' && !isSecond ? event.timeStamp : Number.NEGATIVE_INFINITY;
      if (!isSecond) return;
      event.preventDefault(); // useKeys leaves alone what is prevented
      const place = PLACES.find(({ key }) => key === event.key);
      if (place) go(place.href);
    };
    addEventListener('keydown', listen, { capture: true });
    return () => removeEventListener('keydown', listen, { capture: true });
  }, [go]);
}
