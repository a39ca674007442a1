import { useParams } from 'wouter';
import type { ApprovalRow } from '../../server/contract.ts';
import { screen } from '../paths.ts';
import { useApprovals } from '../queries.ts';
import { ApprovalCard } from '../ui/approval/card.tsx';
import { Choices, Search, useFilters } from '../ui/filters.tsx';
import { Empty } from '../ui/notice.tsx';
import { ListPage } from '../ui/page.tsx';
import type { RowView } from '../ui/row.tsx';
import { RowList } from '../ui/row-list.tsx';
import { approvalSaid } from '../words.ts';

const CHOICES = [
  { value: '', label: 'Open' },
  { value: 'all', label: 'All' },
];

export function ApprovalsPage() {
  const { id } = useParams<{ id?: string }>();
  const { state, q } = useFilters();
  const source = useApprovals(state === 'all' ? {} : { state: 'open', order: 'ending' });
  return (
    <ListPage
      title="Approvals"
      back={screen.approvals({ state, q })}
      tools={
        <>
          <Choices name="state" choices={CHOICES} href={(value) => screen.approvals({ state: value, q })} />
          <Search label="Search approvals" />
        </>
      }
      list={
        <RowList
          label="Approvals"
          source={source}
          toRow={toRow}
          search={q}
          openId={id}
          alsoOpen={['a', 'd']}
          empty={
            <Empty title="No approval is open" command="npx cordon alerts send --sample travel">
              When a playbook wants to contain something, what it asks appears here, with a clock. To see one:
            </Empty>
          }
        />
      }
      detail={id ? <ApprovalCard key={id} id={id} /> : undefined}
    />
  );
}

function toRow(approval: ApprovalRow): RowView {
  return {
    id: approval.id,
    href: screen.approval(approval.id),
    title: approval.title,
    said: approvalSaid(approval),
    severityId: approval.severity_id,
    details: [approval.playbook, approval.requirement.count > 1 ? `${approval.given} of ${approval.requirement.count} given` : ''],
    ...(approval.state === 'open' ? { at: approval.expiresAt, atWords: 'ends' } : { at: approval.decidedAt ?? approval.openedAt }),
  };
}
