// Who decides in your stead, for a time; and in whose you do.
import { Button, Checkbox, Modal, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { DelegationRow } from '../../server/contract.ts';
import { call } from '../api.ts';
import { api } from '../paths.ts';
import { useSend } from '../queries.ts';
import { absolute } from '../time.ts';
import { plain } from '../words.ts';
import css from './dialog.module.css';
import { Failed, Loading } from './notice.tsx';
import { SendForm } from './send-form.tsx';

export function StandIn({ onClose }: { readonly onClose: () => void }) {
  const query = useQuery({
    queryKey: ['delegations'],
    queryFn: ({ signal }) => call<{ readonly items: readonly DelegationRow[] }>(api.delegations(), { signal }),
  });
  return (
    <Modal opened onClose={onClose} title="Out of office" centered>
      <div className={css.form}>
        {query.error ? <Failed error={query.error} where="while reading who stands in" /> : null}
        {query.data ? query.data.items.map((row) => <Open key={row.id} row={row} />) : <Loading rows={2} />}
        <Lend />
      </div>
    </Modal>
  );
}

function Open({ row }: { readonly row: DelegationRow }) {
  const end = useSend<object>(api.endDelegation(row.id));
  return (
    <div>
      <p>
        {plain(row.delegate)} decides for {plain(row.person)} {row.active ? '' : `from ${absolute(row.from)} `}until {absolute(row.until)}
        {row.outOfOffice ? ', and hears the reminders' : ''}.{row.reason ? ` “${plain(row.reason)}”` : ''}
      </p>
      <Button size="compact-sm" variant="default" disabled={end.isPending} onClick={() => end.mutate({})}>
        End it
      </Button>
      {end.error ? <Failed error={end.error} where="while ending it" /> : null}
    </div>
  );
}

const EMPTY = { to: '', until: '', reason: '', outOfOffice: true };

function Lend() {
  const [wish, setWish] = useState(EMPTY);
  const [isMissing, setMissing] = useState(false);
  const send = useSend<object>(api.delegations());
  const set = (change: Partial<typeof EMPTY>): void => setWish({ ...wish, ...change });
  const submit = (): void => {
    const ms = Date.parse(wish.until);
    const isWhole = wish.to.trim() !== '' && !Number.isNaN(ms);
    setMissing(!isWhole);
    if (!isWhole) return;
    const body = { to: wish.to.trim(), until: new Date(ms).toISOString(), outOfOffice: wish.outOfOffice, reason: wish.reason.trim() };
    send.mutate(body, { onSuccess: () => setWish(EMPTY) });
  };
  return (
    <SendForm
      label="Let somebody decide in your stead"
      isSending={send.isPending}
      error={send.error}
      where="while saving it"
      button="Let them decide"
      onSubmit={submit}
    >
      <TextInput
        data-autofocus
        label="Who decides in your stead"
        description="Their sign-in name. They decide in their own name, and only what they may decide themselves."
        value={wish.to}
        maxLength={128}
        error={isMissing && wish.to.trim() === '' ? 'Write a sign-in name.' : undefined}
        onChange={(event) => set({ to: event.currentTarget.value })}
      />
      <TextInput
        type="datetime-local"
        label="Until"
        description="At most 90 days."
        value={wish.until}
        error={isMissing && wish.until === '' ? 'Say when it is over.' : undefined}
        onChange={(event) => set({ until: event.currentTarget.value })}
      />
      <TextInput label="Reason" value={wish.reason} maxLength={500} onChange={(event) => set({ reason: event.currentTarget.value })} />
      <Checkbox
        label="My reminders go to them"
        checked={wish.outOfOffice}
        onChange={(event) => set({ outOfOffice: event.currentTarget.checked })}
      />
    </SendForm>
  );
}
