// A new suppression or maintenance window. Without an end, a reason and something that it is about there is none.
import { Modal, NativeSelect, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { SuppressionRow } from '../../server/contract.ts';
import { api } from '../paths.ts';
import { useSend } from '../queries.ts';
import css from './dialog.module.css';
import { SendForm } from './send-form.tsx';

const EMPTY = { title: '', reason: '', time: '', from: '', entities: '', sources: '', alertTitle: '', playbooks: '', below: '', when: '' };
type Typed = typeof EMPTY;
type Faults = Partial<Record<keyof Typed, string>>;

const BELOW = ['low', 'medium', 'high', 'critical', 'fatal'].map((word) => ({ value: word, label: `${word} and above` }));

interface SuppressDialogProps {
  readonly onClose: () => void;
  readonly onMade: (id: string) => void;
}

export function SuppressDialog({ onClose, onMade }: SuppressDialogProps) {
  const [typed, setTyped] = useState<Typed>(EMPTY);
  const [faults, setFaults] = useState<Faults>({});
  const send = useSend<object, SuppressionRow>(api.suppressions());
  const submit = (): void => {
    const found = faultsOf(typed);
    setFaults(found);
    if (Object.keys(found).length === 0) send.mutate(bodyOf(typed), { onSuccess: ({ id }) => onMade(id) });
  };
  const field = (name: keyof Typed) => ({
    value: typed[name],
    error: faults[name],
    onChange: (event: React.ChangeEvent<HTMLInputElement | HTMLSelectElement>) => {
      const text = event.currentTarget.value;
      setTyped((before) => ({ ...before, [name]: text }));
      setFaults((before) => ({ ...before, [name]: undefined }));
    },
  });
  return (
    <Modal opened onClose={onClose} title="Suppress alerts for a time" size="lg" centered>
      <SendForm
        label="Suppress alerts"
        isSending={send.isPending}
        error={send.error}
        where="while saving it"
        button="Suppress them"
        cancel={{ words: 'Cancel', onClick: onClose }}
        onSubmit={submit}
      >
        <p>What matches is stored and counted, and starts nothing until the end.</p>
        <TextInput
          data-autofocus
          label="What it is called"
          placeholder="Patching of the finance floor"
          maxLength={200}
          {...field('title')}
        />
        <TextInput label="Reason" description="Kept in the audit, beside your name." maxLength={500} {...field('reason')} />
        <div className={css.pair}>
          <TextInput label="For how long" description="30m, 8h or 7d; at most 90d." maxLength={20} {...field('time')} />
          <TextInput type="datetime-local" label="Begins" description="Empty: now." {...field('from')} />
        </div>
        <TextInput
          label="About"
          description="host:wks-007, user:eve@example.com, ip:10.0.0.7: exact; several with commas."
          maxLength={5_000}
          {...field('entities')}
        />
        <div className={css.pair}>
          <TextInput label="Sources" description="Several with commas." maxLength={5_000} {...field('sources')} />
          <TextInput label="The alert's title" description="Exact." maxLength={1_000} {...field('alertTitle')} />
        </div>
        <div className={css.pair}>
          <TextInput
            label="Only these playbooks start nothing"
            description="Empty: none starts."
            maxLength={5_000}
            {...field('playbooks')}
          />
          <NativeSelect
            label="Come through all the same"
            description="By severity."
            data={[{ value: '', label: 'none' }, ...BELOW]}
            {...field('below')}
          />
        </div>
        <TextInput label="Condition" description="CEL over alert: alert.rule == 'R-17'" maxLength={2_000} {...field('when')} />
      </SendForm>
    </Modal>
  );
}

const blank = (text: string): boolean => text.trim() === '';

/** What the server would refuse too, said beside the field. */
function faultsOf(typed: Typed): Faults {
  const isAboutNothing = [typed.entities, typed.sources, typed.alertTitle, typed.playbooks, typed.when].every(blank);
  return {
    ...(blank(typed.title) ? { title: 'Say what people will see it called.' } : {}),
    ...(blank(typed.reason) ? { reason: 'Write a reason.' } : {}),
    ...(/^[1-9][0-9]{0,4}[mhd]$/.test(typed.time.trim()) ? {} : { time: 'Say when it is over: 30m, 8h or 7d.' }),
    ...(isAboutNothing ? { entities: 'It would hide everything: say what it is about, here or below.' } : {}),
  };
}

function bodyOf(typed: Typed): object {
  const text = (name: string, value: string): object => (blank(value) ? {} : { [name]: value.trim() });
  const words = (name: string, value: string): object => {
    const found = value.split(',').flatMap((word) => (blank(word) ? [] : [word.trim()]));
    return found.length > 0 ? { [name]: found } : {};
  };
  return {
    ...{ title: typed.title.trim(), reason: typed.reason.trim(), for: typed.time.trim() },
    ...(typed.from === '' ? {} : { from: new Date(typed.from).toISOString() }),
    ...words('entities', typed.entities),
    ...words('sources', typed.sources),
    ...text('alert_title', typed.alertTitle),
    ...words('playbooks', typed.playbooks),
    ...text('severity_below', typed.below),
    ...text('when', typed.when),
  };
}
