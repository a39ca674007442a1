// The two buttons, or the one of who may only deny, and the reason and the password where they are needed. Keys: a, d; the rest is in the panel.
import { Button } from '@mantine/core';
import { useState } from 'react';
import type { ApprovalDetail, DecideBody } from '../../../server/contract.ts';
import { useKeys } from '../../keys.ts';
import { useLink } from '../../live.tsx';
import { api } from '../../paths.ts';
import { useSend } from '../../queries.ts';
import { Key } from '../key.tsx';
import { Failed } from '../notice.tsx';
import css from './approval.module.css';
import { type Choice, type Given, ReasonPanel } from './reason-panel.tsx';
import { verbs } from './sentence.tsx';

const NOTHING: Given = { reason: '', password: '' };

export function Decide({ approval }: { readonly approval: ApprovalDetail }) {
  const [asking, setAsking] = useState<Choice>();
  const [given, setGiven] = useState(NOTHING);
  const approve = useSend<DecideBody>(api.decide(approval.id, 'approve'));
  const deny = useSend<DecideBody>(api.decide(approval.id, 'deny'));
  const { state: link } = useLink();
  const isBusy = approve.isPending || deny.isPending;
  const cannotBeUndone = approval.items.some(({ risk }) => risk === 'destructive');
  const wantsProof = approval.requirement.stepUpMs !== undefined;
  const words = verbs(approval.items);

  const send = (choice: Choice, { reason, password }: Given): void => {
    if (isBusy || link === 'offline') return;
    const body: DecideBody = {
      digest: approval.digest,
      ...(reason ? { reason } : {}),
      ...(choice === 'approve' && password ? { password } : {}),
    };
    (choice === 'approve' ? approve : deny).mutate(body, {
      onSuccess: () => {
        setAsking(undefined);
        setGiven(NOTHING);
      },
    });
  };
  // A denial ends it for good, so one stray key never denies; what can be undone is approved by one key.
  const choose = (choice: Choice): void =>
    choice === 'approve' && !cannotBeUndone && !wantsProof ? send(choice, NOTHING) : setAsking(choice);
  useKeys({ ...(approval.mayDecide ? { a: () => choose('approve') } : {}), d: () => choose('deny') });
  const error = approve.error ?? deny.error;

  return (
    <div className={css.decide}>
      {error && !isBusy ? <Failed error={error} where="while sending your decision" /> : null}
      {asking ? (
        <ReasonPanel
          key={asking}
          choice={asking}
          needs={{ reason: asking === 'approve' && cannotBeUndone, password: asking === 'approve' && wantsProof }}
          words={words}
          given={given}
          isBusy={isBusy}
          onType={setGiven}
          onSend={(whole) => send(asking, whole)}
          onCancel={() => setAsking(undefined)}
        />
      ) : (
        <div className={css.buttons}>
          <Button
            size="md"
            variant="default"
            onClick={() => choose('deny')}
            disabled={isBusy || link === 'offline'}
            rightSection={<Key name="d" />}
          >
            Deny
          </Button>
          {approval.mayDecide ? (
            <Button size="md" onClick={() => choose('approve')} disabled={isBusy || link === 'offline'} rightSection={<Key name="a" />}>
              {isBusy ? 'Sending your approval' : `Approve: ${words || 'go on'}`}
            </Button>
          ) : null}
        </div>
      )}
      {link === 'offline' ? (
        <p className="dim">Offline: a decision would not be sent. It can be made when the connection is back.</p>
      ) : null}
    </div>
  );
}
