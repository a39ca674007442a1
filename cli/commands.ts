// The commands of `cordon`, in the order of its help. To add one: a file in commands/ that exports a `Register`, and a row here.
// Only the file of the command that was asked for is loaded: others' packages do not slow it down.
// A row: { name: 'runs', load: async () => (await import('./commands/runs.ts')).runs },
import type { Register } from './command.ts';

export interface CommandRow {
  /** The first word after `cordon`. */
  readonly name: string;
  readonly load: () => Promise<Register>;
}

export const COMMANDS: readonly CommandRow[] = [
  { name: 'validate', load: async () => (await import('./commands/validate.ts')).validate },
  { name: 'test', load: async () => (await import('./commands/test.ts')).test },
  { name: 'simulate', load: async () => (await import('./commands/simulate.ts')).simulate },
  { name: 'graph', load: async () => (await import('./commands/graph.ts')).graph },
  { name: 'explain', load: async () => (await import('./commands/explain.ts')).explain },
  { name: 'new', load: async () => (await import('./commands/new.ts')).newPlaybook },
  { name: 'fmt', load: async () => (await import('./commands/fmt.ts')).fmt },
  { name: 'schema', load: async () => (await import('./commands/schema.ts')).schema },
  { name: 'alerts', load: async () => (await import('./commands/alerts.ts')).alerts },
  { name: 'runs', load: async () => (await import('./commands/runs.ts')).runs },
  { name: 'undo', load: async () => (await import('./commands/undo.ts')).undo },
  { name: 'approvals', load: async () => (await import('./commands/approvals.ts')).approvals },
  { name: 'delegations', load: async () => (await import('./commands/delegations.ts')).delegations },
  { name: 'holds', load: async () => (await import('./commands/holds.ts')).holds },
  { name: 'suppress', load: async () => (await import('./commands/suppress.ts')).suppress },
  { name: 'incidents', load: async () => (await import('./commands/incidents.ts')).incidents },
  { name: 'playbooks', load: async () => (await import('./commands/playbooks.ts')).playbooks },
  { name: 'schedules', load: async () => (await import('./commands/schedules.ts')).schedules },
  { name: 'backtest', load: async () => (await import('./commands/backtest.ts')).backtest },
  { name: 'replay', load: async () => (await import('./commands/replay.ts')).replay },
  { name: 'sources', load: async () => (await import('./commands/inventory.ts')).sources },
  { name: 'connectors', load: async () => (await import('./commands/inventory.ts')).connectors },
  { name: 'entities', load: async () => (await import('./commands/entities.ts')).entities },
  { name: 'policy', load: async () => (await import('./commands/policy.ts')).policy },
  { name: 'audit', load: async () => (await import('./commands/audit.ts')).audit },
  { name: 'export', load: async () => (await import('./commands/export.ts')).exportEvents },
  { name: 'oncall', load: async () => (await import('./commands/oncall.ts')).oncall },
  { name: 'pages', load: async () => (await import('./commands/pages.ts')).pages },
  { name: 'people', load: async () => (await import('./commands/people.ts')).people },
  { name: 'tokens', load: async () => (await import('./commands/tokens.ts')).tokens },
  { name: 'freeze', load: async () => (await import('./commands/freeze.ts')).freeze },
  { name: 'backup', load: async () => (await import('./commands/backup.ts')).backup },
  { name: 'restore', load: async () => (await import('./commands/backup.ts')).restore },
  { name: 'drill', load: async () => (await import('./commands/drill.ts')).drills },
  { name: 'doctor', load: async () => (await import('./commands/doctor.ts')).doctor },
];
