import css from './key.module.css';

/** A key, beside the words of what it does. */
export function Key({ name }: { readonly name: string }) {
  return (
    <span className={css.key} aria-hidden="true">
      {name}
    </span>
  );
}
