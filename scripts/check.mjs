#!/usr/bin/env node
// npm run check: types, sandbox, lint, format, import table, dead code, generated pages, size and `any`. One line each, and what is wrong.
import { spawn } from 'node:child_process';
import { CODE } from './setup/build.mjs';
import { endChildrenOnSignal } from './setup/child.mjs';
import { checkConsoleImports } from './setup/console-imports.mjs';
import { makeReady } from './setup/ready.mjs';
import { checkSources } from './setup/source-rules.mjs';
import { explain, seconds } from './setup/steps.mjs';

const bin = (name) => `node_modules/${name}`;
const tsc = bin('typescript/bin/tsc');

/** Each is a program that must end with 0, or a function that returns what is wrong. */
const CHECKS = [
  { name: 'types', run: [tsc, '-p', '.'] },
  { name: 'types of the sandbox', run: [tsc, '-p', 'tsconfig.sandbox.json'] },
  { name: 'no Node types in the sandbox', run: sandboxFiles },
  { name: 'types of the console', run: [tsc, '-p', 'console'] },
  { name: 'lint and format', run: [bin('@biomejs/biome/bin/biome'), 'check', '.'] },
  {
    name: 'import table',
    run: [bin('dependency-cruiser/bin/dependency-cruise.mjs'), '--config', '.dependency-cruiser.mjs', 'dist', ...CODE],
  },
  { name: 'import table of the console', run: () => Promise.resolve(checkConsoleImports()) },
  { name: 'dead code', run: [bin('knip/bin/knip.js')] },
  { name: 'generated pages', run: ['scripts/docs.mjs', '--check'] },
  { name: 'size, any, randomness, words', run: () => Promise.resolve(checkSources()) },
];

/** Runs a program of ours and gathers what it says. */
function output(args) {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, NO_COLOR: '1' } });
    let text = '';
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (chunk) => (text += chunk));
    child.once('close', (code) => resolve({ code, text: text.trim() }));
  });
}

/** One `import type` of a file that sees Node would switch the sandbox's check off silently. */
async function sandboxFiles() {
  const { code, text } = await output([tsc, '-p', 'tsconfig.sandbox.json', '--listFilesOnly']);
  if (code !== 0 || !text.includes('language/plan.ts')) return [`the sandbox's files cannot be listed: ${text.slice(0, 500)}`];
  return text.split('\n').filter((file) => file.includes('@types/node'));
}

async function runOne(check) {
  const began = performance.now();
  let problem = '';
  if (typeof check.run === 'function') problem = (await check.run()).join('\n');
  else {
    const { code, text } = await output(check.run);
    if (code !== 0) problem = text || `ended with ${code}`;
  }
  return { name: check.name, problem, ms: performance.now() - began };
}

endChildrenOnSignal();
try {
  await makeReady({ build: true });
  const queue = [...CHECKS];
  const results = [];
  // Two at a time: the machine this must be quick on has two cores.
  const worker = async () => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const result = await runOne(next);
      results.push(result);
      console.log(`  ${result.problem === '' ? '✓' : '✗'} ${result.name} ${seconds(result.ms)}`);
      if (result.problem !== '') console.log(`${result.problem.slice(0, 20_000)}\n`);
    }
  };
  await Promise.all([worker(), worker()]);
  const failed = results.filter((result) => result.problem !== '');
  console.log(failed.length === 0 ? `All ${results.length} checks passed.` : `Failed: ${failed.map((result) => result.name).join(', ')}`);
  process.exitCode = failed.length === 0 ? 0 : 1;
} catch (error) {
  process.exitCode = explain(error);
}
