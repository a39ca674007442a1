// One's accounts in other products. The link that answered a click opens this page; looking at it binds nothing, the button does.
import { Button } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { BoundIdentity, IdentityLink } from '../../server/contract.ts';
import { call } from '../api.ts';
import { api } from '../paths.ts';
import { useMe } from '../queries.ts';
import { Callout } from '../ui/detail.tsx';
import { Empty, Failed, Loading } from '../ui/notice.tsx';
import { SinglePage } from '../ui/page.tsx';
import { When } from '../ui/when.tsx';
import { plain } from '../words.ts';

export function BindPage() {
  // Behind "#", so that it was sent to nobody. Taken once: afterwards the address bar no longer shows it.
  const [token] = useState(() => location.hash.slice(1));
  return (
    <SinglePage title="Accounts in other products">
      {token === '' ? null : <Offered token={token} />}
      <Own />
    </SinglePage>
  );
}

function Offered({ token }: { readonly token: string }) {
  const { data: me } = useMe();
  const client = useQueryClient();
  const link = useQuery({
    queryKey: ['me', 'link', token],
    queryFn: () => call<IdentityLink>(api.lookIdentity(), { method: 'POST', body: { token } }),
    retry: false,
    gcTime: 0,
    staleTime: Number.POSITIVE_INFINITY,
  });
  const confirm = useMutation({
    mutationFn: () => call<BoundIdentity>(api.identities(), { method: 'POST', body: { token } }),
    onSuccess: () => {
      history.replaceState(null, '', location.pathname);
      return client.invalidateQueries({ queryKey: ['me', 'identities'] });
    },
  });
  if (link.isPending) return <Loading rows={2} />;
  if (link.error) return <Failed error={link.error} where="at this link" />;
  const { provider, externalName, externalId, realm } = link.data;
  if (confirm.isSuccess) {
    return (
      <Callout tone="ok">
        <strong>{plain(externalName)} is you now.</strong> Go back and click the button there once more.
      </Callout>
    );
  }
  return (
    <Callout tone="needs">
      <strong>
        Is the {provider} account "{plain(externalName)}" yours?
      </strong>
      <p>
        {plain(externalId)} in the workspace {plain(realm)}. Whoever uses it will approve and deny as {plain(me?.name ?? 'you')}. Confirm
        only if you have just clicked a button there yourself; if somebody sent you this link, close this page.
      </p>
      {confirm.error ? <Failed error={confirm.error} where="" /> : null}
      <Button onClick={() => confirm.mutate()} disabled={confirm.isPending}>
        {confirm.isPending ? 'Confirming' : 'Yes, it is mine'}
      </Button>
    </Callout>
  );
}

function Own() {
  const client = useQueryClient();
  const own = useQuery({
    queryKey: ['me', 'identities'],
    queryFn: ({ signal }) => call<{ readonly items: readonly BoundIdentity[] }>(api.identities(), { signal }),
  });
  const remove = useMutation({
    mutationFn: (id: string) => call(api.identity(id), { method: 'DELETE' }),
    onSettled: () => client.invalidateQueries({ queryKey: ['me', 'identities'] }),
  });
  if (own.isPending) return <Loading rows={2} />;
  if (own.error) return <Failed error={own.error} where="reading your accounts" retry={() => void own.refetch()} />;
  if (own.data.items.length === 0) {
    return <Empty title="None is bound to you">Click a button of Cordon's in Slack: it answers with a link that leads here.</Empty>;
  }
  return (
    <>
      <ul>
        {own.data.items.map((one) => (
          <li key={one.id}>
            {one.provider}: <strong>{plain(one.externalName)}</strong> <span className="dim mono">{plain(one.externalId)}</span>{' '}
            <span className="dim">
              bound <When at={one.boundAt} />
            </span>{' '}
            <Button
              size="compact-sm"
              variant="default"
              aria-label={`Take back ${plain(one.externalName)}`}
              disabled={remove.isPending}
              onClick={() => remove.mutate(one.id)}
            >
              Take it back
            </Button>
          </li>
        ))}
      </ul>
      {remove.error ? <Failed error={remove.error} where="taking it back" /> : null}
    </>
  );
}
