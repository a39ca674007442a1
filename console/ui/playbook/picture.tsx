// The playbook as a picture, the same as `cordon graph` draws: in a box that scrolls, and alone in a tab of its own.
import { useState } from 'react';
import { api } from '../../paths.ts';
import { plain } from '../../words.ts';
import css from './picture.module.css';

interface PictureProps {
  readonly playbook: string;
  readonly version: number;
  readonly title: string;
}

export function Picture({ playbook, version, title }: PictureProps) {
  const [isBroken, setBroken] = useState(false);
  const source = api.versionPicture(playbook, version);
  if (isBroken) return <p className="dim">The picture could not be loaded. Its steps in words: cordon explain.</p>;
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a box that scrolls must be reachable by the keyboard */}
      <section className={css.box} tabIndex={0} aria-label={`Picture of version ${version}`}>
        <img
          src={source}
          alt={`${plain(title)}, version ${version}: what is done in which order, where people are asked and where it branches`}
          onError={() => setBroken(true)}
        />
      </section>
      <a href={source} target="_blank" rel="noreferrer">
        Open the picture alone
      </a>
    </>
  );
}
