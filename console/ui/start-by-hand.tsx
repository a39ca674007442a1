// A form made of a playbook's inputs, that starts a run; what does not fit is said beside the field.
import { Button, Modal, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useLocation } from 'wouter';
import type { Input, Json } from '../../language/plan.ts';
import { startForm } from '../../language/start-form.ts';
import type { PlaybookRow } from '../../server/contract.ts';
import { problemOf } from '../api.ts';
import { api, screen } from '../paths.ts';
import { useSend } from '../queries.ts';
import { plain } from '../words.ts';
import { byField, firstTyped, valuesOf } from './form/field-values.ts';
import { Fields } from './form/fields.tsx';
import { SendForm } from './send-form.tsx';

export function StartByHand({ playbook, inputs }: { readonly playbook: PlaybookRow; readonly inputs: Readonly<Record<string, Input>> }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <Button variant="default" onClick={() => setOpen(true)}>
        Start by hand
      </Button>
      {isOpen ? <StartDialog playbook={playbook} inputs={inputs} onClose={() => setOpen(false)} /> : null}
    </>
  );
}

interface StartDialogProps {
  readonly playbook: PlaybookRow;
  readonly inputs: Readonly<Record<string, Input>>;
  readonly onClose: () => void;
}

function StartDialog({ playbook, inputs, onClose }: StartDialogProps) {
  const form = startForm(inputs);
  const [typed, setTyped] = useState(() => firstTyped(form));
  const [reason, setReason] = useState('');
  const [, go] = useLocation();
  const send = useSend<{ readonly inputs: Readonly<Record<string, Json>>; readonly reason: string }, { readonly runId: string }>(
    api.startPlaybook(playbook.playbook),
  );
  const faults = byField(send.error ? (problemOf(send.error).faults ?? []) : []);
  const submit = (): void =>
    send.mutate({ inputs: valuesOf(form, typed), reason: reason.trim() }, { onSuccess: ({ runId }) => go(screen.run(runId)) });
  return (
    <Modal opened onClose={onClose} title={`Start: ${plain(playbook.title)}`} centered>
      <SendForm
        label="Start by hand"
        isSending={send.isPending}
        error={Object.keys(faults).length === 0 ? send.error : null}
        where="while starting it"
        button="Start"
        sendingWords="Starting"
        cancel={{ words: 'Cancel', onClick: onClose }}
        onSubmit={submit}
      >
        {playbook.mode === 'act' ? null : <p>This playbook is in the mode “{playbook.mode}”.</p>}
        <Fields
          id="start"
          form={form}
          typed={typed}
          faults={faults}
          onType={(name, text) => setTyped((before) => ({ ...before, [name]: text }))}
        />
        <TextInput
          label="Reason (may be left empty)"
          description="Kept in the audit, beside your name."
          maxLength={500}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
      </SendForm>
    </Modal>
  );
}
