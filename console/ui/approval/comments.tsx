// What people write to each other about it. It decides nothing, and can be added when it is over, too.
import { Button, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { ApprovalDetail } from '../../../server/contract.ts';
import { api } from '../../paths.ts';
import { useMe, useSend } from '../../queries.ts';
import { plain } from '../../words.ts';
import { Fact, Facts } from '../facts.tsx';
import { Failed } from '../notice.tsx';
import { When } from '../when.tsx';
import css from './approval.module.css';

export function Comments({ approval }: { readonly approval: ApprovalDetail }) {
  const isReader = useMe().data?.role === 'viewer';
  if (isReader && approval.comments.length === 0) return null;
  return (
    <Facts>
      <Fact label="Comments">
        {approval.comments.length === 0 ? null : (
          <ul className={css.lines}>
            {approval.comments.map((one) => (
              <li key={`${one.by} ${one.at}`}>
                {plain(one.by)} <When at={one.at} />: “{plain(one.text)}”
              </li>
            ))}
          </ul>
        )}
        {isReader ? null : <Write approvalId={approval.id} />}
      </Fact>
    </Facts>
  );
}

function Write({ approvalId }: { readonly approvalId: string }) {
  const [text, setText] = useState('');
  const send = useSend<{ readonly text: string }>(api.commentApproval(approvalId));
  const submit = (): void => {
    if (text.trim() !== '' && !send.isPending) send.mutate({ text: text.trim() }, { onSuccess: () => setText('') });
  };
  return (
    <form
      className={css.write}
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <TextInput
        aria-label="Comment"
        placeholder="To the others; it decides nothing"
        value={text}
        maxLength={2_000}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <Button type="submit" variant="default" disabled={send.isPending || text.trim() === ''}>
        {send.isPending ? 'Sending' : 'Comment'}
      </Button>
      {send.error ? <Failed error={send.error} where="while sending the comment" /> : null}
    </form>
  );
}
