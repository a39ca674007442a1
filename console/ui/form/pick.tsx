// One of a few words, side by side: arrow keys choose, Tab goes on.
import css from './form.module.css';

interface PickProps {
  /** Of the group of radio buttons; unique on the page. */
  readonly name: string;
  readonly label: string;
  /** The label is for screen readers only: what it is about stands beside it. */
  readonly isBare?: boolean;
  readonly help?: string | undefined;
  readonly error?: string | undefined;
  readonly choices: readonly { readonly value: string; readonly words: string }[];
  readonly value: string;
  readonly onChange: (value: string) => void;
}

export function Pick({ name, label, isBare, help, error, choices, value, onChange }: PickProps) {
  const says = error ?? help;
  return (
    <fieldset
      className={css.pick}
      aria-describedby={says ? `${name}-says` : undefined}
      aria-invalid={error ? true : undefined}
      data-field={name}
    >
      <legend className={isBare ? css.spoken : undefined}>{label}</legend>
      {help && !isBare ? (
        <p id={error ? undefined : `${name}-says`} className="dim">
          {help}
        </p>
      ) : null}
      <div className={css.choices}>
        {choices.map((choice) => (
          <label key={choice.value} data-chosen={choice.value === value || undefined}>
            <input type="radio" name={name} value={choice.value} checked={choice.value === value} onChange={() => onChange(choice.value)} />
            {choice.words}
          </label>
        ))}
      </div>
      {error ? (
        <p id={`${name}-says`} className={css.error}>
          {error}
        </p>
      ) : null}
    </fieldset>
  );
}
