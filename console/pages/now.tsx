// Now: what needs a person, the most urgent first. One approval stands open as its card; it stays until one moves on.
import { Button } from '@mantine/core';
import { useEffect, useState } from 'react';
import { Link, useSearchParams } from 'wouter';
import type { Now } from '../../server/contract.ts';
import { api, screen } from '../paths.ts';
import { useNow } from '../queries.ts';
import { ApprovalCard } from '../ui/approval/card.tsx';
import { Lines, Part } from '../ui/detail.tsx';
import { HoldLine } from '../ui/hold-line.tsx';
import { Empty, Failed, Loading } from '../ui/notice.tsx';
import { SinglePage } from '../ui/page.tsx';
import { ReasonDialog } from '../ui/reason-dialog.tsx';
import { Tag } from '../ui/tag.tsx';
import { Remaining, When } from '../ui/when.tsx';
import { approvalSaid, count, plain, runSaid } from '../words.ts';
import css from './now.module.css';

export function NowPage() {
  const { data: now, error, refetch } = useNow();
  const shown = useShownApproval(now);
  if (!now)
    return <SinglePage title="Now">{error ? <Failed error={error} where="Now" retry={() => void refetch()} /> : <Loading />}</SinglePage>;
  const others = now.approvals.filter(({ id }) => id !== shown);
  return (
    <SinglePage title="Now" tools={<Summary now={now} />}>
      {shown ? (
        <div className={css.first}>
          <ApprovalCard key={shown} id={shown} />
        </div>
      ) : null}
      <div className={css.rest}>
        {others.length > 0 ? (
          <Part title={shown ? 'Also asked' : 'Asked'}>
            <Lines>
              {others.map((approval) => (
                <li key={approval.id}>
                  <Tag {...approvalSaid(approval)} />
                  <Link href={screen.now({ approval: approval.id })}>{plain(approval.title)}</Link>
                  <span className="dim" data-end>
                    <Remaining until={approval.expiresAt} />
                  </span>
                </li>
              ))}
              <More of={now.totals.approvals} shown={now.approvals.length} href={screen.approvals()} />
            </Lines>
          </Part>
        ) : null}
        <Troubles now={now} />
        {!shown && isQuiet(now) ? (
          <Empty title="Nothing needs you" command="npx cordon alerts send --sample travel">
            Approvals, debts, lost runs and quarantined alerts appear here by themselves. To see one, send an alert:
          </Empty>
        ) : null}
      </div>
    </SinglePage>
  );
}

/** The address names the card. The first open one is put there once, so that nothing later takes its place under the pointer. */
function useShownApproval(now: Now | undefined): string | undefined {
  const [params, setParams] = useSearchParams();
  const named = params.get('approval') ?? undefined;
  const first = now?.approvals[0]?.id;
  useEffect(() => {
    if (!named && first) setParams({ approval: first }, { replace: true });
  }, [named, first, setParams]);
  return named ?? first;
}

function isQuiet(now: Now): boolean {
  return (
    now.approvals.length +
      now.debts.length +
      now.drifted.length +
      now.lostRuns.length +
      now.stuck +
      now.quarantined +
      now.undeliverable +
      now.undelivered.pages +
      now.undelivered.channels.length ===
      0 && !now.undelivered.wakesNobody
  );
}

function Summary({ now }: { readonly now: Now }) {
  return (
    <p className="dim">
      <Link href={screen.contained()}>{count(now.contained, 'thing')} contained</Link> ·{' '}
      <Link href={screen.runs({ state: 'open' })}>{count(now.openRuns, 'run')} going</Link>
      {now.freeze.on ? null : <FreezeButton />}
    </p>
  );
}

function FreezeButton() {
  const [asking, setAsking] = useState(false);
  return (
    <>
      {' · '}
      <Button variant="default" size="compact-sm" onClick={() => setAsking(true)}>
        Freeze
      </Button>
      {asking ? (
        <ReasonDialog title="Freeze everything" button="Freeze" path={api.freeze()} body={{ on: true }} onClose={() => setAsking(false)}>
          No new effect begins, and no undo, within seconds and in every process. Alerts are taken, runs wait. Two people lift it.
        </ReasonDialog>
      ) : null}
    </>
  );
}

/** A list that stops says so, and where the rest is. */
function More({ of, shown, href }: { readonly of: number; readonly shown: number; readonly href: string }) {
  return of > shown ? (
    <li>
      <Link href={href}>and {(of - shown).toLocaleString('en')} more</Link>
    </li>
  ) : null;
}

function Troubles({ now }: { readonly now: Now }) {
  return (
    <>
      {now.drifted.length > 0 ? (
        <Part title="No longer in force: held by us, released by somebody else">
          <Lines>
            {now.drifted.map((hold) => (
              <HoldLine key={hold.id} hold={hold} />
            ))}
            <More of={now.totals.drifted} shown={now.drifted.length} href={screen.contained({ state: 'drifted' })} />
          </Lines>
        </Part>
      ) : null}
      {now.debts.length > 0 ? (
        <Part title="Debts: contained, and nothing will end it by itself">
          <Lines>
            {now.debts.map((hold) => (
              <li key={hold.id}>
                <Tag tone="bad" word="debt" />
                <Link href={screen.hold(hold.id)}>{plain(hold.saysUndo)}</Link>
                <span className="dim">{plain(hold.debtReason ?? '')}</span>
                <span className="dim" data-end>
                  {hold.debtOwner ? `owner ${plain(hold.debtOwner)}` : 'no owner'}
                </span>
              </li>
            ))}
            <More of={now.totals.debts} shown={now.debts.length} href={screen.contained({ state: 'debt' })} />
          </Lines>
        </Part>
      ) : null}
      {now.lostRuns.length > 0 ? (
        <Part title="Lost runs: ended behind our back, nothing is done again">
          <Lines>
            {now.lostRuns.map((run) => (
              <li key={run.id}>
                <Tag {...runSaid(run)} />
                <Link href={screen.run(run.id)}>{plain(run.title)}</Link>
                <span className="dim" data-end>
                  <When at={run.endedAt ?? run.createdAt} />
                </span>
              </li>
            ))}
            <More of={now.totals.lostRuns} shown={now.lostRuns.length} href={screen.runs({ state: 'lost' })} />
          </Lines>
        </Part>
      ) : null}
      {now.stuck > 0 ? (
        <Part title="Past their time: runs that wait longer than they should">
          <Lines>
            <li>
              <Tag tone="bad" word="past its time" />
              <Link href={screen.runs({ state: 'stuck' })}>{count(now.stuck, 'run')}: on whom or what, and what happens then</Link>
            </li>
          </Lines>
        </Part>
      ) : null}
      {now.quarantined > 0 ? (
        <Part title="Quarantined: authentic, but not understood">
          <Lines>
            <li>
              <Tag tone="needs" word="quarantined" />
              <Link href={screen.alerts({ state: 'quarantined' })}>{count(now.quarantined, 'alert')} kept as received</Link>
            </li>
          </Lines>
        </Part>
      ) : null}
      {now.undelivered.wakesNobody || now.undelivered.pages > 0 || now.undelivered.channels.length > 0 ? (
        <Part title="People may not hear of what needs them">
          <Lines>
            {now.undelivered.wakesNobody ? (
              <li>
                <Tag tone="bad" word="nobody is woken" />
                <span>cordon.yaml names no `pages:`, `notify:` or `channels:`; what needs a person only stands here</span>
              </li>
            ) : null}
            {now.undelivered.pages > 0 ? (
              <li>
                <Tag tone="bad" word="not reached" />
                <span>{count(now.undelivered.pages, 'page')} reached nobody; `npx cordon pages list --state open` has them</span>
              </li>
            ) : null}
            {now.undelivered.channels.map((one) => (
              <li key={`${one.connector} ${one.recipient}`}>
                <Tag tone="bad" word="does not take messages" />
                <span>
                  {plain(one.connector)} {plain(one.recipient)}: {count(one.count, 'message')} wait. {plain(one.error ?? '')}
                </span>
                <span className="dim" data-end>
                  <When at={one.since} />
                </span>
              </li>
            ))}
          </Lines>
        </Part>
      ) : null}
      {now.undeliverable > 0 ? (
        <Part title="Undeliverable: given up after many attempts">
          <Lines>
            <li>
              <Tag tone="bad" word="undeliverable" />
              <span>
                {count(now.undeliverable, 'row')} of the outbox; the <Link href={screen.audit({ stream: 'admin' })}>audit log</Link> names
                them
              </span>
            </li>
          </Lines>
        </Part>
      ) : null}
    </>
  );
}
