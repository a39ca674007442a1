// The import table: folder -> what it holds, what of ours and which packages it may import values of. Types may be imported from anywhere
// that the rule sandbox-types allows. ARCHITECTURE.md's table of folders is made from this one (npm run docs).
// dependency-cruiser (17 and 18) cannot use TypeScript 7 and falls back to swc, which does not tell type imports from value imports.
// So the table is checked on dist/ (verbatimModuleSyntax: what is left there is exactly the value imports), the rest on the sources.
export const table = {
  // language/storable-text: text from outside is made storable in one way, wherever it comes in.
  alerts: { holds: 'what happened: the Alert, one adapter for each kind of source', ours: ['language/storable-text'], packages: [] },
  triggers: { holds: 'what an alert starts: a decision with its reason', ours: ['alerts', 'language'], packages: [] },
  language: {
    holds: 'playbook text to checked plan: YAML, expressions, verbs, diagnostics with line and column',
    ours: [],
    packages: ['yaml', 'zod', '@bufbuild/[^/]+', 're2js'],
  },
  engine: {
    holds: 'plan and state of a run to what happens next; simulation',
    // form, rows: an answer is checked where it is used, also when the store has checked it before.
    ours: [
      'language/cel',
      'language/template',
      'language/verbs',
      'language/approve-over',
      'language/form',
      'language/rows',
      'language/inputs',
      'language/escalations',
      'language/own',
    ],
    packages: [],
  },
  policy: { holds: 'what a response may do, and who must say yes: decisions with rule and reason', ours: ['language/cel'], packages: [] },
  audit: { holds: 'events, their words, redaction, the hash chain', ours: [], packages: [] },
  workflows: {
    holds: 'the engine driven by Temporal',
    ours: ['engine', 'policy', 'language/cel'],
    packages: ['@temporalio/(workflow|common)'],
  },
  activities: {
    holds: 'the only doors out of a run: read, ask policy, do, verify, undo',
    // canonical: the bytes that an approval's digest is made of are the language's. approve-over: whom the playbook asks before what, as the engine does.
    ours: [
      'connectors',
      'policy',
      'store',
      'audit',
      'language/canonical',
      'language/approve-over',
      'language/escalations',
      'workflows/contract',
    ],
    packages: ['@temporalio/(activity|common)'],
    node: true,
  },
  connectors: {
    holds: 'one folder for each product; the guarded HTTP client',
    ours: ['language/storable-text'],
    packages: ['zod', 'axios', 'ipaddr.js', 'nodemailer'],
    node: true,
  },
  store: {
    holds: 'SQL, migrations, rows; PostgreSQL and PGlite',
    // policy/approval: the pure rule of who may decide and when it is enough, applied inside the store's own conditional update.
    // policy/entities: which of several sources' entries are one thing, applied where they are written.
    ours: ['audit', 'language/storable-text', 'policy/approval', 'policy/addressed', 'policy/entities', 'policy/loosening'],
    packages: ['kysely', 'pg', '@electric-sql/pglite'],
    node: true,
  },
  server: {
    holds: 'webhooks, API, sign-in, live updates',
    ours: ['alerts', 'triggers', 'language', 'policy', 'store', 'audit'],
    packages: ['fastify', 'fastify-type-provider-zod', '@fastify/[^/]+', '@node-rs/argon2', 'pino', 'prom-client', 'zod'],
    node: true,
  },
  dispatch: {
    holds: 'store to Temporal: claims, decides, admits, starts, wakes, reconciles',
    ours: ['alerts', 'triggers', 'language', 'store', 'workflows/contract'],
    packages: ['@temporalio/(client|common)'],
    node: true,
  },
  channels: {
    holds: 'how people are asked, told and woken: messages, pages, who is on call',
    // pump, backoff: how rounds run and failures wait is the same everywhere.
    ours: ['connectors', 'policy', 'store', 'dispatch/pump', 'dispatch/backoff', 'language/unseen'],
    packages: ['zod'],
    node: true,
  },
  console: {
    holds: "the analysts' screens, over the API alone",
    ours: ['language', 'engine'],
    packages: ['react', 'react-dom', '@mantine/[^/]+', '@tanstack/react-query', 'wouter', 'get-nonce'],
  },
  cli: {
    holds: 'one file for each command; offline by itself, online over the API',
    ours: ['language', 'engine', 'triggers', 'alerts', 'policy', 'audit'],
    packages: ['commander', 'picocolors', 'zod'],
    node: true,
  },
  range: { holds: 'simulated products, in a process of their own; knows nothing of Cordon', ours: [], packages: ['zod'], node: true },
  worker: {
    holds: 'the composition root: reads the configuration, wires everything, starts and stops it',
    // Not the range (another process), not the commands, and not the workflows' code (that is the bundle).
    ours: [
      'alerts',
      'language',
      'policy',
      'activities',
      'connectors',
      'audit',
      'store',
      'server',
      'dispatch',
      'channels',
      'engine/engine',
      'workflows/contract',
    ],
    packages: ['@temporalio/(client|common|proto|testing|worker)', 'pino', 'yaml', 'zod'],
    node: true,
  },
};
const sandbox = ['alerts', 'triggers', 'language', 'engine', 'policy', 'audit', 'workflows'];
const any = (list) => (list.length ? `(${list.join('|')})` : '(?!)');

// The console is built by vite, and swc here does not read its .tsx: scripts/setup/console-imports.mjs holds it to its row.
const { console: _screens, ...compiled } = table;
const rules = Object.entries(compiled).flatMap(([folder, { ours, packages, node }]) => [
  {
    name: `${folder}-imports-ours`,
    severity: 'error',
    from: { path: `^dist/${folder}/` },
    to: { path: '^dist/', pathNot: `^dist/(${[folder, ...ours].join('|')})([/.]|$)` },
  },
  {
    name: `${folder}-imports-packages`,
    severity: 'error',
    from: { path: `^dist/${folder}/` },
    to: { path: 'node_modules/', pathNot: `node_modules/${any(packages)}/` },
  },
  ...(node
    ? []
    : [{ name: `${folder}-no-node`, severity: 'error', from: { path: `^dist/${folder}/` }, to: { dependencyTypes: ['core'] } }]),
]);

export default {
  forbidden: [
    ...rules,
    { name: 'no-cycles', severity: 'error', from: { path: '^dist/' }, to: { circular: true } },
    { name: 'no-unresolved', severity: 'error', from: {}, to: { couldNotResolve: true } },
    {
      // Even a type import from a folder that sees Node brings @types/node into the sandbox's compilation and blinds it.
      name: 'sandbox-types',
      severity: 'error',
      from: { path: `^(${sandbox.join('|')})/` },
      to: { path: '^(connectors|store|server|dispatch|channels|cli|worker|range|console|activities)/', pathNot: '/contract\\.ts$' },
    },
    {
      name: 'connectors-not-each-other',
      severity: 'error',
      from: { path: '^connectors/([^/]+)/' },
      to: { path: '^connectors/[^/]+/', pathNot: '^connectors/$1/' },
    },
  ],
  options: {
    parser: 'swc',
    exclude: '^dist/console/',
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'require', 'node', 'default', 'types'] },
  },
};
