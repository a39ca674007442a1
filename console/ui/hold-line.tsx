import { Link } from 'wouter';
import type { HoldRow } from '../../server/contract.ts';
import { screen } from '../paths.ts';
import { holdSaid, plain, verbWords } from '../words.ts';
import { Simulated, Tag } from './tag.tsx';
import { When } from './when.tsx';

/** One thing that is held, in a line: what, of whom, until when. */
export function HoldLine({ hold }: { readonly hold: HoldRow }) {
  return (
    <li>
      <Tag {...holdSaid(hold)} />
      <Link href={screen.hold(hold.id)}>{plain(hold.entityName)}</Link>
      <span className="dim">{plain(verbWords(hold.verb))}</span>
      {hold.simulated ? <Simulated /> : null}
      <span className="dim" data-end>
        <HoldEnd hold={hold} />
      </span>
    </li>
  );
}

/** Until when, and what happens then. */
export function HoldEnd({ hold }: { readonly hold: HoldRow }) {
  if (hold.endedAt) return <>ended {<When at={hold.endedAt} />}</>;
  if (!hold.expiresAt) return <>no end set</>;
  return (
    <>
      ends <When at={hold.expiresAt} />, then {hold.onExpiry === 'release' ? 'released by itself' : 'people are asked'}
    </>
  );
}
