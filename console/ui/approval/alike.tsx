// Many approvals that ask for the same, decided in one go: only what stands in the list, each over what is shown of it.
import { Button, Checkbox, Modal } from '@mantine/core';
import { useState } from 'react';
import type { ApprovalDetail, ApprovalRow, BatchOutcome, Page } from '../../../server/contract.ts';
import { useKeys } from '../../keys.ts';
import { useLink } from '../../live.tsx';
import { api } from '../../paths.ts';
import { useAlike, useAlikeDetails, useSend } from '../../queries.ts';
import { count, plain } from '../../words.ts';
import css from '../dialog.module.css';
import { Key } from '../key.tsx';
import { Failed, Loading } from '../notice.tsx';
import { Tag } from '../tag.tsx';
import { type Choice, type Given, ReasonPanel } from './reason-panel.tsx';
import { Sentence, verbs } from './sentence.tsx';

interface AlikeProps {
  readonly approval: ApprovalRow;
  /** With the ids of all that one may decide, this one among them. */
  readonly onOpen: (ids: readonly string[]) => void;
}

/** Offered where others ask for the same and one may decide them too. */
export function Alike({ approval, onOpen }: AlikeProps) {
  const { data } = useAlike(approval.id);
  const ids = (data?.items ?? []).filter(({ mayDecide }) => mayDecide).map(({ id }) => id);
  const others = ids.filter((id) => id !== approval.id).length;
  useKeys({ b: others > 0 ? () => onOpen(ids) : undefined });
  if (others === 0) return null;
  return (
    <Button variant="default" size="compact-sm" mt={8} onClick={() => onOpen(ids)} rightSection={<Key name="b" />}>
      {count(others, 'other')} {others === 1 ? 'asks' : 'ask'} for the same: decide together
    </Button>
  );
}

/** The list is read once, when it is opened: what comes later is not decided with it. It outlives the card's own buttons. */
export function Together({ ids, onClose }: { readonly ids: readonly string[]; readonly onClose: () => void }) {
  const { data, error, refetch } = useAlikeDetails(ids);
  return (
    <Modal opened onClose={onClose} title="Decide together" size="lg" centered>
      {error ? <Failed error={error} where="while reading the list" retry={() => void refetch()} /> : null}
      {data ? <Batch approvals={data.filter(({ state }) => state === 'open')} onClose={onClose} /> : null}
      {data || error ? null : <Loading rows={4} />}
    </Modal>
  );
}

interface BatchProps {
  readonly approvals: readonly ApprovalDetail[];
  readonly onClose: () => void;
}

function Batch({ approvals, onClose }: BatchProps) {
  const [leftOut, setLeftOut] = useState<readonly string[]>([]);
  const [choice, setChoice] = useState<Choice>();
  const [given, setGiven] = useState<Given>({ reason: '', password: '' });
  const send = useSend<object, Page<BatchOutcome>>(api.decideAlike());
  const { state: link } = useLink();
  const chosen = approvals.filter(({ id }) => !leftOut.includes(id));
  const items = chosen.flatMap((one) => one.items);
  const isStuck = send.isPending || link === 'offline' || chosen.length === 0;
  if (send.data) return <Outcomes outcomes={send.data.items} approvals={approvals} onClose={onClose} />;
  const decide = (decision: Choice, { reason, password }: Given): void => {
    if (isStuck) return;
    send.mutate({
      decision,
      approvals: chosen.map(({ id, digest }) => ({ id, digest })),
      ...(reason ? { reason } : {}),
      ...(decision === 'approve' && password ? { password } : {}),
    });
  };
  return (
    <div className={css.form}>
      <ul className={css.lines} aria-label="What is decided together">
        {approvals.map((one) => (
          <li key={one.id}>
            <Checkbox
              label={<Sentence items={one.items} fallback={one.title} />}
              description={`${plain(one.playbook)}: ${plain(one.reason)}`}
              checked={!leftOut.includes(one.id)}
              disabled={choice !== undefined}
              onChange={({ currentTarget }) =>
                setLeftOut((before) => (currentTarget.checked ? before.filter((id) => id !== one.id) : [...before, one.id]))
              }
            />
          </li>
        ))}
      </ul>
      {send.error ? <Failed error={send.error} where="while sending your decisions" /> : null}
      {choice ? (
        <ReasonPanel
          key={choice}
          choice={choice}
          needs={{
            reason: choice === 'approve' && items.some(({ risk }) => risk === 'destructive'),
            password: choice === 'approve' && chosen.some(({ requirement }) => requirement.stepUpMs !== undefined),
          }}
          words={`${chosen.length}, ${verbs(items) || 'go on'}`}
          given={given}
          isBusy={send.isPending}
          onType={setGiven}
          onSend={(whole) => decide(choice, whole)}
          onCancel={() => setChoice(undefined)}
        />
      ) : (
        <div className={css.buttons}>
          <Button variant="default" disabled={isStuck} onClick={() => setChoice('deny')}>
            Deny {chosen.length}
          </Button>
          <Button disabled={isStuck} onClick={() => setChoice('approve')}>
            Approve {chosen.length}: {verbs(items) || 'go on'}
          </Button>
        </div>
      )}
    </div>
  );
}

interface OutcomesProps extends BatchProps {
  readonly outcomes: readonly BatchOutcome[];
}

/** What became of each: one that was refused keeps no other back. */
function Outcomes({ outcomes, approvals, onClose }: OutcomesProps) {
  return (
    <div className={css.form}>
      <ul className={css.lines} aria-label="What became of each">
        {outcomes.map((one) => (
          <li key={one.id}>
            <Tag {...(one.code ? { tone: 'bad', word: 'refused' } : { tone: 'none', word: WORDS[one.state ?? ''] ?? one.state ?? '' })} />{' '}
            {plain(approvals.find(({ id }) => id === one.id)?.title ?? one.id)} {one.detail ? plain(one.detail) : null}
          </li>
        ))}
      </ul>
      <div className={css.buttons}>
        <Button data-autofocus onClick={onClose}>
          Close
        </Button>
      </div>
    </div>
  );
}

const WORDS: Readonly<Record<string, string>> = { granted: 'approved', open: 'given; more people are needed' };
