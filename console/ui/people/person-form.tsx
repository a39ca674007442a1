// A new account, and what of one can be changed.
import { Checkbox, Modal, NativeSelect, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { NewAccount, PersonRow } from '../../../server/contract.ts';
import { api } from '../../paths.ts';
import { useSend } from '../../queries.ts';
import { SendForm } from '../send-form.tsx';
import { useProof } from './proof.tsx';
import { ROLE_NAMES, roleWords } from './roles.ts';

interface Typed {
  readonly login: string;
  readonly name: string;
  readonly email: string;
  readonly role: string;
  readonly breakGlass: boolean;
}
type Faults = Partial<Record<keyof Typed, string>>;

const NOBODY: Typed = { login: '', name: '', email: '', role: 'analyst', breakGlass: false };

interface AddPersonProps {
  readonly onClose: () => void;
  readonly onMade: (made: NewAccount) => void;
}

export function AddPerson({ onClose, onMade }: AddPersonProps) {
  const send = useSend<object, NewAccount>(api.people());
  const bodyOf = ({ login, name, email, role, breakGlass }: Typed): object => ({
    ...{ login: login.trim().toLowerCase(), name: name.trim(), role, breakGlass },
    ...(email.trim() === '' ? {} : { email: email.trim() }),
  });
  return (
    <PersonForm
      title="Add a person"
      button="Add them"
      was={NOBODY}
      send={send}
      isNew
      onClose={onClose}
      onSend={(typed, proof) => send.mutate({ ...bodyOf(typed), ...proof }, { onSuccess: onMade })}
    />
  );
}

interface ChangePersonProps {
  readonly person: PersonRow;
  readonly isSelf: boolean;
  readonly onClose: () => void;
}

export function ChangePerson({ person, isSelf, onClose }: ChangePersonProps) {
  const send = useSend<object, PersonRow>(api.person(person.id), 'PATCH');
  const was: Typed = { ...person, email: person.email ?? '' };
  const submit = (typed: Typed, proof: object): void => {
    const change = {
      ...(typed.name.trim() === was.name ? {} : { name: typed.name.trim() }),
      ...(typed.email.trim() === was.email ? {} : { email: typed.email.trim() || null }),
      ...(typed.role === was.role ? {} : { role: typed.role }),
      ...(typed.breakGlass === was.breakGlass ? {} : { breakGlass: typed.breakGlass }),
    };
    if (Object.keys(change).length === 0) onClose();
    else send.mutate({ ...change, ...proof }, { onSuccess: onClose });
  };
  return (
    <PersonForm title={`Change ${person.name}`} button="Save" was={was} send={send} isSelf={isSelf} onClose={onClose} onSend={submit} />
  );
}

interface PersonFormProps {
  readonly title: string;
  readonly button: string;
  readonly was: Typed;
  readonly send: { readonly isPending: boolean; readonly error: Error | null };
  readonly isNew?: boolean;
  readonly isSelf?: boolean;
  readonly onClose: () => void;
  readonly onSend: (typed: Typed, proof: object) => void;
}

function PersonForm({ title, button, was, send, isNew = false, isSelf = false, onClose, onSend }: PersonFormProps) {
  const [typed, setTyped] = useState(was);
  const [faults, setFaults] = useState<Faults>({});
  const proof = useProof(send.error);
  const field = (name: 'login' | 'name' | 'email' | 'role') => ({
    value: typed[name],
    error: faults[name],
    onChange: (event: React.ChangeEvent<HTMLInputElement | HTMLSelectElement>) => {
      const text = event.currentTarget.value;
      setTyped((before) => ({ ...before, [name]: text }));
      setFaults((before) => ({ ...before, [name]: undefined }));
    },
  });
  const submit = (): void => {
    const found = faultsOf(typed);
    setFaults(found);
    if (Object.keys(found).length === 0) onSend(typed, proof.body);
  };
  return (
    <Modal opened onClose={onClose} title={title} centered>
      <SendForm
        label={title}
        isSending={send.isPending}
        error={proof.error}
        where="while saving it"
        button={button}
        cancel={{ words: 'Cancel', onClick: onClose }}
        onSubmit={submit}
      >
        {isNew ? (
          <TextInput
            data-autofocus
            label="Login"
            description="What they type to sign in. It stays as it is."
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            maxLength={64}
            {...field('login')}
          />
        ) : null}
        <TextInput label="Name" autoComplete="off" maxLength={120} {...field('name')} {...(isNew ? {} : { 'data-autofocus': true })} />
        <TextInput
          type="email"
          label="E-mail"
          description="May be left empty. Messages go there, and playbooks may name them by it."
          autoComplete="off"
          maxLength={254}
          {...field('email')}
        />
        <NativeSelect
          label="Role"
          description={`Whoever is ${typed.role} ${roleWords(typed.role)}.`}
          data={[...ROLE_NAMES]}
          {...field('role')}
        />
        {isSelf ? null : (
          <Checkbox
            label="For emergencies"
            description="Every sign-in is told to every admin; it is never contained, and has no API tokens."
            checked={typed.breakGlass}
            onChange={(event) => setTyped({ ...typed, breakGlass: event.currentTarget.checked })}
          />
        )}
        {isNew ? <p className="dim">They get a password that works once; you see it next, and nobody sees it again.</p> : null}
        {proof.field}
      </SendForm>
    </Modal>
  );
}

/** What the server would refuse too, said beside the field. */
function faultsOf({ login, name, email }: Typed): Faults {
  return {
    ...(/^[a-z0-9][a-z0-9._@+-]*$/.test(login.trim().toLowerCase()) ? {} : { login: 'Use a to z, 0 to 9 and . _ @ + -' }),
    ...(name.trim() === '' ? { name: 'Write their name.' } : {}),
    ...(email.trim() === '' || /^[^\s@]+@[^\s@]+$/.test(email.trim()) ? {} : { email: 'That is no e-mail address.' }),
  };
}
