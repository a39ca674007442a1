// "I have it": whoever else would be asked is asked ten minutes later, once. The approval still ends when it ends.
import { Button } from '@mantine/core';
import type { ApprovalDetail } from '../../../server/contract.ts';
import { api } from '../../paths.ts';
import { useSend } from '../../queries.ts';
import { Failed } from '../notice.tsx';

export function Ack({ approval }: { readonly approval: ApprovalDetail }) {
  const ack = useSend<object>(api.ackApproval(approval.id));
  const isAnybodyLeft = approval.escalations.some(({ at }) => Date.parse(at) > Date.now());
  if (approval.acked || !isAnybodyLeft) return null;
  return (
    <div>
      <Button size="compact-sm" variant="default" mt={8} disabled={ack.isPending} onClick={() => ack.mutate({})}>
        {ack.isPending ? 'Sending' : 'I have it: ask nobody else for ten minutes'}
      </Button>
      {ack.error ? <Failed error={ack.error} where="while saying that you have it" /> : null}
    </div>
  );
}
