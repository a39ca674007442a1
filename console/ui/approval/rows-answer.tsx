// A question with rows: a table, one answer in each. Keys: 1 to 9 answer the row and go on, Shift with them answers all; Tab goes from row to row.
import { Button } from '@mantine/core';
import { useRef, useState } from 'react';
import type { Row, Rows } from '../../../language/rows.ts';
import type { AnswerBody, ApprovalDetail } from '../../../server/contract.ts';
import { useKeys } from '../../keys.ts';
import { useLink } from '../../live.tsx';
import { api } from '../../paths.ts';
import { useSend } from '../../queries.ts';
import { list, plain } from '../../words.ts';
import css from '../form/form.module.css';
import { Pick } from '../form/pick.tsx';
import { Key } from '../key.tsx';
import { Failed } from '../notice.tsx';
import { cellOf, columnsOf } from './row-columns.ts';

/** By the row's id. */
type Said = Readonly<Record<string, string>>;

export function RowsAnswer({ approval, rows }: { readonly approval: ApprovalDetail; readonly rows: Rows }) {
  const { items, choices } = rows;
  const [said, setSaid] = useState<Said>({});
  const [current, setCurrent] = useState(0);
  const [isMissing, setMissing] = useState(false);
  const table = useRef<HTMLTableElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const send = useSend<AnswerBody>(api.decide(approval.id, 'answer'));
  const { state: link } = useLink();
  const isStuck = send.isPending || link === 'offline';
  const open = items.filter(({ id }) => said[id] === undefined);

  /** After the last row, to the button. */
  const goTo = (index: number): void => {
    setCurrent(Math.min(index, items.length - 1));
    const row = table.current?.tBodies[0]?.rows[index];
    const place = row ? (row.querySelector<HTMLElement>('input:checked') ?? row.querySelector('input')) : button.current;
    place?.focus();
  };
  const answer = (row: Row | undefined, choice: string): void => {
    if (row) setSaid((before) => ({ ...before, [row.id]: choice }));
  };
  const answerAll = (choice: string): void => setSaid(Object.fromEntries(items.map(({ id }) => [id, choice])));
  const submit = (): void => {
    if (isStuck) return;
    if (open.length === 0) {
      send.mutate({ digest: approval.digest, answer: said });
      return;
    }
    setMissing(true);
    goTo(items.findIndex(({ id }) => id === open[0]?.id));
  };
  const digits = choices.slice(0, 9).map((choice, index) => [String(index + 1), choice] as const);
  useKeys({
    ...Object.fromEntries(
      digits.map(([key, choice]) => [
        key,
        () => {
          answer(items[current], choice);
          goTo(current + 1);
        },
      ]),
    ),
    ...Object.fromEntries(digits.map(([key, choice]) => [`Shift ${key}`, () => answerAll(choice)])),
  });
  return (
    <form
      className={css.fill}
      aria-label="Your answers"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <div className={css.all}>
        <span className="dim">All {items.length}:</span>
        {choices.map((choice, index) => (
          <Button
            key={choice}
            size="compact-sm"
            variant="default"
            onClick={() => answerAll(choice)}
            rightSection={index < 9 ? <Key name={`⇧${index + 1}`} /> : null}
          >
            {plain(choice)}
          </Button>
        ))}
      </div>
      <Table
        refTo={table}
        approval={approval}
        rows={rows}
        said={said}
        current={current}
        isMissing={isMissing}
        onSay={answer}
        onEnter={setCurrent}
      />
      <div className={css.send}>
        {send.error ? <Failed error={send.error} where="while sending your answers" /> : null}
        <span className="dim" aria-live="polite">
          {link === 'offline' ? 'Offline: answers would not be sent.' : progress(said, rows, approval.silence)}
        </span>
        <Button ref={button} type="submit" size="md" disabled={isStuck} rightSection={<Key name="Enter" />}>
          {send.isPending ? 'Sending your answers' : `Send ${items.length === 1 ? 'the answer' : `${items.length} answers`}`}
        </Button>
      </div>
    </form>
  );
}

interface TableProps {
  readonly refTo: React.RefObject<HTMLTableElement | null>;
  readonly approval: ApprovalDetail;
  readonly rows: Rows;
  readonly said: Said;
  readonly current: number;
  /** Somebody wanted to send: rows without an answer say so. */
  readonly isMissing: boolean;
  readonly onSay: (row: Row, choice: string) => void;
  readonly onEnter: (index: number) => void;
}

function Table({ refTo, approval, rows, said, current, isMissing, onSay, onEnter }: TableProps) {
  const columns = columnsOf(rows.items);
  const choices = rows.choices.map((value) => ({ value, words: plain(value) }));
  return (
    <table ref={refTo} className={css.rows} aria-label={plain(approval.title)}>
      <thead>
        <tr>
          <th scope="col">{rows.items.length === 1 ? '1 row' : `${rows.items.length} rows`}</th>
          {columns.map((column) => (
            <th key={column} scope="col">
              {plain(column.replaceAll('_', ' '))}
            </th>
          ))}
          <th scope="col">Answer</th>
        </tr>
      </thead>
      <tbody>
        {rows.items.map((row, index) => (
          <tr
            key={row.id}
            data-current={index === current || undefined}
            data-missing={(isMissing && said[row.id] === undefined) || undefined}
            onFocus={() => onEnter(index)}
          >
            <td>{plain(row.label)}</td>
            {columns.map((column) => (
              <td key={column} className={css.cell}>
                {plain(cellOf(row, column))}
              </td>
            ))}
            <td>
              <Pick
                name={`${approval.id}-${row.id}`}
                label={plain(row.label)}
                isBare
                choices={choices}
                value={said[row.id] ?? ''}
                onChange={(choice) => onSay(row, choice)}
              />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function progress(said: Said, { items, choices }: Rows, silence: string): string {
  const answered = items.filter(({ id }) => said[id] !== undefined).length;
  if (answered === 0) return `Nothing is answered yet. Silence means “${plain(silence)}” for every row.`;
  const words = choices.flatMap((choice) => {
    const count = Object.values(said).filter((one) => one === choice).length;
    return count === 0 ? [] : [`${count} ${plain(choice)}`];
  });
  return answered < items.length ? `${list(words, 'and')}; ${items.length - answered} have no answer yet.` : `${list(words, 'and')}.`;
}
