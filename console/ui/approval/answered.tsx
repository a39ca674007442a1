// What people answered to a form or rows, or what was asked where nobody did.
import type { ApprovalDetail } from '../../../server/contract.ts';
import { plain } from '../../words.ts';
import { Fact, Facts } from '../facts.tsx';

export function Answered({ approval }: { readonly approval: ApprovalDetail }) {
  const { form, rows, answers } = approval;
  if (form) {
    if (!answers) return null;
    return (
      <Facts>
        {form.map((field) => (
          <Fact key={field.name} label={plain(field.label)}>
            {valueWords(answers[field.name])}
          </Fact>
        ))}
      </Facts>
    );
  }
  if (!rows) return null;
  return (
    <Facts>
      {rows.choices.map((choice) => {
        const labels = rows.items.filter(({ id }) =>
          answers ? answers[id] === choice : approval.state === 'expired' && choice === approval.silence,
        );
        return labels.length === 0 ? null : (
          <Fact key={choice} label={`${plain(choice)}: ${labels.length}`}>
            {labels.map(({ label }) => plain(label)).join(', ')}
          </Fact>
        );
      })}
    </Facts>
  );
}

function valueWords(value: unknown): string {
  if (value === null || value === undefined) return 'left empty';
  return typeof value === 'boolean' ? (value ? 'yes' : 'no') : plain(String(value));
}
