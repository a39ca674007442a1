#!/usr/bin/env node
// npm run docs: writes the pages that are made from the code, and follows all links. --check: says which are not up to date, and writes nothing.
// To add a page: one line in PAGES. The generator is compiled code in dist/, so that pages and product cannot differ.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { table as folders } from '../.dependency-cruiser.mjs';
import { accessPage } from './docs/access-page.mjs';
import { alertPage } from './docs/alert-page.mjs';
import { conformancePage } from './docs/conformance-page.mjs';
import { diagnosticsPage } from './docs/diagnostics-page.mjs';
import { withFolders } from './docs/folders-table.mjs';
import { functionsPage } from './docs/functions-page.mjs';
import { anchorOf, brokenLinks } from './docs/links.mjs';
import { packPage, withGraph } from './docs/pack-page.mjs';
import { playbookPage } from './docs/playbook-page.mjs';
import { policyPage } from './docs/policy-page.mjs';
import { scenariosPage } from './docs/scenarios-page.mjs';
import { STEP_KINDS, stepPage } from './docs/step-pages.mjs';
import { verbsPage } from './docs/verbs-page.mjs';
import { wrongPlaybooksPage } from './docs/wrong-playbooks-page.mjs';
import { endChildrenOnSignal } from './setup/child.mjs';
import { makeReady } from './setup/ready.mjs';
import { explain } from './setup/steps.mjs';

const from = (path) => import(new URL(`../dist/${path}`, import.meta.url).href);

const SHIPPED = readdirSync('playbooks').toSorted();

async function planOf(name) {
  const file = `playbooks/${name}/playbook.yaml`;
  const { plan } = (await from('language/parse.js')).readPlaybook(readFileSync(file, 'utf8'), file);
  if (!plan) throw new Error(`${file} is wrong: run npx cordon validate`);
  return plan;
}

/** Its verbs, in the order of its steps, each once. */
async function verbsIn() {
  const { allSteps } = await from('language/checks/step-facts.js');
  return (plan) => [...new Set([...allSteps(plan.steps)].flatMap((step) => (step.kind === 'do' ? [step.verb] : [])))];
}

/** file -> the function that makes its text. Packages are loaded within, since they may have to be installed first. */
const PAGES = {
  'docs/reference/settings.md': async () => (await from('worker/settings-page.js')).settingsPage(),
  'docs/reference/cli.md': async () => await (await from('cli/reference-page.js')).cliPage(),
  'docs/reference/playbook.schema.json': async () =>
    `${JSON.stringify((await from('language/json-schema.js')).playbookJsonSchema(), null, 2)}\n`,
  'docs/reference/playbook.md': async () =>
    playbookPage((await from('language/json-schema.js')).playbookJsonSchema(), {
      reserved: (await from('language/schema/values.js')).RESERVED_WORDS,
      results: (await from('language/read-outputs.js')).OUTPUT_RESERVED,
    }),
  'docs/reference/scenario.schema.json': async () =>
    `${JSON.stringify((await from('language/scenario/json-schema.js')).scenarioJsonSchema(), null, 2)}\n`,
  'docs/reference/scenarios.md': async () => scenariosPage((await from('language/scenario/json-schema.js')).scenarioJsonSchema()),
  'docs/reference/policy.schema.json': async () =>
    `${JSON.stringify((await from('language/policy/json-schema.js')).policyJsonSchema(), null, 2)}\n`,
  'docs/reference/policy-tests.schema.json': async () =>
    `${JSON.stringify((await from('language/policy/json-schema.js')).policyCasesJsonSchema(), null, 2)}\n`,
  'docs/reference/policy.md': async () => {
    const { policyJsonSchema, policyCasesJsonSchema } = await from('language/policy/json-schema.js');
    return policyPage(policyJsonSchema(), policyCasesJsonSchema());
  },
  ...Object.fromEntries(
    STEP_KINDS.map((kind) => [
      `docs/reference/steps/${kind}.md`,
      async () => stepPage(kind, (await from('language/json-schema.js')).playbookJsonSchema()),
    ]),
  ),
  'docs/reference/expressions.md': async () =>
    functionsPage((await from('language/cel/functions/functions.js')).FUNCTIONS, (await from('language/cel/functions/row.js')).formOf),
  'docs/reference/alert.md': async () => {
    const [{ ALERT_ROWS, THING_ROWS }, { PLAIN_MEMBERS }, { sampleAlert }, { SEVERITY_WORDS }, { ALERTMANAGER_LABELS }] = [
      await from('language/alert-members.js'),
      await from('alerts/plain.js'),
      await from('alerts/samples.js'),
      await from('alerts/severity.js'),
      await from('alerts/alertmanager.js'),
    ];
    return alertPage({
      rows: ALERT_ROWS,
      things: THING_ROWS,
      sent: PLAIN_MEMBERS,
      sample: sampleAlert('travel', 'edr-4711', '2026-11-21T10:11:01Z'),
      words: SEVERITY_WORDS,
      labels: ALERTMANAGER_LABELS,
    });
  },
  'docs/reference/conformance.md': async () => {
    const { parse } = await import('yaml');
    return conformancePage(parse(readFileSync('test/cases/conformance/left-out.yaml', 'utf8')));
  },
  'docs/reference/diagnostics.md': async () => diagnosticsPage((await from('language/diagnostics.js')).CODES),
  'docs/wrong-playbooks.md': async () => {
    const { readPlaybook } = await from('language/parse.js');
    const { formatDiagnostics } = await from('language/format-diagnostics.js');
    const folder = 'test/cases/wrong';
    const files = readdirSync(folder)
      .toSorted()
      .map((name) => [name, readFileSync(join(folder, name), 'utf8')]);
    return wrongPlaybooksPage(files, (text) => formatDiagnostics(readPlaybook(text, 'playbook.yaml').diagnostics, text, { color: false }));
  },
  'docs/reference/access.md': async () => {
    const [{ ACCESS }, { ROLES }, { scopesOf }] = [
      await from('server/access.js'),
      await from('policy/roles.js'),
      await from('server/who.js'),
    ];
    return accessPage(ACCESS, ROLES, scopesOf);
  },
  'docs/reference/verbs.md': async () => {
    const { CONNECTORS } = await from('connectors/connectors.js');
    const served = CONNECTORS.flatMap((one) => one.actions.map((action) => [action.verb, one.type]));
    return verbsPage((await from('language/verbs.js')).VERBS, grouped(served));
  },
  'docs/reference/connectors.md': async () => {
    const { connectorsPage } = await import('./docs/connectors-page.mjs');
    return connectorsPage((await from('connectors/connectors.js')).CONNECTORS, anchorOf);
  },
  'docs/playbooks.md': async () => {
    const { VERBS } = await from('language/verbs.js');
    return packPage(await Promise.all(SHIPPED.map(planOf)), { verbsOf: await verbsIn(), of: VERBS });
  },
  ...Object.fromEntries(
    SHIPPED.map((name) => [
      `playbooks/${name}/README.md`,
      async () => {
        const [{ VERBS }, { CONNECTORS }, { mermaidOf }] = [
          await from('language/verbs.js'),
          await from('connectors/connectors.js'),
          await from('language/picture/mermaid.js'),
        ];
        const plan = await planOf(name);
        const served = grouped(CONNECTORS.flatMap((one) => one.actions.map((action) => [action.verb, one.type])));
        const verbs = (await verbsIn())(plan);
        return withGraph(readFileSync(`playbooks/${name}/README.md`, 'utf8'), {
          mermaid: mermaidOf(plan),
          verbs,
          of: VERBS,
          served,
          anchorOf,
        });
      },
    ]),
  ),
  'ARCHITECTURE.md': async () => withFolders(readFileSync('ARCHITECTURE.md', 'utf8'), folders),
};

/** Every page that people read: its links are followed. (Parts of pages, in docs/examples, are followed where they stand.) */
const READ = /^(?:[A-Z]+\.md|docs\/(?!examples\/).*\.md|playbooks\/.*\.md)$/;
const pagesToRead = () =>
  ['.', 'docs', 'playbooks']
    .flatMap((folder) => readdirSync(folder, { recursive: folder !== '.' }).map((name) => join(folder, String(name)).replaceAll('\\', '/')))
    .filter((file) => READ.test(file));

const grouped = (pairs) => {
  const found = {};
  for (const [name, value] of pairs) found[name] = [...(found[name] ?? []), value];
  return found;
};

const current = (file) => {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
};

/** A playbook that people copy from a page is as good as one that is shipped. */
async function wrongPlaybooks(page) {
  const { readPlaybook } = await from('language/parse.js');
  return [...readFileSync(page, 'utf8').matchAll(/^```yaml\n(playbook:[\s\S]*?)^```/gm)].flatMap(([, text]) =>
    readPlaybook(text, page).diagnostics.map((one) => `${page}: in its playbook, line ${one.line}: ${one.code} ${one.message}`),
  );
}

endChildrenOnSignal();
try {
  const check = process.argv.includes('--check');
  // Within npm run check dist/ is there already, and its lock is not ours to take.
  if (!check) await makeReady({ build: true });
  for (const [file, make] of Object.entries(PAGES)) {
    const text = await make();
    if (current(file) === text) continue;
    if (check) {
      console.log(`${file} is not what the code says: run npm run docs`);
      process.exitCode = 1;
      continue;
    }
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    console.log(`wrote ${file}`);
  }
  for (const broken of [...brokenLinks(pagesToRead()), ...(await wrongPlaybooks('README.md'))]) {
    console.log(broken);
    process.exitCode = 1;
  }
} catch (error) {
  process.exitCode = explain(error);
}
