// What is true for everything on screen: frozen, out of touch, or made up.
import { Button } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { FreezeEntry } from '../../server/contract.ts';
import { problemOf } from '../api.ts';
import { useLink } from '../live.tsx';
import { api } from '../paths.ts';
import { useNow } from '../queries.ts';
import { clock } from '../time.ts';
import { plain } from '../words.ts';
import css from './bands.module.css';
import { ReasonDialog } from './reason-dialog.tsx';
import { When } from './when.tsx';

export function Bands() {
  const { data, error } = useNow();
  return (
    <section className={css.bands} aria-label="State of Cordon">
      {data?.freeze.on ? (
        <Frozen entry={data.freeze} words="Frozen: nothing that changes something begins, undo included; tickets and messages go on." />
      ) : null}
      {data?.freeze.parts.map((entry) => (
        <Frozen key={`${entry.verb ?? ''} ${entry.connector ?? ''}`} entry={entry} words={`Frozen: ${partWords(entry)}.`} />
      ))}
      {error && !data ? (
        <p className={css.behind} role="status">
          <strong>{problemOf(error).title}.</strong> Whether anything is frozen is not known.
        </p>
      ) : null}
      <OutOfTouch />
      {data?.simulated ? (
        <p className={css.simulated}>
          <strong>Simulated products:</strong> nothing real is touched.
        </p>
      ) : null}
    </section>
  );
}

const partWords = ({ verb, connector }: FreezeEntry): string =>
  [plain(verb ?? 'every effect'), connector ? `through ${plain(connector)}` : ''].join(' ').trim();

/** With the way to lift it: the first person asks, another confirms. */
function Frozen({ entry, words }: { readonly entry: Partial<FreezeEntry>; readonly words: string }) {
  const [asking, setAsking] = useState(false);
  const { verb, connector, liftAsked } = entry;
  const button = liftAsked ? 'Confirm: lift the freeze' : 'Ask to lift the freeze';
  return (
    <p className={css.frozen} role="status">
      <strong>{words}</strong> {entry.reason ? `“${plain(entry.reason)}”` : null} {entry.by ? `by ${plain(entry.by)}` : null}{' '}
      {entry.since ? <When at={entry.since} /> : null}{' '}
      {liftAsked ? `${plain(liftAsked.by)} asks to lift it (“${plain(liftAsked.reason)}”).` : null}{' '}
      <Button variant="default" size="compact-sm" onClick={() => setAsking(true)}>
        {button}
      </Button>
      {asking ? (
        <ReasonDialog
          title="Lift the freeze"
          button={button}
          path={api.freeze()}
          body={{ on: false, ...(verb ? { verb } : {}), ...(connector ? { connector } : {}) }}
          onClose={() => setAsking(false)}
        >
          Two people lift a freeze: one asks, another confirms within an hour. What has waited goes on then; what has waited for too long is
          asked for again first.
        </ReasonDialog>
      ) : null}
    </p>
  );
}

function OutOfTouch() {
  const link = useLink();
  const client = useQueryClient();
  if (link.state === 'live') return null;
  const readAt = Math.max(
    0,
    ...client
      .getQueryCache()
      .findAll()
      .map((query) => query.state.dataUpdatedAt),
  );
  const read = readAt > 0 ? `What you see was read at ${clock(new Date(readAt).toISOString())}. ` : '';
  return (
    <p className={css.behind} role="status">
      <strong>{link.state === 'offline' ? 'Offline' : 'Cordon does not answer'}</strong> since {clock(link.since)}. {read}
      {link.state === 'offline' ? 'Decisions are not sent.' : 'It may be old; a decision is sent all the same.'} Trying again by itself.
    </p>
  );
}
