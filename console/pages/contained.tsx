import { Button } from '@mantine/core';
import { useState } from 'react';
import { Link, useParams } from 'wouter';
import type { HoldRow } from '../../server/contract.ts';
import { useKeys } from '../keys.ts';
import { api, screen } from '../paths.ts';
import { useHold, useHolds } from '../queries.ts';
import { absolute } from '../time.ts';
import { Actions, Callout, Detail } from '../ui/detail.tsx';
import { Fact, Facts } from '../ui/facts.tsx';
import { Choices, Search, useFilters } from '../ui/filters.tsx';
import { HoldEnd } from '../ui/hold-line.tsx';
import { Ident } from '../ui/ident.tsx';
import { Key } from '../ui/key.tsx';
import { Empty, Failed, Loading } from '../ui/notice.tsx';
import { ListPage } from '../ui/page.tsx';
import { ReasonDialog } from '../ui/reason-dialog.tsx';
import type { RowView } from '../ui/row.tsx';
import { RowList } from '../ui/row-list.tsx';
import { Simulated, Tag } from '../ui/tag.tsx';
import { UndoDialog } from '../ui/undo-dialog.tsx';
import { When } from '../ui/when.tsx';
import { holdSaid, plain, verbWords } from '../words.ts';

const CHOICES = [
  { value: '', label: 'Held now' },
  { value: 'debt', label: 'Debts' },
  { value: 'drifted', label: 'No longer in force' },
  { value: 'released', label: 'Released' },
];

export function ContainedPage() {
  const { id } = useParams<{ id?: string }>();
  const { state, q } = useFilters();
  const source = useHolds({ state: state ?? 'open' });
  return (
    <ListPage
      title="Contained"
      back={screen.contained({ state, q })}
      tools={
        <>
          <Choices name="state" choices={CHOICES} href={(value) => screen.contained({ state: value, q })} />
          <Search label="Search what is contained" />
        </>
      }
      list={
        <RowList
          label="Contained"
          source={source}
          toRow={toRow}
          search={q}
          openId={id}
          alsoOpen={['u']}
          empty={
            <Empty
              title={state === 'released' ? 'Nothing was released yet' : 'Nothing is contained'}
              command="npx cordon alerts send --sample malware"
            >
              Accounts that are disabled and hosts that are isolated stand here until they are released, each with its end. To contain one,
              send an alert and approve what is asked:
            </Empty>
          }
        />
      }
      detail={id ? <Opened key={id} id={id} /> : undefined}
    />
  );
}

function toRow(hold: HoldRow): RowView {
  return {
    id: hold.id,
    href: screen.hold(hold.id),
    title: hold.entityName,
    said: holdSaid(hold),
    isSimulated: hold.simulated,
    details: [verbWords(hold.verb), hold.connector],
    since: hold.placedAt,
    ...(hold.endedAt
      ? { at: hold.endedAt, atWords: 'ended' }
      : hold.expiresAt
        ? { at: hold.expiresAt, atWords: 'ends' }
        : { atWords: 'no end set' }),
  };
}

function Opened({ id }: { readonly id: string }) {
  const { data: hold, error, refetch } = useHold(id);
  const [asking, setAsking] = useState<'release' | 'renew' | 'entity' | 'settle'>();
  const canEnd = hold?.state === 'active' || hold?.state === 'debt';
  useKeys({ u: canEnd ? () => setAsking('release') : undefined });
  if (!hold) return error ? <Failed error={error} where={`hold ${id}`} retry={() => void refetch()} /> : <Loading />;
  return (
    <Detail
      title={hold.entityName}
      head={
        <>
          <Tag {...holdSaid(hold)} />
          <span className="dim">{verbWords(hold.verb)}</span>
          {hold.simulated ? <Simulated /> : null}
          <Ident value={hold.id} what="hold id" />
        </>
      }
    >
      <Notices hold={hold} />
      {canEnd ? (
        <Actions>
          <Button variant="default" onClick={() => setAsking('release')} rightSection={<Key name="u" />}>
            {plain(hold.saysUndo)}
          </Button>
          <Button variant="default" onClick={() => setAsking('renew')}>
            Hold for 24 h more
          </Button>
          <Button variant="default" onClick={() => setAsking('entity')}>
            Undo everything on {plain(hold.entityName)}
          </Button>
          {hold.state === 'debt' ? (
            <Button variant="default" onClick={() => setAsking('settle')}>
              It was dealt with by hand
            </Button>
          ) : null}
        </Actions>
      ) : null}
      <Facts>
        <Fact label="Who or what">
          {plain(hold.entityName)} <code className="dim">{plain(hold.entity)}</code>
        </Fact>
        <Fact label="Since">
          <When at={hold.placedAt} /> <span className="dim">{absolute(hold.placedAt)}</span>
        </Fact>
        <Fact label="End">
          <HoldEnd hold={hold} /> {hold.expiresAt ? <span className="dim">{absolute(hold.expiresAt)}</span> : null}
        </Fact>
        <Fact label="Held by">
          <Link href={screen.run(hold.runId, { step: undefined })}>the run that placed it</Link>, step <code>{plain(hold.stepId)}</code>
        </Fact>
        <Fact label="Incident">
          <Link href={screen.incident(hold.incidentId)}>all that belongs together</Link>
        </Fact>
        <Fact label="Product">{plain(hold.connector)}</Fact>
        <Fact label="Undo would">{plain(hold.saysUndo)}</Fact>
        {hold.endedBy ? <Fact label="Ended by">{plain(hold.endedBy)}</Fact> : null}
      </Facts>
      {asking === 'release' ? (
        <ReasonDialog
          title="Release: what would happen"
          button={hold.saysUndo}
          path={api.releaseHold(hold.id)}
          onClose={() => setAsking(undefined)}
        >
          <p>
            <strong>{plain(hold.saysUndo)}</strong>, back to what it was before we touched it.
          </p>
          <p>If another run holds it too, it stays held by that one. If somebody changed it since, it is left alone and you are told.</p>
        </ReasonDialog>
      ) : null}
      {asking === 'entity' ? <UndoDialog scope={{ entity: hold.entity }} onClose={() => setAsking(undefined)} /> : null}
      {asking === 'settle' ? (
        <ReasonDialog
          title="Settle the debt"
          button="It was dealt with by hand"
          path={api.settleHold(hold.id)}
          onClose={() => setAsking(undefined)}
        >
          Cordon could not undo it. Say here that a person has seen to it; nothing is sent to the product, and nobody is reminded of it
          again.
        </ReasonDialog>
      ) : null}
      {asking === 'renew' ? (
        <ReasonDialog
          title="Hold for 24 h more"
          button="Hold for 24 h more"
          path={api.renewHold(hold.id)}
          body={{ for: '24h' }}
          onClose={() => setAsking(undefined)}
        >
          The end is set to 24 h from now. Nothing is sent to the product.
        </ReasonDialog>
      ) : null}
    </Detail>
  );
}

function Notices({ hold }: { readonly hold: HoldRow }) {
  return (
    <>
      {hold.state === 'debt' ? (
        <Callout tone="bad">
          <strong>A debt: nothing will end it by itself.</strong> {plain(hold.debtReason ?? '')}{' '}
          {hold.debtOwner ? `Its owner is ${plain(hold.debtOwner)}.` : 'It has no owner.'}{' '}
          {hold.debtSince ? (
            <>
              Owed since <When at={hold.debtSince} />.
            </>
          ) : null}
        </Callout>
      ) : null}
      {hold.renewAsked ? (
        <Callout tone="needs">
          <strong>{plain(hold.renewAsked.by)} asks to hold it for longer.</strong> It has been held for long, so another person must renew
          it too.
        </Callout>
      ) : null}
      {hold.state === 'active' && hold.driftedAt ? (
        <Callout tone="bad">
          <strong>No longer in force.</strong> {plain(hold.drift ?? '')} Found <When at={hold.driftedAt} />. Cordon has left it as it is:
          release the hold, or contain it again.
        </Callout>
      ) : null}
      {hold.state === 'foreign' ? (
        <Callout tone="needs">
          <strong>Somebody else changed it since.</strong> We leave it as it is, and hold it no longer: look at the product whether that is
          what you want.
        </Callout>
      ) : null}
      {hold.recovered ? <p className="dim">Found done after a crash, and kept as ours.</p> : null}
    </>
  );
}
