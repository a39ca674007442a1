// Go anywhere: places, what waits for a person, and identifiers that are pasted in.
import { Modal, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useLocation } from 'wouter';
import type { Now } from '../../server/contract.ts';
import { screen } from '../paths.ts';
import { useNow } from '../queries.ts';
import { plain } from '../words.ts';
import css from './palette.module.css';
import { PLACES } from './places.ts';

interface Way {
  readonly name: string;
  readonly group: string;
  readonly href?: string;
  readonly act?: () => void;
}

export function Palette({
  opened,
  onClose,
  onKeys,
}: {
  readonly opened: boolean;
  readonly onClose: () => void;
  readonly onKeys: () => void;
}) {
  return (
    <Modal opened={opened} onClose={onClose} title="Go anywhere" size="md" yOffset="12vh">
      {opened ? <Ways onClose={onClose} onKeys={onKeys} /> : null}
    </Modal>
  );
}

function Ways({ onClose, onKeys }: { readonly onClose: () => void; readonly onKeys: () => void }) {
  const [, go] = useLocation();
  const { data: now } = useNow();
  const [text, setText] = useState('');
  const [at, setAt] = useState(0);
  const found = find([...placeWays(), ...waitingWays(now), { name: 'Keys', group: 'Show', act: onKeys }], text);
  const current = Math.min(at, found.length - 1);
  const take = (way: Way | undefined): void => {
    if (!way) return;
    onClose();
    if (way.href) go(way.href);
    way.act?.();
  };
  const onKeyDown = (event: React.KeyboardEvent): void => {
    if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      setAt(Math.max(0, Math.min(found.length - 1, current + (event.key === 'ArrowDown' ? 1 : -1))));
    }
    if (event.key === 'Enter') {
      event.preventDefault();
      take(found[current]);
    }
  };
  return (
    <>
      <TextInput
        data-autofocus
        placeholder="A place, something that waits, or an identifier"
        role="combobox"
        aria-label="Go to"
        aria-expanded="true"
        aria-controls="ways"
        aria-activedescendant={found.length > 0 ? `way-${current}` : undefined}
        value={text}
        onChange={(event) => {
          setText(event.currentTarget.value);
          setAt(0);
        }}
        onKeyDown={onKeyDown}
      />
      <div id="ways" role="listbox" aria-label="Found" className={css.ways}>
        {found.map((way, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are the field's, as a combobox has it
          <div
            key={`${way.group} ${way.name} ${way.href}`}
            id={`way-${index}`}
            role="option"
            tabIndex={-1}
            aria-selected={index === current}
            onClick={() => take(way)}
          >
            <span>{plain(way.name)}</span>
            <span className="dim">{way.group}</span>
          </div>
        ))}
      </div>
      {found.length === 0 ? <p className="dim">Nothing is called so.</p> : null}
    </>
  );
}

function placeWays(): Way[] {
  return PLACES.map(({ name, href }) => ({ name, href, group: 'Go to' }));
}

function waitingWays(now: Now | undefined): Way[] {
  if (!now) return [];
  return [
    ...now.approvals.map(({ id, title }) => ({ name: title, group: 'Approval', href: screen.approval(id) })),
    ...now.debts.map(({ id, saysUndo }) => ({ name: saysUndo, group: 'Debt', href: screen.hold(id) })),
    ...now.lostRuns.map(({ id, title }) => ({ name: title, group: 'Lost run', href: screen.run(id) })),
  ];
}

/** Names that hold every word typed; beyond them, what is typed may itself be an identifier. */
function find(ways: readonly Way[], text: string): readonly Way[] {
  const words = text.toLocaleLowerCase().split(/\s+/).filter(Boolean);
  const named = ways.filter(({ name, group }) => words.every((word) => `${name} ${group}`.toLocaleLowerCase().includes(word)));
  const wanted = text.trim();
  if (!/^[\w-]{6,}$/.test(wanted) || named.length > 0) return named.slice(0, 12);
  return [
    { name: wanted, group: 'Run', href: screen.run(wanted) },
    { name: wanted, group: 'Alert', href: screen.alert(wanted) },
    { name: wanted, group: 'Approval', href: screen.approval(wanted) },
    { name: wanted, group: 'Hold', href: screen.hold(wanted) },
  ];
}
