// The import table (design.md, section 2): folder -> what of ours and which packages it may import values of.
// dependency-cruiser (17 and 18) cannot use TypeScript 7 and falls back to swc, which does not tell type imports from value imports.
// So the table is checked on dist/ (verbatimModuleSyntax: what is left there is exactly the value imports), the rest on the sources.
const pure = { ours: [], packages: [] };
const table = {
  alerts: pure,
  triggers: { ours: ['alerts', 'language'], packages: [] },
  language: { ours: [], packages: ['yaml', 'zod', '@bufbuild/[^/]+'] },
  engine: { ours: ['language/cel'], packages: [] },
  policy: { ours: ['language/cel'], packages: [] },
  audit: pure,
  workflows: { ours: ['engine', 'policy', 'language/cel'], packages: ['@temporalio/(workflow|common)'] },
  activities: {
    ours: ['connectors', 'policy', 'store', 'audit', 'workflows/contract'],
    packages: ['@temporalio/(activity|common)'],
    node: true,
  },
  connectors: { ours: [], packages: ['zod', 'axios', 'ldapts', 'ipaddr.js', 'nodemailer'], node: true },
  store: { ours: ['audit'], packages: ['kysely', 'pg', '@electric-sql/pglite'], node: true },
  server: {
    ours: ['alerts', 'triggers', 'language', 'policy', 'store', 'audit'],
    packages: ['fastify', 'fastify-type-provider-zod', '@fastify/[^/]+', '@node-rs/argon2', 'pino', 'prom-client', 'zod'],
    node: true,
  },
  dispatch: {
    ours: ['alerts', 'triggers', 'language', 'store', 'workflows/contract'],
    packages: ['@temporalio/(client|common)'],
    node: true,
  },
  cli: { ours: ['language', 'engine', 'triggers', 'alerts'], packages: ['commander', 'picocolors', 'zod'], node: true },
  // Other people's products: it knows nothing of Cordon, and runs as a process of its own.
  range: { ours: [], packages: ['fastify', 'zod'], node: true },
  // The composition root wires all of it, but for the range (another process), the commands and the workflows' code (the bundle).
  worker: {
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
      'engine/engine',
      'workflows/contract',
    ],
    packages: ['@temporalio/(client|common|proto|testing|worker)', 'pino', 'yaml', 'zod'],
    node: true,
  },
};
const sandbox = ['alerts', 'triggers', 'language', 'engine', 'policy', 'audit', 'workflows'];
const any = (list) => (list.length ? `(${list.join('|')})` : '(?!)');

const rules = Object.entries(table).flatMap(([folder, { ours, packages, node }]) => [
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
      to: { path: '^(connectors|store|server|dispatch|cli|worker|range|console|activities)/', pathNot: '/contract\\.ts$' },
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
