// Why, and where policy wants it, once more who. Keys 1 to 3 for a ready reason, or type one and Enter.
import { Button, PasswordInput, TextInput } from '@mantine/core';
import { useState } from 'react';
import { Key } from '../key.tsx';
import css from './approval.module.css';

export type Choice = 'approve' | 'deny';

const READY_REASONS: Readonly<Record<Choice, readonly string[]>> = {
  approve: ['True positive: the evidence is checked', 'Confirmed with the person', 'Contain first, look after'],
  deny: ['False positive', 'Expected activity, confirmed', 'Too much impact: handled by hand'],
};

export interface Given {
  readonly reason: string;
  /** '' where it is not asked for. */
  readonly password: string;
}

interface ReasonPanelProps {
  readonly choice: Choice;
  readonly needs: { readonly reason: boolean; readonly password: boolean };
  readonly words: string;
  readonly given: Given;
  readonly isBusy: boolean;
  readonly onType: (given: Given) => void;
  readonly onSend: (given: Given) => void;
  readonly onCancel: () => void;
}

export function ReasonPanel({ choice, needs, words, given, isBusy, onType, onSend, onCancel }: ReasonPanelProps) {
  const [missing, setMissing] = useState(false);
  const ready = READY_REASONS[choice];
  const reason = given.reason.trim();
  const isWhole = (one: Given): boolean => !(needs.reason && one.reason === '') && !(needs.password && one.password === '');
  const send = (one: Given): void => {
    onType(one);
    if (isWhole(one)) onSend(one);
    else setMissing(true);
  };
  const pick = (text: string): void => send({ ...given, reason: text });
  const onKeyDown = (event: React.KeyboardEvent): void => {
    const picked = given.reason === '' ? ready[Number(event.key) - 1] : undefined;
    if (picked) {
      event.preventDefault();
      pick(picked);
    }
    leaveOn(event, onCancel);
  };
  return (
    <form
      className={css.reason}
      aria-label={choice === 'approve' ? 'Reason for the approval' : 'Reason for the denial'}
      onSubmit={(event) => {
        event.preventDefault();
        send({ ...given, reason });
      }}
    >
      <TextInput
        autoFocus
        label={reasonLabel(choice, needs.reason)}
        placeholder={needs.reason ? 'A reason, or 1, 2, 3' : 'A reason, or 1, 2, 3; may be left empty'}
        value={given.reason}
        maxLength={500}
        error={missing && needs.reason && reason === '' ? 'Write a reason or choose one.' : undefined}
        onChange={(event) => onType({ ...given, reason: event.currentTarget.value })}
        onKeyDown={onKeyDown}
      />
      {needs.password ? (
        <PasswordInput
          label="Your password"
          description="Policy wants to be sure that it is you."
          autoComplete="current-password"
          value={given.password}
          maxLength={256}
          error={missing && given.password === '' ? 'Give your password.' : undefined}
          onChange={(event) => onType({ ...given, password: event.currentTarget.value })}
          onKeyDown={(event) => leaveOn(event, onCancel)}
        />
      ) : null}
      <div className={css.ready}>
        {ready.map((text, index) => (
          <button key={text} type="button" disabled={isBusy} onClick={() => pick(text)}>
            <kbd>{index + 1}</kbd> {text}
          </button>
        ))}
      </div>
      <div className={css.buttons}>
        <Button size="md" variant="default" onClick={onCancel} disabled={isBusy} rightSection={<Key name="Esc" />}>
          Back
        </Button>
        <Button size="md" type="submit" disabled={isBusy} rightSection={<Key name="Enter" />}>
          {isBusy ? 'Sending' : choice === 'approve' ? `Approve: ${words}` : 'Deny'}
        </Button>
      </div>
    </form>
  );
}

function reasonLabel(choice: Choice, isNeeded: boolean): string {
  if (choice === 'deny') return 'Why not? A denial ends it.';
  return isNeeded ? 'Why is this right? Part of it cannot be undone, so a reason is kept.' : 'Why is this right?';
}

function leaveOn(event: React.KeyboardEvent, onCancel: () => void): void {
  if (event.key !== 'Escape') return;
  event.stopPropagation();
  onCancel();
}
