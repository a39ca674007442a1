// What is asked, as one sentence: "Disable Eve Adams (user-007), end 3 sessions, isolate wks-007."
import type { ApprovalItem } from '../../../server/contract.ts';
import { lowerFirst, plain } from '../../words.ts';
import css from './approval.module.css';

/** More than these are counted; all of them stand in the table below. */
const MOST = 5;

export function Sentence({
  items,
  fallback,
}: {
  readonly items: readonly Pick<ApprovalItem, 'key' | 'says'>[];
  readonly fallback: string;
}) {
  if (items.length === 0) return <>{plain(fallback)}</>;
  const shown = items.slice(0, MOST);
  const more = items.length - shown.length;
  return (
    <>
      {shown.map((item, index) => (
        <span key={item.key}>
          {index > 0 ? ', ' : null}
          <Clause text={index > 0 ? lowerFirst(plain(item.says)) : plain(item.says)} />
        </span>
      ))}
      {more > 0 ? ` and ${more} more` : null}.
    </>
  );
}

/** The verb stands out; the rest is what it is done to. */
function Clause({ text }: { readonly text: string }) {
  const [verb = '', ...rest] = text.split(' ');
  return (
    <>
      <strong>{verb}</strong> <span className={css.object}>{rest.join(' ')}</span>
    </>
  );
}

/** "disable, end, isolate": for the button that does it. */
export function verbs(items: readonly Pick<ApprovalItem, 'says'>[]): string {
  return [...new Set(items.map(({ says }) => lowerFirst(plain(says).split(' ')[0] ?? '')))].join(', ');
}
