// The practice range's own state, beside what is decided over it (trial form only). Hidden where the server has no range.
import { useQuery } from '@tanstack/react-query';
import type { RangeLive } from '../../../server/contract.ts';
import { call, problemOf } from '../../api.ts';
import { api } from '../../paths.ts';
import { plain } from '../../words.ts';
import { Simulated } from '../tag.tsx';
import css from './live-panel.module.css';

/** The range changes without telling us: it is read this often while it is shown. */
const EVERY_MS = 1_000;

export function LivePanel({ approvalId }: { readonly approvalId: string }) {
  const { data, error } = useQuery({
    queryKey: ['range', approvalId],
    queryFn: ({ signal }) => call<RangeLive>(api.rangeLive(approvalId), { signal }),
    refetchInterval: (query) => (query.state.error && problemOf(query.state.error).status === 404 ? false : EVERY_MS),
    retry: false,
  });
  if (error || !data || data.items.length === 0) return null;
  return (
    <aside className={css.panel} aria-label="Live state">
      <h3>
        Live, in the practice range <Simulated />
      </h3>
      {data.items.map((item) => (
        <section key={item.entity} aria-label={plain(item.name)}>
          <p className={css.name}>
            {plain(item.name)} {item.entity === item.name ? null : <span className="dim">{plain(item.entity)}</span>}
          </p>
          <dl>
            {item.facts.map(({ label, value }) => (
              <div key={label}>
                <dt>{plain(label)}</dt>
                {/* The key makes a changed value a new element, so that it is marked for a moment. */}
                <dd key={value} className={css.value}>
                  {plain(value)}
                </dd>
              </div>
            ))}
          </dl>
        </section>
      ))}
      <p className={css.foot}>Read every second from the products themselves, not from Cordon.</p>
    </aside>
  );
}
