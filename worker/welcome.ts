// What the terminal says when all is ready.
import { relative } from 'node:path';
import type { Config } from './config.ts';
import type { SignIn } from './first-sign-in.ts';
import { realProducts } from './trial-form.ts';

export interface Welcome {
  readonly config: Config;
  readonly url: string;
  readonly signIn: SignIn;
  readonly kept: string | undefined;
  readonly pid: number;
  readonly cwd: string;
}

export function welcome({ config, url, signIn, kept, pid, cwd }: Welcome): string {
  const rows: [string, string][] = [
    signIn.kind === 'one-time'
      ? ['Sign in', `${signIn.login} / ${signIn.password}   (works once: you choose your own then; also in ${near(cwd, signIn.file)})`]
      : ['Sign in', `with your own password   (lost: ${prefix(config, url)}npx cordon people reset <login> --local)`],
    ...(realProducts(config).length === 0
      ? [['Fire an alert', `${prefix(config, url)}npx cordon alerts send --sample travel`] satisfies [string, string]]
      : [
          ['Alerts come to', config.sources.map(({ name }) => `${url}/hooks/${name}`).join('  ') || 'no source is configured'] satisfies [
            string,
            string,
          ],
        ]),
    ...(config.settings.mode === 'trial'
      ? [['Try a crash', `kill -9 ${pid}   then npm start again: it goes on where it was`] satisfies [string, string]]
      : []),
    ['Data', `${near(cwd, config.dataFolder)}   (cordon.log in it has the details)`],
    ['Stop', 'Ctrl-C'],
  ];
  const width = Math.max(...rows.map(([title]) => title.length));
  return [
    '',
    ...productLines(config),
    ...(kept === undefined ? [] : ['', kept]),
    '',
    `Cordon is ready: ${url}`,
    ...rows.map(([title, text]) => `  ${title.padEnd(width)}   ${text}`),
    '',
  ].join('\n');
}

/** Whether what follows touches anybody: the first thing to know. */
function productLines(config: Config): readonly string[] {
  if (config.usesRange) return ['SIMULATED PRODUCTS: the practice range stands in for your products. Nothing real is touched.'];
  const real = realProducts(config);
  if (real.length === 0) return ['NO REAL PRODUCTS are configured (connectors: in cordon.yaml). Nothing real is touched.'];
  return [
    `REAL PRODUCTS: what a playbook does is done to ${real.join(', ')}.`,
    'An alert, also one sent by hand, starts the playbooks whose triggers it meets; what they may do is in',
    `${config.policyFile}. One that is new only observes (cordon playbooks list, mode).`,
    'To try something without them: cordon simulate, cordon test.',
  ];
}

/** The command line finds the default installation by itself; another one must be named. */
function prefix(config: Config, url: string): string {
  const parts = [
    ...(config.settings.data === '.cordon' ? [] : [`CORDON_DATA=${shellWord(config.settings.data)}`]),
    ...(config.settings.port === 8080 && config.settings.publicUrl === undefined ? [] : [`CORDON_URL=${shellWord(url)}`]),
  ];
  return parts.length === 0 ? '' : `${parts.join(' ')} `;
}

function near(cwd: string, path: string): string {
  const short = relative(cwd, path);
  return short.startsWith('..') ? path : short;
}

/** As a shell reads it as one word. */
const shellWord = (text: string): string => (/^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`);
