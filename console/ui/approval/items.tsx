// The actions under one decision: each with what it does, whether it can be taken back, and where.
import type { ApprovalItem } from '../../../server/contract.ts';
import { list, plain } from '../../words.ts';
import { Simulated } from '../tag.tsx';
import css from './approval.module.css';

const RISK_WORDS: Readonly<Record<ApprovalItem['risk'], string>> = {
  read: 'reads only',
  additive: 'adds only',
  reversible: 'can be undone',
  destructive: 'cannot be undone',
};

export function Items({ items }: { readonly items: readonly ApprovalItem[] }) {
  return (
    <ul className={css.items}>
      {items.map((item) => (
        <li key={item.key}>
          <span>{plain(item.says)}</span>
          <span className={item.risk === 'destructive' ? css.destructive : 'dim'}>{RISK_WORDS[item.risk]}</span>
          <span className="dim">
            by {plain(item.connector)} {item.simulated ? <Simulated /> : null}
          </span>
        </li>
      ))}
    </ul>
  );
}

/** Owner, criticality, tags and what depends on it, once for each thing that is acted on. */
export function HangsOn({ items }: { readonly items: readonly ApprovalItem[] }) {
  const things = new Map(items.flatMap((item) => (item.entity ? [[item.entity, item] as const] : [])));
  if (things.size === 0) return <span className="dim">Nothing in the inventory is acted on.</span>;
  return (
    <ul className={css.lines}>
      {[...things].map(([entity, item]) => (
        <li key={entity}>
          <strong>{plain(item.entityName ?? entity)}</strong> <span className="dim">{hangs(item)}</span>
        </li>
      ))}
    </ul>
  );
}

function hangs(item: ApprovalItem): string {
  const parts = [
    item.owner ? `owner ${plain(item.owner)}` : 'no owner known',
    item.criticality ? `criticality ${plain(item.criticality)}` : '',
    item.tags.length > 0 ? `tagged ${list(item.tags.map(plain))}` : '',
    item.dependents.length > 0
      ? `${list(item.dependents.map(plain))} ${item.dependents.length === 1 ? 'depends' : 'depend'} on it`
      : 'nothing is known to depend on it',
  ];
  return parts.filter(Boolean).join(' · ');
}

/** Each rule once, with what it asks. */
export function Policy({ items, reasons }: { readonly items: readonly ApprovalItem[]; readonly reasons: readonly Rule[] }) {
  const rules = new Map([...reasons, ...items.map(({ policy }) => policy)].map((rule) => [rule.rule, rule.reason]));
  if (rules.size === 0) return <span className="dim">No rule spoke.</span>;
  return (
    <ul className={css.lines}>
      {[...rules].map(([rule, reason]) => (
        <li key={rule}>
          <code>{plain(rule)}</code> {plain(reason)}
        </li>
      ))}
    </ul>
  );
}

interface Rule {
  readonly rule: string;
  readonly reason: string;
}

/** What undo would do, and what it could not. */
export function WouldUndo({ items }: { readonly items: readonly ApprovalItem[] }) {
  return (
    <ul className={css.lines}>
      {items.map((item) => (
        <li key={item.key}>{item.saysUndo ? plain(item.saysUndo) : <span className="dim">{cannotWords(item)}</span>}</li>
      ))}
    </ul>
  );
}

function cannotWords(item: ApprovalItem): string {
  return item.risk === 'destructive' ? `“${plain(item.says)}” cannot be taken back` : `“${plain(item.says)}” stays; it contains nothing`;
}
