// cordon policy check | test | explain
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Diagnostic } from '../../language/diagnostics.ts';
import { formatDiagnostics } from '../../language/format-diagnostics.ts';
import { readPolicyCases } from '../../language/policy/cases.ts';
import { readPolicy } from '../../language/policy/read-policy.ts';
import type { PolicyExplained } from '../../server/contract.ts';
import { connect } from '../client.ts';
import { CliError, type Context, EXIT, type ExitCode, type Register } from '../command.ts';
import { xml } from '../junit.ts';
import { columns, jsonText, paint, safeText } from '../output.ts';
import { readTextFile, type TextFile } from '../playbook-files.ts';
import { type CaseResult, judgeCase } from '../policy-cases.ts';
import { configuredFiles, entitiesFor, readInventory } from '../policy-ground.ts';
import { policyKnowledge } from '../policy-knowledge.ts';
import { writeOut } from '../write-out.ts';

interface TestOptions {
  readonly cases?: string;
  readonly entities?: string;
  readonly junit?: string;
}

interface ExplainOptions {
  readonly connector?: string;
  readonly severity?: string;
}

const FILE = 'the policy; default: the one that cordon.yaml names, else policy.yaml';

export const policy: Register = (program, action) => {
  const noun = program.command('policy').description('what a response may do');
  noun
    .command('check')
    .description('Checks a policy without running anything. Every fault is shown with its file, line and column.')
    .argument('[file]', FILE)
    .addHelpText('after', '\nExamples:\n  $ cordon policy check\n  $ cordon policy check policy.yaml --json | jq .diagnostics')
    .action(action(check));
  noun
    .command('test')
    .description(
      'Runs the cases beside a policy (policy.tests.yaml): made-up effects, and what must be decided about them. No server is needed.',
    )
    .argument('[file]', FILE)
    .option('--cases <file>', 'the cases; default: beside the policy, policy.tests.yaml for policy.yaml')
    .option(
      '--entities <file>',
      'the inventory that targets are looked up in; default: the one that cordon.yaml names, else entities.yaml beside the policy',
    )
    .option('--junit <file>', 'write the results as JUnit XML, for build servers')
    .addHelpText(
      'after',
      '\nExamples:\n  $ cordon policy test\n  $ cordon policy test policy.yaml --entities entities.yaml --junit reports/policy.xml',
    )
    .action(action(test));
  noun
    .command('explain')
    .description('What would be decided about this effect now, and by which rules. Asks the server; nothing is done.')
    .argument('<verb>', 'such as host.isolate')
    .argument('<target>', 'an exact name of the target')
    .option('--connector <id>', 'as if it went through this connector')
    .option('--severity <word>', 'of the run', 'high')
    .addHelpText(
      'after',
      '\nExamples:\n  $ cordon policy explain host.isolate dc-01\n  $ cordon policy explain user.disable eve.adams@example.test --json',
    )
    .action(action(explain));
};

function policyFile(context: Context, written: string | undefined): TextFile {
  const name = written ?? configuredFiles(context.cwd).policy ?? 'policy.yaml';
  return readTextFile(resolve(context.cwd, name), context.cwd);
}

function check(context: Context, written: string | undefined): ExitCode {
  const { file, text } = policyFile(context, written);
  const { policy: read, diagnostics } = readPolicy(text, file, policyKnowledge);
  const ok = read !== undefined;
  const counts = { rules: read?.rules.length ?? 0, limits: read?.limits.length ?? 0 };
  if (context.json) context.out(jsonText({ ok, file, ...counts, diagnostics }));
  else {
    if (diagnostics.length > 0) context.out(`${formatDiagnostics(diagnostics, text, { color: context.colour })}\n`);
    const colour = paint(context.colour);
    context.out(
      ok ? `${colour.green('it can be used')}: ${counts.rules} rules, ${counts.limits} limits\n` : `${colour.red('it cannot be used')}\n`,
    );
  }
  return ok ? EXIT.yes : EXIT.no;
}

function test(context: Context, written: string | undefined, options: TestOptions): ExitCode {
  const source = policyFile(context, written);
  const { policy: read, diagnostics } = readPolicy(source.text, source.file, policyKnowledge);
  if (!read) return unreadable(context, source, diagnostics);
  const cases = casesFile(context, source, options.cases);
  const reading = readPolicyCases(
    cases.text,
    cases.file,
    read.limits.map(({ name }) => name),
  );
  if (!reading.cases) return unreadable(context, cases, reading.diagnostics);
  const entities = entitiesFor(context, source.file, options.entities);
  const inventory = readInventory(context, entities);
  const results = reading.cases.map((one) => judgeCase({ ...read, digest: '' }, inventory, one));
  const failed = results.filter(({ ok }) => !ok);
  const spoken = new Set(results.flatMap(({ rules }) => rules));
  const silent = [...read.rules, ...read.limits].map(({ name }) => name).filter((name) => !spoken.has(name));
  if (options.junit !== undefined) writeOut(context, options.junit, junit(cases.file, results));
  if (context.json) {
    context.out(
      jsonText({
        ok: failed.length === 0,
        passed: results.length - failed.length,
        failed: failed.length,
        entities: entities ?? null,
        cases: results,
        untested: silent,
      }),
    );
  } else printResults(context, cases.file, entities, results, silent);
  return failed.length === 0 ? EXIT.yes : EXIT.no;
}

function casesFile(context: Context, { file }: TextFile, written: string | undefined): TextFile {
  const path = resolve(context.cwd, written ?? file.replace(/(\.ya?ml)?$/, '.tests.yaml'));
  if (!existsSync(path)) {
    throw new CliError(
      EXIT.wrongUse,
      'CASES_MISSING',
      `${file} has no cases beside it: ${path} is not there`,
      'docs/reference/policy.md shows their form',
    );
  }
  return readTextFile(path, context.cwd);
}

function unreadable(context: Context, { text }: TextFile, diagnostics: readonly Diagnostic[]): ExitCode {
  if (context.json) context.out(jsonText({ ok: false, diagnostics }));
  else context.out(`${formatDiagnostics(diagnostics, text, { color: context.colour })}\n`);
  return EXIT.no;
}

function printResults(
  context: Context,
  file: string,
  entities: string | undefined,
  results: readonly CaseResult[],
  silent: readonly string[],
): void {
  const colour = paint(context.colour);
  context.out(
    entities === undefined
      ? colour.yellow('no inventory: nothing is known of any target (tags, criticality, other names); --entities <file> names one\n')
      : colour.dim(`targets are looked up in ${safeText(entities)}\n`),
  );
  for (const one of results) {
    context.out(`  ${one.ok ? colour.green('✓') : colour.red('✗')} ${safeText(one.title)}\n`);
    if (one.ok) continue;
    context.out(`      ${colour.dim(safeText(`${file}:${one.line}`))}\n`);
    context.out(`      ${colour.green(`- expected  ${safeText(one.expected)}`)}\n`);
    context.out(`      ${colour.red(`+ decided   ${safeText(one.decided)}`)}: ${safeText(one.reason)}\n`);
    if (one.rules.length > 0) context.out(`        spoke: ${safeText(one.rules.join(', '))}\n`);
  }
  const failed = results.filter(({ ok }) => !ok).length;
  context.out(`${(failed === 0 ? colour.green : colour.red)(`${results.length - failed} passed, ${failed} failed`)}\n`);
  if (silent.length > 0) context.out(colour.dim(`no case reaches: ${safeText(silent.join(', '))}\n`));
}

function junit(file: string, results: readonly CaseResult[]): string {
  const failures = results.filter(({ ok }) => !ok).length;
  const cases = results.map((one) => {
    const head = `    <testcase classname="policy" name="${xml(one.title)}" file="${xml(file)}" line="${one.line}"`;
    if (one.ok) return `${head}/>\n`;
    const said = xml(`expected ${one.expected}, decided ${one.decided}: ${one.reason}`);
    return `${head}>\n      <failure message="${said}">${said}</failure>\n    </testcase>\n`;
  });
  const counts = `tests="${results.length}" failures="${failures}"`;
  const suite = `  <testsuite name="policy" file="${xml(file)}" ${counts}>\n${cases.join('')}  </testsuite>\n`;
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="cordon policy test" ${counts}>\n${suite}</testsuites>\n`;
}

async function explain(context: Context, verb: string, target: string, options: ExplainOptions): Promise<ExitCode> {
  const query = new URLSearchParams({
    verb,
    target,
    severity: options.severity ?? 'high',
    ...(options.connector === undefined ? {} : { connector: options.connector }),
  });
  const said = await connect(context).get<PolicyExplained>(`/policy/explain?${query}`);
  if (context.json) context.out(jsonText(said));
  else context.out(explainText(said, context));
  return said.decision.effect === 'deny' ? EXIT.no : EXIT.yes;
}

function explainText(said: PolicyExplained, context: Context): string {
  const colour = paint(context.colour);
  const { decision, target } = said;
  const tone = { allow: colour.green, ask: colour.yellow, deny: colour.red }[decision.effect];
  const asked = decision.requirement;
  const proof = asked?.stepUpMs === undefined ? '' : ', with their password again';
  const need = asked ? ` ${asked.count} ${asked.role}${proof}` : '';
  const known = target.known
    ? [
        ...target.tags.map((tag) => `tag ${tag}`),
        ...target.groups.map((group) => `group ${group}`),
        ...(target.criticality ? [`${target.criticality} criticality`] : []),
      ]
    : ['not in the inventory'];
  const rows = [
    ...said.rules.map((rule) => [`  ${rule.then}`, rule.name, rule.reason]),
    ...said.limits.map((limit) => ['  limit', limit.name, `${limit.used} of ${limit.atMost} used`]),
  ];
  return [
    `${tone(`${decision.effect}${need}`)}  ${safeText(said.verb)} ${safeText(target.name)}, by ${safeText(decision.rule)}: ${safeText(decision.reason)}\n`,
    colour.dim(`  ${safeText([target.key, ...known].join(', '))}\n`),
    columns(rows.map((row) => row.map(safeText))),
  ].join('');
}
