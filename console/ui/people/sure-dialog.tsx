// One change of an account: what it does in words, and a button that says it.
import { Modal } from '@mantine/core';
import type { ReactNode } from 'react';
import { useSend } from '../../queries.ts';
import { SendForm } from '../send-form.tsx';
import { useProof } from './proof.tsx';

interface SureDialogProps<Answer> {
  readonly title: string;
  readonly children: ReactNode;
  readonly button: string;
  readonly path: string;
  readonly method?: 'POST' | 'PATCH' | 'DELETE';
  readonly body?: object;
  readonly onClose: () => void;
  readonly onDone?: (answer: Answer) => void;
}

export function SureDialog<Answer>({ title, children, button, path, method, body, onClose, onDone }: SureDialogProps<Answer>) {
  const send = useSend<object, Answer>(path, method);
  const proof = useProof(send.error);
  return (
    <Modal opened onClose={onClose} title={title} centered>
      <SendForm
        label={title}
        isSending={send.isPending}
        error={proof.error}
        where=""
        button={button}
        cancel={{ words: 'Leave as it is', onClick: onClose }}
        onSubmit={() =>
          send.mutate(
            { ...body, ...proof.body },
            {
              onSuccess: (answer) => {
                onDone?.(answer);
                onClose();
              },
            },
          )
        }
      >
        <div>{children}</div>
        {proof.field}
      </SendForm>
    </Modal>
  );
}
