// A playbook's versions: who wrote and who published which, what it would change, its picture, and putting one in force.
import { Button } from '@mantine/core';
import { useState } from 'react';
import { Link, useSearchParams } from 'wouter';
import type { PlaybookRow, VersionRow } from '../../../server/contract.ts';
import { useKeys } from '../../keys.ts';
import { api, screen } from '../../paths.ts';
import { useVersionDiff, useVersions } from '../../queries.ts';
import { plain, type Said } from '../../words.ts';
import { Actions, Part } from '../detail.tsx';
import { Key } from '../key.tsx';
import { Failed, Loading } from '../notice.tsx';
import { ReasonDialog } from '../reason-dialog.tsx';
import { Tag } from '../tag.tsx';
import { When } from '../when.tsx';
import { Changes } from './changes.tsx';
import { Picture } from './picture.tsx';
import css from './versions.module.css';

export function Versions({ playbook }: { readonly playbook: PlaybookRow }) {
  const { data, error, isPending, refetch } = useVersions(playbook.playbook);
  const [params] = useSearchParams();
  if (isPending) return <Loading />;
  if (!data) return <Failed error={error} where={`the versions of ${playbook.playbook}`} retry={() => void refetch()} />;
  const rows = data.items;
  const wanted = Number(params.get('version'));
  const chosen = rows.find(({ version }) => version === wanted) ?? rows.find(({ state }) => state === 'published') ?? rows[0];
  if (!chosen) return null;
  return (
    <>
      <Part title="Versions">
        <List playbook={playbook.playbook} rows={rows} chosen={chosen} />
      </Part>
      <Chosen key={chosen.version} playbook={playbook} rows={rows} one={chosen} />
    </>
  );
}

interface ListProps {
  readonly playbook: string;
  readonly rows: readonly VersionRow[];
  readonly chosen: VersionRow;
}

function List({ playbook, rows, chosen }: ListProps) {
  const [, setParams] = useSearchParams();
  const at = rows.indexOf(chosen);
  const go = (by: number) => () => {
    const next = rows[at + by];
    if (next)
      setParams(
        (before) => new URLSearchParams([...before].filter(([name]) => name !== 'version').concat([['version', String(next.version)]])),
      );
  };
  useKeys({ '[': go(1), ']': go(-1) });
  return (
    <ul className={css.list} aria-label="Versions">
      {rows.map((one) => (
        <li key={one.version} data-chosen={one === chosen || undefined}>
          <Link
            href={screen.playbook(playbook, { version: String(one.version) })}
            aria-current={one === chosen ? 'true' : undefined}
            className={css.version}
          >
            <span className={css.number}>Version {one.version}</span>
            <Tag {...versionSaid(one)} />
          </Link>
          <span className={css.history}>
            {one.history.length > 0 ? (
              one.history.map(({ did, at: when, by, reason }) => (
                <span key={`${when} ${did}`}>
                  {did} by {plain(by)} <When at={when} />
                  {reason === undefined ? null : <q>{plain(reason)}</q>}
                </span>
              ))
            ) : (
              <span>
                written by {plain(one.author)} <When at={one.writtenAt} />
              </span>
            )}
          </span>
        </li>
      ))}
    </ul>
  );
}

const versionSaid = ({ state }: VersionRow): Said => {
  if (state === 'published') return { tone: 'ok', word: 'in force' };
  return state === 'draft' ? { tone: 'needs', word: 'draft' } : { tone: 'none', word: 'was in force' };
};

interface ChosenProps {
  readonly playbook: PlaybookRow;
  readonly rows: readonly VersionRow[];
  readonly one: VersionRow;
}

/** What the chosen version changes against the one in force, and the button for it; the one in force against the one before. */
function Chosen({ playbook, rows, one }: ChosenProps) {
  const [isAsking, setAsking] = useState(false);
  const inForce = rows.find(({ state }) => state === 'published');
  const against = one === inForce ? rows.find(({ version }) => version < one.version) : inForce;
  const button = one.state === 'draft' ? `Put version ${one.version} in force` : `Go back to version ${one.version}`;
  useKeys({ f: one.mayPublish ? () => setAsking(true) : undefined });
  return (
    <>
      <Part title={headingOf(one, inForce, against)}>
        {against ? (
          <Difference playbook={playbook.playbook} from={against.version} to={one.version} />
        ) : (
          <p className="dim">It is the first.</p>
        )}
        {one.mayPublish === undefined ? null : one.mayPublish ? (
          <Actions>
            <Button variant="default" rightSection={<Key name="f" />} onClick={() => setAsking(true)}>
              {button}
            </Button>
          </Actions>
        ) : (
          <p className="dim">{plain(one.refusal ?? '')}</p>
        )}
      </Part>
      <Part title={`How version ${one.version} goes`}>
        <Picture playbook={playbook.playbook} version={one.version} title={playbook.title} />
      </Part>
      {isAsking ? (
        <ReasonDialog
          title={playbook.title}
          button={button}
          path={api.publishVersion(playbook.playbook, one.version)}
          onClose={() => setAsking(false)}
        >
          Alerts and schedules start version {one.version} from now on. Runs that are under way keep theirs.
        </ReasonDialog>
      ) : null}
    </>
  );
}

function headingOf(one: VersionRow, inForce: VersionRow | undefined, against: VersionRow | undefined): string {
  if (!against) return `Version ${one.version}`;
  if (one === inForce) return `What version ${one.version} changed, against version ${against.version}`;
  return `What changes when version ${one.version} is put in force, against version ${against.version}`;
}

function Difference({ playbook, from, to }: { readonly playbook: string; readonly from: number; readonly to: number }) {
  const { data, error, isPending, refetch } = useVersionDiff(playbook, from, to);
  if (isPending) return <Loading rows={2} />;
  if (!data) return <Failed error={error} where="the difference" retry={() => void refetch()} />;
  return <Changes changes={data.changes} />;
}
