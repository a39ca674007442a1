import { useParams } from 'wouter';
import type { ConnectorRow } from '../../server/contract.ts';
import { screen } from '../paths.ts';
import { useConnectors } from '../queries.ts';
import { Callout, Detail } from '../ui/detail.tsx';
import { Fact, Facts } from '../ui/facts.tsx';
import { Search, useFilters } from '../ui/filters.tsx';
import { Empty, Loading } from '../ui/notice.tsx';
import { ListPage } from '../ui/page.tsx';
import type { RowView } from '../ui/row.tsx';
import { RowList } from '../ui/row-list.tsx';
import { Simulated, Tag } from '../ui/tag.tsx';
import { When } from '../ui/when.tsx';
import { plain, type Said } from '../words.ts';

const STATE_SAID: Readonly<Record<ConnectorRow['state'], Said>> = {
  ok: { tone: 'ok', word: 'verified' },
  failed: { tone: 'bad', word: 'failed' },
  unknown: { tone: 'none', word: 'not checked yet' },
};

export function ConnectorsPage() {
  const { id } = useParams<{ id?: string }>();
  const { q } = useFilters();
  const source = useConnectors();
  const open = id ? source.items.find((connector) => connector.id === id) : undefined;
  return (
    <ListPage
      title="Connectors"
      back={screen.connectors({ q })}
      tools={<Search label="Search connectors" />}
      list={
        <RowList
          label="Connectors"
          source={source}
          toRow={toRow}
          search={q}
          openId={id}
          empty={
            <Empty title="No connector yet" command="npx cordon doctor">
              A connector is one product that Cordon may read from and act on. They are named in the configuration; doctor says what it
              found there.
            </Empty>
          }
        />
      }
      detail={
        id ? (
          open ? (
            <Opened connector={open} />
          ) : source.isLoading ? (
            <Loading />
          ) : (
            <Empty title={`No connector is called ${plain(id)}`} />
          )
        ) : undefined
      }
    />
  );
}

function toRow(connector: ConnectorRow): RowView {
  const at = connector.checkedAt ? { at: connector.checkedAt } : {};
  return {
    id: connector.id,
    href: screen.connector(connector.id),
    title: connector.title,
    said: STATE_SAID[connector.state],
    isSimulated: connector.simulated,
    details: [connector.id],
    ...at,
  };
}

function Opened({ connector }: { readonly connector: ConnectorRow }) {
  return (
    <Detail
      title={connector.title}
      head={
        <>
          <Tag {...STATE_SAID[connector.state]} />
          {connector.simulated ? <Simulated /> : null}
          <span className="dim">
            {connector.checkedAt ? (
              <>
                asked who we are <When at={connector.checkedAt} />
              </>
            ) : (
              'not asked yet'
            )}
          </span>
        </>
      }
    >
      {connector.simulated ? (
        <Callout tone="none">
          <strong>A product of the practice range.</strong> It behaves as the real one would; nothing real is touched.
        </Callout>
      ) : null}
      {connector.state === 'failed' ? (
        <Callout tone="bad">
          <strong>It does not answer as it should.</strong> {plain(connector.detail ?? '')}
        </Callout>
      ) : null}
      <Facts>
        <Fact label="Name">
          <code>{plain(connector.id)}</code>
        </Fact>
        <Fact label="Product">{plain(connector.type)}</Fact>
        <Fact label="Does">{connector.verbs.map(plain).join(', ') || 'nothing'}</Fact>
        {connector.detail && connector.state !== 'failed' ? <Fact label="It says">{plain(connector.detail)}</Fact> : null}
      </Facts>
    </Detail>
  );
}
