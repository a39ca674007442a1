// A question with a form: fields, and one button. Keys: e goes to the first field, Enter (Ctrl Enter in long texts) sends.
import { Button } from '@mantine/core';
import { useRef, useState } from 'react';
import { checkForm, type Form } from '../../../language/form.ts';
import type { AnswerBody, ApprovalDetail } from '../../../server/contract.ts';
import { problemOf } from '../../api.ts';
import { useKeys } from '../../keys.ts';
import { useLink } from '../../live.tsx';
import { api } from '../../paths.ts';
import { useSend } from '../../queries.ts';
import { byField, firstTyped, valuesOf } from '../form/field-values.ts';
import { Fields } from '../form/fields.tsx';
import css from '../form/form.module.css';
import { Key } from '../key.tsx';
import { Failed } from '../notice.tsx';

export function FormAnswer({ approval, form }: { readonly approval: ApprovalDetail; readonly form: Form }) {
  const [typed, setTyped] = useState(() => firstTyped(form));
  const [faults, setFaults] = useState<Readonly<Record<string, string>>>({});
  const element = useRef<HTMLFormElement>(null);
  const send = useSend<AnswerBody>(api.decide(approval.id, 'answer'));
  const { state: link } = useLink();
  const isStuck = send.isPending || link === 'offline';
  const show = (found: Readonly<Record<string, string>>): void => {
    setFaults(found);
    focusFirst(element.current, approval.id, form.find(({ name }) => found[name])?.name);
  };
  const submit = (): void => {
    if (isStuck) return;
    const checked = checkForm(form, valuesOf(form, typed));
    if (!checked.ok) {
      show(byField(checked.faults));
      return;
    }
    setFaults({});
    send.mutate({ digest: approval.digest, answer: checked.value }, { onError: (error) => show(byField(problemOf(error).faults ?? [])) });
  };
  useKeys({ e: () => focusFirst(element.current, approval.id, form[0]?.name) });
  return (
    <form
      ref={element}
      className={css.fill}
      aria-label="Your answer"
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
      onKeyDown={(event) => {
        if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) submit();
      }}
    >
      <Fields
        id={approval.id}
        form={form}
        typed={typed}
        faults={faults}
        onType={(name, text) => setTyped((before) => ({ ...before, [name]: text }))}
      />
      <div className={css.send}>
        {send.error && Object.keys(faults).length === 0 ? <Failed error={send.error} where="while sending your answer" /> : null}
        <span className="dim">{link === 'offline' ? 'Offline: an answer would not be sent.' : `Silence means ${approval.silence}.`}</span>
        <Button type="submit" size="md" disabled={isStuck} rightSection={<Key name="Enter" />}>
          {send.isPending ? 'Sending your answer' : 'Send the answer'}
        </Button>
      </div>
    </form>
  );
}

/** The field's input, or the first button of its choices. */
function focusFirst(form: HTMLFormElement | null, id: string, name: string | undefined): void {
  if (!form || name === undefined) return;
  const place = [...form.querySelectorAll<HTMLElement>('[data-field]')].find((one) => one.dataset.field === `${id}-${name}`);
  const input = place?.matches('fieldset')
    ? (place.querySelector<HTMLElement>('input:checked') ?? place.querySelector<HTMLElement>('input'))
    : place;
  input?.focus();
}
