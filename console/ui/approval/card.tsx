// An approval: one sentence, then why, what hangs on it, what policy asks, what undo would do, who decides, the clock; afterwards what happened.
import { Button } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { Link } from 'wouter';
import type { ApprovalDetail } from '../../../server/contract.ts';
import { screen } from '../../paths.ts';
import { useApproval } from '../../queries.ts';
import { approvalSaid, list, plain } from '../../words.ts';
import { Fact, Facts } from '../facts.tsx';
import { Failed, Loading } from '../notice.tsx';
import { Severity } from '../severity.tsx';
import { Mark, Tag } from '../tag.tsx';
import { Remaining, When } from '../when.tsx';
import { Ack } from './ack.tsx';
import { Alike, Together } from './alike.tsx';
import { Answer } from './answer.tsx';
import { Answered } from './answered.tsx';
import css from './approval.module.css';
import { Comments } from './comments.tsx';
import { Decide } from './decide.tsx';
import { HangsOn, Items, Policy, WouldUndo } from './items.tsx';
import { LivePanel } from './live-panel.tsx';
import { Outcome } from './outcome.tsx';
import { Sentence } from './sentence.tsx';

export function ApprovalCard({ id }: { readonly id: string }) {
  const query = useApproval(id);
  if (query.error && !query.data) return <Failed error={query.error} where={`approval ${id}`} retry={() => void query.refetch()} />;
  if (!query.data) return <Loading rows={9} />;
  return <Card key={id} latest={query.data} />;
}

/** What is decided over is what was first shown. When that changes, it must be looked at again before anything can be pressed. */
function Card({ latest }: { readonly latest: ApprovalDetail }) {
  const [seen, setSeen] = useState(latest);
  const [together, setTogether] = useState<readonly string[]>();
  const hasChanged = latest.state === 'open' && latest.digest !== seen.digest;
  const approval = hasChanged ? seen : latest;
  return (
    <div className={css.layout}>
      <article className={css.card} aria-label={plain(approval.title)}>
        <header className={css.head}>
          <Tag {...approvalSaid(approval)} />
          <Severity id={approval.severity_id} />
          <span className="dim">
            {approval.kind === 'question' ? 'Question' : 'Approval'} of{' '}
            <Link href={screen.run(approval.runId)}>{plain(approval.playbook)}</Link>
            {approval.round > 0 ? `, asked for the ${ordinal(approval.round + 1)} time` : null}
          </span>
          {approval.state === 'open' ? <Clock approval={approval} /> : null}
        </header>
        <h2 className={css.sentence}>
          <Sentence items={approval.kind === 'question' ? [] : approval.items} fallback={approval.title} />
        </h2>
        {approval.state === 'open' ? null : <Answered approval={approval} />}
        {approval.state !== 'open' ? <Outcome approval={approval} /> : null}
        {approval.items.length > 0 && (approval.state === 'open' || approval.effects.length === 0) ? (
          <Items items={approval.items} />
        ) : null}
        <Grounds approval={approval} />
        <Comments approval={latest} />
        {hasChanged ? <Changed onLook={() => setSeen(latest)} /> : null}
        {approval.state === 'open' && !hasChanged ? <Foot approval={approval} onTogether={setTogether} /> : null}
        {together ? <Together ids={together} onClose={() => setTogether(undefined)} /> : null}
      </article>
      <LivePanel approvalId={approval.id} />
    </div>
  );
}

function Clock({ approval }: { readonly approval: ApprovalDetail }) {
  return (
    <span className={css.clock} title={`Silence means: ${plain(approval.silence)}`}>
      <Mark tone="wait" /> <Remaining until={approval.expiresAt} />
      <span className="dim">then {approval.silence === 'denied' ? 'denied' : `“${plain(approval.silence)}”`}</span>
    </span>
  );
}

function Grounds({ approval }: { readonly approval: ApprovalDetail }) {
  const whys = [...new Set([approval.reason, ...approval.items.map(({ why }) => why ?? '')])].filter(Boolean);
  return (
    <Facts>
      <Fact label="Why">
        <ul className={css.lines}>
          {whys.map((why) => (
            <li key={why}>{plain(why)}</li>
          ))}
        </ul>
        {approval.alert ? <Quote alert={approval.alert} /> : null}
      </Fact>
      {approval.items.length > 0 ? (
        <>
          <Fact label="What hangs on it">
            <HangsOn items={approval.items} />
          </Fact>
          <Fact label="Policy">
            <Policy items={approval.items} reasons={approval.requirement.reasons} />
          </Fact>
          <Fact label="Undo would">
            <WouldUndo items={approval.items} />
          </Fact>
        </>
      ) : null}
      <Fact label="Who decides">
        <Deciders approval={approval} />
      </Fact>
    </Facts>
  );
}

/** The alert's own words, marked as such: anybody may have written them. */
function Quote({ alert }: { readonly alert: NonNullable<ApprovalDetail['alert']> }) {
  return (
    <figure className={css.quote}>
      <blockquote>
        <p>{plain(alert.title)}</p>
        {alert.message ? <p>{plain(alert.message)}</p> : null}
      </blockquote>
      <figcaption className="dim">
        words of the alert from {plain(alert.source)}, unchecked · <Link href={screen.alert(alert.id)}>see it</Link>
      </figcaption>
    </figure>
  );
}

function Deciders({ approval }: { readonly approval: ApprovalDetail }) {
  const { count, roles } = approval.requirement;
  const named = approval.addressedTo.filter((who) => !who.startsWith('the role '));
  return (
    <ul className={css.lines}>
      <li>
        {count === 1 ? 'One person' : `${count} different people`} with the role {list(roles.map(plain), 'or')}
        {named.length > 0 ? `: ${list(named.map(plain), 'or')}` : ''}
        {count > 1 ? `; ${approval.given} of ${count} given` : ''}. Asked <When at={approval.openedAt} />.
      </li>
      {approval.requirement.stepUpMs === undefined ? null : <li>Whoever approves gives their password again.</li>}
      {approval.escalations.map(({ at, to }) => (
        <li key={`${to} ${at}`}>
          {plain(to)} is asked too: <When at={at} />
        </li>
      ))}
      {approval.acked ? (
        <li>
          {plain(approval.acked.by)} has it since <When at={approval.acked.at} />: nobody else is asked for ten minutes.
        </li>
      ) : null}
      {approval.decisions.map((decision) => (
        <li key={`${decision.by} ${decision.at}`}>
          {plain(decision.by)} ({decision.role}){decision.standsInFor ? ` for ${plain(decision.standsInFor)}` : ''}{' '}
          {DECIDED_WORDS[decision.decision]} <When at={decision.at} /> by {plain(decision.channel)}
          {decision.reason ? `: “${plain(decision.reason)}”` : null}
          {decision.contained ? '. Their account was contained since: it does not count, until they say it again' : null}
        </li>
      ))}
    </ul>
  );
}

const DECIDED_WORDS = { approve: 'approved', deny: 'denied', answer: 'answered' } as const;

interface FootProps {
  readonly approval: ApprovalDetail;
  readonly onTogether: (ids: readonly string[]) => void;
}

function Foot({ approval, onTogether }: FootProps): ReactNode {
  // These fill the page and keep their own button in sight.
  if (approval.mayDecide && (approval.form || approval.rows)) return <Answer key={approval.digest} approval={approval} />;
  return (
    <footer className={css.foot}>
      {!approval.mayDecide ? (
        <>
          <p>
            <strong>You cannot {approval.mayDeny ? 'approve' : 'decide'} this:</strong>{' '}
            {plain(approval.mayNotReason ?? 'another person must.')}
          </p>
          {approval.mayDeny ? <Decide key={approval.digest} approval={approval} /> : null}
        </>
      ) : approval.kind === 'question' ? (
        <Answer approval={approval} />
      ) : (
        <>
          {approval.standsInFor ? <p>You decide this for {plain(approval.standsInFor)}.</p> : null}
          <Decide key={approval.digest} approval={approval} />
          <Ack approval={approval} />
          <Alike approval={approval} onOpen={onTogether} />
        </>
      )}
    </footer>
  );
}

function Changed({ onLook }: { readonly onLook: () => void }) {
  return (
    <footer className={css.foot} role="alert">
      <p>
        <strong>What is asked has changed since you opened this.</strong> Nothing was decided.
      </p>
      <Button variant="default" mt={8} onClick={onLook}>
        Show what is asked now
      </Button>
    </footer>
  );
}

function ordinal(round: number): string {
  return round === 2 ? 'second' : round === 3 ? 'third' : `${round}th`;
}
