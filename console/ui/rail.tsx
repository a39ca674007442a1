// The rail: where one can go, with a count only where a person must act. At the bottom of a narrow screen.
import { Modal } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useEffect } from 'react';
import { Link, useLocation } from 'wouter';
import type { Now } from '../../server/contract.ts';
import { useNow } from '../queries.ts';
import { Account } from './account.tsx';
import { Icon } from './icons.tsx';
import { FIRST_PLACES, isAt, PLACES, type Place } from './places.ts';
import css from './rail.module.css';

export function Rail({ onPalette, onKeys }: { readonly onPalette: () => void; readonly onKeys: () => void }) {
  const { data: now } = useNow();
  const [location] = useLocation();
  const [moreShown, more] = useDisclosure();
  // biome-ignore lint/correctness/useExhaustiveDependencies: going somewhere closes the sheet
  useEffect(more.close, [location]);
  return (
    <aside className={css.rail} aria-label="Cordon">
      <p className={css.name}>
        <img src={new URL('../icon.svg', import.meta.url).href} alt="" width="20" height="20" /> Cordon
      </p>
      <nav className={css.places} aria-label="Places">
        {PLACES.map((place) => (
          <PlaceLink key={place.name} place={place} now={now} location={location} />
        ))}
        <button type="button" className={css.more} aria-haspopup="dialog" onClick={more.open}>
          <Icon name="more" />
          <span>More</span>
        </button>
      </nav>
      <div className={css.foot}>
        <Account onPalette={onPalette} onKeys={onKeys} />
      </div>
      <Modal opened={moreShown} onClose={more.close} title="More" size="xs" centered>
        <nav className={css.sheet} aria-label="More places">
          {PLACES.filter(({ name }) => !FIRST_PLACES.includes(name)).map((place) => (
            <PlaceLink key={place.name} place={place} now={now} location={location} />
          ))}
        </nav>
        <Account onPalette={onPalette} onKeys={onKeys} />
      </Modal>
    </aside>
  );
}

function PlaceLink({ place, now, location }: { readonly place: Place; readonly now: Now | undefined; readonly location: string }) {
  const needs = now && place.needs ? place.needs(now) : 0;
  return (
    <Link
      href={place.href}
      className={FIRST_PLACES.includes(place.name) ? css.place : `${css.place} ${css.later}`}
      aria-current={isAt(place, location) ? 'page' : undefined}
      title={place.key ? `g ${place.key}` : undefined}
    >
      <Icon name={place.icon} />
      <span>{place.name}</span>
      {needs > 0 ? (
        <span className={css.count}>
          {needs > 99 ? '99+' : needs}
          <span className="sr-only"> need a person</span>
        </span>
      ) : null}
    </Link>
  );
}
