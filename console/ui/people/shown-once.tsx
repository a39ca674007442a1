// A password or a token that was just made. It is shown this once: closing by mistake would lose it, so only its own button closes.
import { Button, Modal } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import dialog from '../dialog.module.css';
import css from './people.module.css';

interface ShownOnceProps {
  readonly title: string;
  readonly children: ReactNode;
  /** "one-time password" */
  readonly what: string;
  readonly value: string;
  readonly onClose: () => void;
}

export function ShownOnce({ title, children, what, value, onClose }: ShownOnceProps) {
  const [state, setState] = useState<'' | 'copied' | 'select it and copy it by hand'>('');
  const copy = async (): Promise<void> => {
    // Browsers give no clipboard to pages without HTTPS on other machines.
    const isCopied = await navigator.clipboard?.writeText(value).then(
      () => true,
      () => false,
    );
    setState(isCopied ? 'copied' : 'select it and copy it by hand');
  };
  return (
    <Modal opened onClose={onClose} title={title} centered withCloseButton={false} closeOnEscape={false} closeOnClickOutside={false}>
      <div className={dialog.form}>
        <div>{children}</div>
        <output className={`${css.secret} mono`} aria-label={what}>
          {value}
        </output>
        <div className={dialog.buttons}>
          <span className="dim" aria-live="polite">
            {state}
          </span>
          {/* Not the other: a second Enter by mistake would take it away. */}
          <Button data-autofocus variant="default" onClick={() => void copy()}>
            Copy
          </Button>
          <Button onClick={onClose}>I have kept it</Button>
        </div>
      </div>
    </Modal>
  );
}
