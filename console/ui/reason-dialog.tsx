// One request that changes something: what it does in words, a reason, and a button that says it.
import { Modal, TextInput } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { useSend } from '../queries.ts';
import { SendForm } from './send-form.tsx';

interface ReasonDialogProps {
  readonly title: string;
  readonly children: ReactNode;
  /** The verb and its object: "Release wks-007". */
  readonly button: string;
  readonly path: string;
  /** Sent beside the reason. */
  readonly body?: Readonly<Record<string, unknown>>;
  readonly onClose: () => void;
}

export function ReasonDialog({ title, children, button, path, body, onClose }: ReasonDialogProps) {
  const [reason, setReason] = useState('');
  const [isMissing, setMissing] = useState(false);
  const send = useSend<Readonly<Record<string, unknown>>>(path);
  const submit = (): void => {
    if (reason.trim() === '') setMissing(true);
    else send.mutate({ ...body, reason: reason.trim() }, { onSuccess: onClose });
  };
  return (
    <Modal opened onClose={onClose} title={title} centered>
      <SendForm
        isSending={send.isPending}
        error={send.error}
        where={`while sending “${button}”`}
        button={button}
        cancel={{ words: 'Leave as it is', onClick: onClose }}
        onSubmit={submit}
      >
        <div>{children}</div>
        <TextInput
          data-autofocus
          label="Reason"
          description="Kept in the audit, beside your name."
          maxLength={500}
          value={reason}
          error={isMissing && reason.trim() === '' ? 'Write a reason.' : undefined}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
      </SendForm>
    </Modal>
  );
}
