// The two buttons, and the reason where one is needed. Keys: a, d; then 1 to 3 for a ready reason, or type one and Enter.
import { Button, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { ApprovalDetail, DecideBody } from '../../../server/contract.ts';
import { useKeys } from '../../keys.ts';
import { useLink } from '../../live.tsx';
import { api } from '../../paths.ts';
import { useSend } from '../../queries.ts';
import { Key } from '../key.tsx';
import { Failed } from '../notice.tsx';
import css from './approval.module.css';
import { verbs } from './sentence.tsx';

type Choice = 'approve' | 'deny';

const READY_REASONS: Readonly<Record<Choice, readonly string[]>> = {
  approve: ['True positive: the evidence is checked', 'Confirmed with the person', 'Contain first, look after'],
  deny: ['False positive', 'Expected activity, confirmed', 'Too much impact: handled by hand'],
};

export function Decide({ approval }: { readonly approval: ApprovalDetail }) {
  const [asking, setAsking] = useState<Choice>();
  const [reason, setReason] = useState('');
  const approve = useSend<DecideBody>(api.decide(approval.id, 'approve'));
  const deny = useSend<DecideBody>(api.decide(approval.id, 'deny'));
  const { state: link } = useLink();
  const isBusy = approve.isPending || deny.isPending;
  const cannotBeUndone = approval.items.some(({ risk }) => risk === 'destructive');
  const words = verbs(approval.items);

  const send = (choice: Choice, why: string): void => {
    if (isBusy || link === 'offline') return;
    const body: DecideBody = why ? { digest: approval.digest, reason: why } : { digest: approval.digest };
    (choice === 'approve' ? approve : deny).mutate(body, { onSuccess: () => setAsking(undefined) });
  };
  // A denial ends it for good, so one stray key never denies; what can be undone is approved by one key.
  const choose = (choice: Choice): void => (choice === 'approve' && !cannotBeUndone ? send(choice, '') : setAsking(choice));
  useKeys({ a: () => choose('approve'), d: () => choose('deny') });
  const error = approve.error ?? deny.error;

  return (
    <div className={css.decide}>
      {error && !isBusy ? <Failed error={error} where="while sending your decision" /> : null}
      {asking ? (
        <ReasonPanel
          key={asking}
          choice={asking}
          isNeeded={asking === 'approve'}
          words={words}
          reason={reason}
          isBusy={isBusy}
          onType={setReason}
          onSend={(why) => send(asking, why)}
          onCancel={() => setAsking(undefined)}
        />
      ) : (
        <div className={css.buttons}>
          <Button
            size="md"
            variant="default"
            onClick={() => choose('deny')}
            disabled={isBusy || link === 'offline'}
            rightSection={<Key name="d" />}
          >
            Deny
          </Button>
          <Button size="md" onClick={() => choose('approve')} disabled={isBusy || link === 'offline'} rightSection={<Key name="a" />}>
            {isBusy ? 'Sending your approval' : `Approve: ${words || 'go on'}`}
          </Button>
        </div>
      )}
      {link === 'offline' ? (
        <p className="dim">Offline: a decision would not be sent. It can be made when the connection is back.</p>
      ) : null}
    </div>
  );
}

interface ReasonPanelProps {
  readonly choice: Choice;
  readonly isNeeded: boolean;
  readonly words: string;
  readonly reason: string;
  readonly isBusy: boolean;
  readonly onType: (text: string) => void;
  readonly onSend: (reason: string) => void;
  readonly onCancel: () => void;
}

function ReasonPanel({ choice, isNeeded, words, reason, isBusy, onType, onSend, onCancel }: ReasonPanelProps) {
  const [missing, setMissing] = useState(false);
  const ready = READY_REASONS[choice];
  const submit = (): void => (isNeeded && reason.trim() === '' ? setMissing(true) : onSend(reason.trim()));
  const onKeyDown = (event: React.KeyboardEvent): void => {
    const picked = reason === '' ? ready[Number(event.key) - 1] : undefined;
    if (picked) {
      event.preventDefault();
      onSend(picked);
    }
    if (event.key === 'Escape') {
      event.stopPropagation();
      onCancel();
    }
  };
  return (
    <form
      className={css.reason}
      aria-label={choice === 'approve' ? 'Reason for the approval' : 'Reason for the denial'}
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <TextInput
        autoFocus
        label={choice === 'approve' ? 'Why is this right? Part of it cannot be undone, so a reason is kept.' : 'Why not? A denial ends it.'}
        placeholder={isNeeded ? 'A reason, or 1, 2, 3' : 'A reason, or 1, 2, 3; may be left empty'}
        value={reason}
        maxLength={500}
        error={missing && reason.trim() === '' ? 'Write a reason or choose one.' : undefined}
        onChange={(event) => onType(event.currentTarget.value)}
        onKeyDown={onKeyDown}
      />
      <div className={css.ready}>
        {ready.map((text, index) => (
          <button key={text} type="button" disabled={isBusy} onClick={() => onSend(text)}>
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
