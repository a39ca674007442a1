// A new API token. It does no more than its person may, and only what is ticked.
import { Button, Checkbox, Modal, NativeSelect, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { Me, NewToken, Scope } from '../../../server/contract.ts';
import { api } from '../../paths.ts';
import { useSend } from '../../queries.ts';
import { SendForm } from '../send-form.tsx';
import css from './people.module.css';
import { useProof } from './proof.tsx';
import { SCOPE_WORDS } from './roles.ts';
import { ShownOnce } from './shown-once.tsx';

const DAYS = [
  { value: '7', label: '7 days' },
  { value: '30', label: '30 days' },
  { value: '90', label: '90 days' },
  { value: '366', label: 'a year' },
];

export function AddToken({ me }: { readonly me: Me }) {
  const [isOpen, setOpen] = useState(false);
  const [made, setMade] = useState<NewToken>();
  return (
    <>
      <Button variant="default" onClick={() => setOpen(true)}>
        Make a token
      </Button>
      {isOpen ? (
        <Wish
          me={me}
          onClose={() => setOpen(false)}
          onMade={(token) => {
            setOpen(false);
            setMade(token);
          }}
        />
      ) : null}
      {made ? (
        <ShownOnce title={`The token ${made.name}`} what="API token" value={made.token} onClose={() => setMade(undefined)}>
          <p>It is shown this once. Whoever has it acts in your name: keep it where you keep passwords.</p>
          <p className="dim">The command line takes it from CORDON_TOKEN, the API as "Authorization: Bearer …".</p>
        </ShownOnce>
      ) : null}
    </>
  );
}

interface WishProps {
  readonly me: Me;
  readonly onClose: () => void;
  readonly onMade: (token: NewToken) => void;
}

function Wish({ me, onClose, onMade }: WishProps) {
  const [name, setName] = useState('');
  const [scopes, setScopes] = useState<readonly Scope[]>(['read']);
  const [days, setDays] = useState('90');
  const [isTried, setTried] = useState(false);
  const send = useSend<object, NewToken>(api.tokens());
  const proof = useProof(send.error);
  const submit = (): void => {
    setTried(true);
    if (name.trim() === '' || scopes.length === 0) return;
    send.mutate({ name: name.trim(), scopes, days: Number(days), ...proof.body }, { onSuccess: onMade });
  };
  const toggle = (scope: Scope, isOn: boolean): void => setScopes((was) => (isOn ? [...was, scope] : was.filter((one) => one !== scope)));
  return (
    <Modal opened onClose={onClose} title="Make an API token" centered>
      <SendForm
        label="Make an API token"
        isSending={send.isPending}
        error={proof.error}
        where="while making it"
        button="Make it"
        cancel={{ words: 'Cancel', onClick: onClose }}
        onSubmit={submit}
      >
        <TextInput
          data-autofocus
          label="What uses it"
          placeholder="nightly report"
          maxLength={120}
          value={name}
          error={isTried && name.trim() === '' ? 'Say what uses it, so that you know it again.' : undefined}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <fieldset className={css.scopes}>
          <legend>What it may do</legend>
          {SCOPE_WORDS.filter(([scope]) => me.scopes.includes(scope)).map(([scope, words]) => (
            <Checkbox
              key={scope}
              label={`${scope}: ${words}`}
              checked={scopes.includes(scope)}
              onChange={(event) => toggle(scope, event.currentTarget.checked)}
            />
          ))}
          {isTried && scopes.length === 0 ? <p role="alert">Choose at least one.</p> : null}
        </fieldset>
        <NativeSelect label="It ends after" data={DAYS} value={days} onChange={(event) => setDays(event.currentTarget.value)} />
        {proof.field}
      </SendForm>
    </Modal>
  );
}
