// API tokens: what for, until when, last used; and taking them back.
import { Button } from '@mantine/core';
import { useState } from 'react';
import type { TokenRow } from '../../../server/contract.ts';
import { useTokens } from '../../queries.ts';
import { plain } from '../../words.ts';
import { Lines } from '../detail.tsx';
import { Failed, Loading } from '../notice.tsx';
import { When } from '../when.tsx';
import css from './people.module.css';
import { SureDialog } from './sure-dialog.tsx';

interface TokensProps {
  /** Absent: one's own. */
  readonly personId?: string;
  readonly path: (token: string) => string;
}

export function Tokens({ personId, path }: TokensProps) {
  const tokens = useTokens(personId);
  const [revoked, setRevoked] = useState<TokenRow>();
  if (!tokens.data) {
    return tokens.error ? (
      <Failed error={tokens.error} where="while reading the API tokens" retry={() => void tokens.refetch()} />
    ) : (
      <Loading rows={2} />
    );
  }
  if (tokens.data.items.length === 0) return <p className="dim">None.</p>;
  return (
    <>
      <Lines>
        {tokens.data.items.map((token) => (
          <li key={token.id}>
            <span className={css.token}>
              <span>
                {plain(token.name)} <span className="dim">for {token.scopes.map(plain).join(', ')}</span>
              </span>
              <span className="dim">
                {token.lastUsedAt ? (
                  <>
                    last used <When at={token.lastUsedAt} />
                  </>
                ) : (
                  'never used'
                )}
                {token.expiresAt ? (
                  <>
                    , {Date.parse(token.expiresAt) < Date.now() ? 'ended' : 'ends'} <When at={token.expiresAt} />
                  </>
                ) : (
                  ', does not end by itself'
                )}
              </span>
            </span>
            <span data-end>
              <Button size="compact-sm" variant="default" aria-label={`Revoke ${plain(token.name)}`} onClick={() => setRevoked(token)}>
                Revoke
              </Button>
            </span>
          </li>
        ))}
      </Lines>
      {revoked ? (
        <SureDialog
          title={`Revoke ${plain(revoked.name)}`}
          button="Revoke it"
          path={path(revoked.id)}
          method="DELETE"
          onClose={() => setRevoked(undefined)}
        >
          What uses it is refused from now on. It cannot be brought back; another can be made.
        </SureDialog>
      ) : null}
    </>
  );
}
