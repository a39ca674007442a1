// What is true for everything on screen: frozen, out of touch, or made up.
import { useQueryClient } from '@tanstack/react-query';
import { useLink } from '../live.tsx';
import { useNow } from '../queries.ts';
import { clock } from '../time.ts';
import { plain } from '../words.ts';
import css from './bands.module.css';
import { When } from './when.tsx';

export function Bands() {
  const { data } = useNow();
  return (
    <section className={css.bands} aria-label="State of Cordon">
      {data?.freeze.on ? (
        <p className={css.frozen} role="status">
          <strong>Frozen: no effect is carried out.</strong> {data.freeze.reason ? `“${plain(data.freeze.reason)}”` : null}{' '}
          {data.freeze.by ? `by ${plain(data.freeze.by)}` : null} {data.freeze.since ? <When at={data.freeze.since} /> : null}
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
      Decisions are not sent. Trying again by itself.
    </p>
  );
}
