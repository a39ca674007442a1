// A form that sends one thing: what is asked, what went wrong, and the buttons.
import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import css from './dialog.module.css';
import { Failed } from './notice.tsx';

interface SendFormProps {
  readonly label?: string;
  readonly children: ReactNode;
  readonly isSending: boolean;
  readonly error: Error | null;
  /** Said of an error: "while saving it". */
  readonly where: string;
  /** The verb and its object; absent: there is nothing to send. */
  readonly button?: string;
  /** On the button while it is sent. Default "Sending". */
  readonly sendingWords?: string;
  /** Stands where the button does, until something else was done first. */
  readonly instead?: ReactNode;
  readonly cancel?: { readonly words: string; readonly onClick: () => void };
  readonly onSubmit: () => void;
}

export function SendForm({
  label,
  children,
  isSending,
  error,
  where,
  button,
  sendingWords = 'Sending',
  instead,
  cancel,
  onSubmit,
}: SendFormProps) {
  return (
    <form
      className={css.form}
      aria-label={label}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        if (!isSending && !instead) onSubmit();
      }}
    >
      {children}
      {error ? <Failed error={error} where={where} /> : null}
      <div className={css.buttons}>
        {cancel ? (
          <Button variant="default" onClick={cancel.onClick}>
            {cancel.words}
          </Button>
        ) : null}
        {instead ??
          (button === undefined ? null : (
            <Button type="submit" disabled={isSending}>
              {isSending ? sendingWords : button}
            </Button>
          ))}
      </div>
    </form>
  );
}
