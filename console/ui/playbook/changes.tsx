// What one version changes for the world against another: a sign, a word and a sentence for each effect, approval, hold, question or start.
import type { VersionDiff } from '../../../server/contract.ts';
import { plain } from '../../words.ts';
import css from './changes.module.css';

const SIGNS = { added: '+', removed: '−', changed: '~' } as const;

export function Changes({ changes }: Pick<VersionDiff, 'changes'>) {
  if (changes.length === 0) return <p className="dim">Nothing changes for the world: the same is done, asked and held.</p>;
  return (
    <ul className={css.changes} aria-label="Changes">
      {changes.map(({ change, about, says }) => (
        <li key={`${change} ${says}`} data-change={change}>
          <span className={css.sign} aria-hidden="true">
            {SIGNS[change]}
          </span>
          <span className={css.word}>
            {about} {change}
          </span>
          <Says text={plain(says)} />
        </li>
      ))}
    </ul>
  );
}

/** What was and what is stand under each other: "Disable …: nothing said → approved by …". */
function Says({ text }: { readonly text: string }) {
  const [, what, was, is] = /^(.*?): (.*) → (.*)$/s.exec(text) ?? [];
  if (what === undefined) return <span className={css.says}>{text}</span>;
  return (
    <span className={css.says}>
      {what}
      <del>{was}</del>
      <ins>{is}</ins>
    </span>
  );
}
