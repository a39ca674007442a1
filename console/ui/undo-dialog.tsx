// Undo, with its preview: what will happen, what stays and why, what cannot be taken back. Then one button that says it.
import { Button, Modal, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useLocation } from 'wouter';
import type { UndoPreview, UndoScope } from '../../server/contract.ts';
import { problemOf } from '../api.ts';
import { api, screen } from '../paths.ts';
import { useSend, useUndoPreview } from '../queries.ts';
import { count, plain } from '../words.ts';
import css from './dialog.module.css';
import { Failed, Loading } from './notice.tsx';
import { SendForm } from './send-form.tsx';

export function UndoDialog({ scope, onClose }: { readonly scope: UndoScope; readonly onClose: () => void }) {
  const preview = useUndoPreview(scope);
  const [later, setLater] = useState<UndoPreview>();
  const shown = later ?? preview.data;
  return (
    <Modal opened onClose={onClose} title="Undo: what would happen" centered size="lg">
      {preview.error && !preview.data ? <Failed error={preview.error} where="the preview" retry={() => void preview.refetch()} /> : null}
      {preview.isPending ? <Loading rows={3} /> : null}
      {shown ? <Confirm scope={scope} preview={shown} onLook={setLater} onClose={onClose} /> : null}
    </Modal>
  );
}

interface ConfirmProps {
  readonly scope: UndoScope;
  readonly preview: UndoPreview;
  /** Where something else would be undone by now: to look at that first. */
  readonly onLook: (preview: UndoPreview) => void;
  readonly onClose: () => void;
}

function Confirm({ scope, preview, onLook, onClose }: ConfirmProps) {
  const [reason, setReason] = useState('');
  const [, go] = useLocation();
  const send = useSend<UndoScope & { digest: string; reason: string }, { runs: readonly string[] }>(api.undo());
  const changed = send.error ? problemOf(send.error).preview : undefined;
  const amount = preview.will.length;
  const look = (by: UndoPreview): void => {
    send.reset();
    onLook(by);
  };
  const submit = (): void =>
    send.mutate(
      { ...scope, digest: preview.digest, reason: reason.trim() || 'Undone from the console' },
      {
        onSuccess: ({ runs }) => {
          onClose();
          if (runs[0]) go(screen.run(runs[0]));
        },
      },
    );
  return (
    <SendForm
      isSending={send.isPending}
      error={send.error}
      where="while asking for the undo"
      {...(amount > 0 ? { button: `Undo ${count(amount, 'effect')}` } : {})}
      sendingWords="Asking for the undo"
      {...(changed ? { instead: <Look onClick={() => look(changed)} /> } : {})}
      cancel={{ words: amount > 0 ? 'Keep everything' : 'Close', onClick: onClose }}
      onSubmit={submit}
    >
      {amount > 0 ? (
        <Part title="Will be undone, last effect first">
          {preview.will.map(({ hold, says }) => (
            <li key={hold}>{plain(says)}</li>
          ))}
        </Part>
      ) : (
        <p>{plain(preview.says)}.</p>
      )}
      {preview.stays.length > 0 ? (
        <Part title="Stays">
          {preview.stays.map(({ hold, entity, why }) => (
            <li key={hold}>
              {plain(entity)}: <span className="dim">{plain(why)}</span>
            </li>
          ))}
        </Part>
      ) : null}
      {preview.cannot.length > 0 ? (
        <Part title="Cannot be taken back">
          {preview.cannot.map(({ step, says, why }) => (
            <li key={step}>
              {plain(says)}: <span className="dim">{plain(why)}</span>
            </li>
          ))}
        </Part>
      ) : null}
      {amount > 0 ? (
        <TextInput
          label="Why"
          placeholder="False positive"
          maxLength={500}
          autoFocus
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
      ) : null}
    </SendForm>
  );
}

/** Does not submit: Enter, held down, leads past nothing that was not read. */
function Look({ onClick }: { readonly onClick: () => void }) {
  return <Button onClick={onClick}>Show what would be undone now</Button>;
}

function Part({ title, children }: { readonly title: string; readonly children: React.ReactNode }) {
  return (
    <section>
      <h3>{title}</h3>
      <ul className={css.lines}>{children}</ul>
    </section>
  );
}
