// The answer to a question: its choices as buttons (keys 1 to 9), a form, or rows.
import { Button } from '@mantine/core';
import type { AnswerBody, ApprovalDetail } from '../../../server/contract.ts';
import { useKeys } from '../../keys.ts';
import { useLink } from '../../live.tsx';
import { api } from '../../paths.ts';
import { useSend } from '../../queries.ts';
import { plain } from '../../words.ts';
import { Key } from '../key.tsx';
import { Failed } from '../notice.tsx';
import css from './approval.module.css';
import { FormAnswer } from './form-answer.tsx';
import { RowsAnswer } from './rows-answer.tsx';

/** What the question asks for says how it is answered. */
export function Answer({ approval }: { readonly approval: ApprovalDetail }) {
  if (approval.form) return <FormAnswer approval={approval} form={approval.form} />;
  if (approval.rows) return <RowsAnswer approval={approval} rows={approval.rows} />;
  return <ChoiceAnswer approval={approval} />;
}

function ChoiceAnswer({ approval }: { readonly approval: ApprovalDetail }) {
  const send = useSend<AnswerBody>(api.decide(approval.id, 'answer'));
  const { state: link } = useLink();
  const choices = approval.choices ?? [];
  const isStuck = send.isPending || link === 'offline';
  const answer = (choice: string): void => {
    if (!isStuck) send.mutate({ digest: approval.digest, answer: choice });
  };
  useKeys(Object.fromEntries(choices.slice(0, 9).map((choice, index) => [String(index + 1), () => answer(choice)])));
  return (
    <div className={css.decide}>
      {send.error ? <Failed error={send.error} where="while sending your answer" /> : null}
      <div className={css.buttons}>
        {choices.map((choice, index) => (
          <Button
            key={choice}
            size="md"
            variant="default"
            disabled={isStuck}
            onClick={() => answer(choice)}
            rightSection={index < 9 ? <Key name={String(index + 1)} /> : null}
          >
            {plain(choice)}
          </Button>
        ))}
      </div>
      {link === 'offline' ? <p className="dim">Offline: an answer would not be sent.</p> : null}
    </div>
  );
}
