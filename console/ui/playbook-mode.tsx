// How far a playbook may go, what it would have done while it only observed, and the change of it.
import { Button } from '@mantine/core';
import { useState } from 'react';
import type { PlaybookRow, WouldHave } from '../../server/contract.ts';
import { api } from '../paths.ts';
import { useWouldHave } from '../queries.ts';
import { count, plain, verbWords } from '../words.ts';
import { Actions, Lines, Part } from './detail.tsx';
import { Failed } from './notice.tsx';
import { ReasonDialog } from './reason-dialog.tsx';

type ModeName = PlaybookRow['mode'];

const CHANGES: Readonly<Record<ModeName, string>> = {
  observe: 'Only observe',
  ask: 'Ask before every effect',
  act: 'Let it act',
};
const MEANINGS: Readonly<Record<ModeName, string>> = {
  observe: 'It reads and says what it would do. Nothing is touched and nobody is asked; runs that are under way do no more either.',
  ask: 'It does what it says, each effect after an approval.',
  act: 'It does what it says, and asks where it or policy says so.',
};

export function Mode({ playbook }: { readonly playbook: PlaybookRow }) {
  const { data: seen, error, refetch } = useWouldHave(playbook.playbook);
  const [wanted, setWanted] = useState<ModeName>();
  const others = (['observe', 'ask', 'act'] as const).filter((mode) => mode !== playbook.mode);
  return (
    <Part title="How far it may go">
      {seen && (playbook.mode === 'observe' || seen.effects.length > 0) ? <Would seen={seen} /> : null}
      {error && !seen ? <Failed error={error} where="what it would have done" retry={() => void refetch()} /> : null}
      <Actions>
        {others.map((mode) => (
          <Button key={mode} variant="default" onClick={() => setWanted(mode)}>
            {CHANGES[mode]}
          </Button>
        ))}
      </Actions>
      {wanted ? (
        <ReasonDialog
          title={`${playbook.title}: ${wanted}`}
          button={CHANGES[wanted]}
          path={api.playbookMode(playbook.playbook)}
          body={{ mode: wanted }}
          onClose={() => setWanted(undefined)}
        >
          {MEANINGS[wanted]}
        </ReasonDialog>
      ) : null}
    </Part>
  );
}

function Would({ seen }: { readonly seen: WouldHave }) {
  const verbs = [...new Set(seen.effects.map(({ verb }) => verb))];
  return (
    <>
      <p>
        In {seen.days} days it observed {count(seen.runs, 'run')}
        {seen.failed > 0 ? `; ${count(seen.failed, 'step')} of them failed` : ''}.{' '}
        {verbs.length > 0 ? 'It would have done:' : 'It would have changed nothing.'}
      </p>
      <Lines>
        {verbs.map((verb) => (
          <li key={verb}>
            <span>{plain(verbWords(verb))}</span>
            <span className="dim" data-end>
              {timesOf(seen, verb)}
            </span>
          </li>
        ))}
      </Lines>
    </>
  );
}

function timesOf({ effects }: WouldHave, verb: string): string {
  const sum = (effect?: 'deny' | 'ask') =>
    effects
      .filter((one) => one.verb === verb && (effect === undefined || one.effect === effect))
      .reduce((total, one) => total + one.times, 0);
  const [denied, asked] = [sum('deny'), sum('ask')];
  return [count(sum(), 'time'), denied > 0 ? `${denied} of them protected` : '', asked > 0 ? `${asked} after an approval` : '']
    .filter((part) => part !== '')
    .join(', ');
}
