import { Link, useParams } from 'wouter';
import type { PlaybookRow } from '../../server/contract.ts';
import { screen } from '../paths.ts';
import { usePlaybooks } from '../queries.ts';
import { Callout, Detail, Lines, Part } from '../ui/detail.tsx';
import { Fact, Facts } from '../ui/facts.tsx';
import { Search, useFilters } from '../ui/filters.tsx';
import { Ident } from '../ui/ident.tsx';
import { Empty, Failed, Loading } from '../ui/notice.tsx';
import { ListPage } from '../ui/page.tsx';
import { Versions } from '../ui/playbook/versions.tsx';
import { Mode } from '../ui/playbook-mode.tsx';
import type { RowView } from '../ui/row.tsx';
import { RowList } from '../ui/row-list.tsx';
import { StartByHand } from '../ui/start-by-hand.tsx';
import { Tag } from '../ui/tag.tsx';
import { When } from '../ui/when.tsx';
import { plain, type Said } from '../words.ts';

const MODE_WORDS: Readonly<Record<PlaybookRow['mode'], string>> = {
  observe: 'observes: says what it would do, and touches nothing',
  ask: 'asks before everything that changes something',
  act: 'acts, and asks where it or policy says so',
};

export function PlaybooksPage() {
  const { id } = useParams<{ id?: string }>();
  const { q } = useFilters();
  const source = usePlaybooks();
  const open = id ? source.items.find(({ playbook }) => playbook === id) : undefined;
  return (
    <ListPage
      title="Playbooks"
      back={screen.playbooks({ q })}
      tools={<Search label="Search playbooks" />}
      list={
        <RowList
          label="Playbooks"
          source={source}
          toRow={toRow}
          search={q}
          openId={id}
          empty={
            <Empty title="No playbook yet" command="npx cordon validate playbooks/">
              Files in playbooks/&lt;use case&gt;/playbook.yaml appear here when they are saved, and say what is wrong when something is.
            </Empty>
          }
        />
      }
      detail={id ? open ? <Opened playbook={open} /> : <Missing id={id} error={source.error} isLoading={source.isLoading} /> : undefined}
    />
  );
}

function playbookSaid(playbook: PlaybookRow): Said {
  if (playbook.fault) return { tone: 'bad', word: playbook.version > 0 ? 'file is broken' : 'not published' };
  if (playbook.version === 0) return { tone: 'needs', word: 'draft' };
  return { tone: 'none', word: playbook.mode };
}

function versionWords({ version, draft }: PlaybookRow): string {
  const inForce = version > 0 ? `version ${version}` : '';
  return [inForce, draft === undefined ? '' : `draft ${draft}`].filter((part) => part !== '').join(', ');
}

function toRow(playbook: PlaybookRow): RowView {
  return {
    id: playbook.playbook,
    href: screen.playbook(playbook.playbook),
    title: playbook.title,
    said: playbookSaid(playbook),
    details: [playbook.playbook, versionWords(playbook)],
    at: playbook.publishedAt,
  };
}

function Opened({ playbook }: { readonly playbook: PlaybookRow }) {
  return (
    <Detail
      title={playbook.title}
      head={
        <>
          <Tag {...playbookSaid(playbook)} />
          <span className="dim">
            {[plain(playbook.playbook), versionWords(playbook)].filter(Boolean).join(', ')}, <When at={playbook.publishedAt} />
          </span>
        </>
      }
    >
      {playbook.fault ? (
        <Callout tone="bad">
          <strong>The file has faults{playbook.version > 0 ? `, so version ${playbook.version} goes on` : ''}.</strong>
          <Lines>
            {playbook.fault.diagnostics.map((fault) => (
              <li key={`${fault.code} ${fault.line} ${fault.column}`}>
                <code>
                  {plain(playbook.path)}:{fault.line}:{fault.column}
                </code>
                <span>
                  {plain(fault.message)} {fault.hint ? plain(fault.hint) : null}
                </span>
                <code>{fault.code}</code>
              </li>
            ))}
          </Lines>
        </Callout>
      ) : null}
      <p>{plain(playbook.description)}</p>
      {playbook.inputs ? <StartByHand key={`start ${playbook.playbook}`} playbook={playbook} inputs={playbook.inputs} /> : null}
      <Facts>
        <Fact label="Mode">{MODE_WORDS[playbook.mode]}</Fact>
        <Fact label="Starts on">
          {playbook.triggers.length > 0 ? (
            <ul>
              {playbook.triggers.map((trigger) => (
                <li key={trigger}>{plain(trigger)}</li>
              ))}
            </ul>
          ) : (
            'nothing by itself'
          )}
        </Fact>
        <Fact label="Owner">{plain(playbook.owner || 'none')}</Fact>
        <Fact label="File">
          <code>{plain(playbook.path)}</code>
        </Fact>
        <Fact label="Digest">
          <Ident value={playbook.digest} what="plan digest" />
        </Fact>
      </Facts>
      {playbook.version > 0 ? <Mode playbook={playbook} /> : null}
      {playbook.digest === '' ? null : <Versions key={`versions ${playbook.playbook}`} playbook={playbook} />}
      <Part title="What it did">
        <Link href={screen.runs({ q: playbook.playbook })}>Its runs</Link>
      </Part>
    </Detail>
  );
}

function Missing({ id, error, isLoading }: { readonly id: string; readonly error: unknown; readonly isLoading: boolean }) {
  if (isLoading) return <Loading />;
  if (error) return <Failed error={error} where={`playbook ${id}`} />;
  return <Empty title={`No playbook is called ${plain(id)}`}>It may have been renamed or removed.</Empty>;
}
