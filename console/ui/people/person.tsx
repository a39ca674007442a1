// One account, as an admin sees it.
import { Button } from '@mantine/core';
import { useState } from 'react';
import { Link } from 'wouter';
import type { NewAccount, PersonRow } from '../../../server/contract.ts';
import { useKeys } from '../../keys.ts';
import { api, screen } from '../../paths.ts';
import { useMe, usePerson } from '../../queries.ts';
import { absolute } from '../../time.ts';
import { plain, type Said } from '../../words.ts';
import { Actions, Callout, Detail, Part } from '../detail.tsx';
import { Fact, Facts } from '../facts.tsx';
import { Ident } from '../ident.tsx';
import { Key } from '../key.tsx';
import { Failed, Loading } from '../notice.tsx';
import { Tag } from '../tag.tsx';
import { When } from '../when.tsx';
import { ChangePerson } from './person-form.tsx';
import { roleWords } from './roles.ts';
import { ShownOnce } from './shown-once.tsx';
import { SureDialog } from './sure-dialog.tsx';
import { Tokens } from './tokens.tsx';

/** Only what is out of the ordinary has a mark. */
export function personSaid(person: PersonRow): Said | undefined {
  if (person.contained) return { tone: 'held', word: 'contained' };
  if (person.disabled) return { tone: 'none', word: 'disabled' };
  return person.mustChangePassword ? { tone: 'wait', word: 'one-time password' } : undefined;
}

type Open = 'change' | 'reset' | 'disable' | 'enable';

export function OpenedPerson({ id }: { readonly id: string }) {
  const { data: me } = useMe();
  const { data: person, error, refetch } = usePerson(id);
  const [open, setOpen] = useState<Open>();
  const [made, setMade] = useState<NewAccount>();
  useKeys({ e: person ? () => setOpen('change') : undefined });
  if (!person) return error ? <Failed error={error} where={`person ${id}`} retry={() => void refetch()} /> : <Loading />;
  const isSelf = person.id === me?.id;
  const said = personSaid(person);
  const close = (): void => setOpen(undefined);
  return (
    <Detail
      title={person.name}
      head={
        <>
          {said ? <Tag {...said} /> : null}
          {person.breakGlass ? <span className="dim">for emergencies</span> : null}
          {isSelf ? <span className="dim">you</span> : null}
          <Ident value={person.id} what="person id" />
        </>
      }
    >
      <States person={person} />
      <Actions>
        <Button variant="default" onClick={() => setOpen('change')} rightSection={<Key name="e" />}>
          Change
        </Button>
        {isSelf ? null : (
          <>
            <Button variant="default" onClick={() => setOpen('reset')}>
              Reset the password
            </Button>
            <Button variant="default" onClick={() => setOpen(person.disabled ? 'enable' : 'disable')}>
              {person.disabled ? 'Enable the account' : 'Disable the account'}
            </Button>
          </>
        )}
      </Actions>
      <Facts>
        <Fact label="Login">
          <code>{plain(person.login)}</code>
        </Fact>
        <Fact label="E-mail">{person.email ? plain(person.email) : <span className="dim">none</span>}</Fact>
        <Fact label="Role">
          {person.role} <span className="dim">{roleWords(person.role)}</span>
        </Fact>
        <Fact label="Last sign-in">{person.lastSignInAt ? <Instant at={person.lastSignInAt} /> : <span className="dim">never</span>}</Fact>
        <Fact label="Made">
          <Instant at={person.createdAt} />
        </Fact>
      </Facts>
      <Part title="API tokens">
        <Tokens personId={person.id} path={(token) => api.tokenOf(person.id, token)} />
      </Part>
      {isSelf ? (
        <p>
          Your password and your own tokens: <Link href={screen.account()}>Your account</Link>
        </p>
      ) : null}
      {open === 'change' ? <ChangePerson person={person} isSelf={isSelf} onClose={close} /> : null}
      {open === 'reset' ? <Reset person={person} onClose={close} onDone={setMade} /> : null}
      {open === 'disable' || open === 'enable' ? <Switch person={person} onClose={close} /> : null}
      {made ? <OneTimePassword account={made} onClose={() => setMade(undefined)} /> : null}
    </Detail>
  );
}

function States({ person }: { readonly person: PersonRow }) {
  return (
    <>
      {person.contained ? (
        <Callout tone="needs">
          <strong>An account of theirs is contained.</strong> They decide and change nothing until it is released under{' '}
          <Link href={screen.contained()}>Contained</Link>.
        </Callout>
      ) : null}
      {person.disabled ? (
        <Callout tone="none">
          <strong>Nobody can sign in with it.</strong> Its API tokens are refused, too.
        </Callout>
      ) : null}
      {person.mustChangePassword && !person.disabled ? (
        <Callout tone="wait">
          <strong>A one-time password was given out.</strong> They choose their own when they sign in with it.
        </Callout>
      ) : null}
    </>
  );
}

const Instant = ({ at }: { readonly at: string }) => (
  <>
    <When at={at} /> <span className="dim">{absolute(at)}</span>
  </>
);

interface ResetProps {
  readonly person: PersonRow;
  readonly onClose: () => void;
  readonly onDone: (account: NewAccount) => void;
}

const Reset = ({ person, onClose, onDone }: ResetProps) => (
  <SureDialog
    title={`Reset the password of ${plain(person.name)}`}
    button="Make a one-time password"
    path={api.resetPassword(person.id)}
    onClose={onClose}
    onDone={onDone}
  >
    The present password ends, and so do all sessions. API tokens go on: revoke them too if somebody else may have them.
  </SureDialog>
);

const Switch = ({ person, onClose }: Omit<ResetProps, 'onDone'>) => (
  <SureDialog
    title={`${person.disabled ? 'Enable' : 'Disable'} ${plain(person.name)}`}
    button={person.disabled ? 'Enable the account' : 'Disable the account'}
    path={api.person(person.id)}
    method="PATCH"
    body={{ disabled: !person.disabled }}
    onClose={onClose}
  >
    {person.disabled
      ? 'They can sign in again with the password that they had, and API tokens that were not revoked work again.'
      : 'All sessions end at once and API tokens are refused. What they decided stays as it is, and the account can be enabled again.'}
  </SureDialog>
);

/** After adding and after a reset. */
export const OneTimePassword = ({ account, onClose }: { readonly account: NewAccount; readonly onClose: () => void }) => (
  <ShownOnce title={`${plain(account.name)} signs in with this once`} what="one-time password" value={account.password} onClose={onClose}>
    <p>
      Login <code>{plain(account.login)}</code>. Hand the password over in a way that you trust; it is shown this once, and they choose
      their own with it.
    </p>
  </ShownOnce>
);
