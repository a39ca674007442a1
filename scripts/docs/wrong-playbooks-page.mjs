// docs/wrong-playbooks.md, from test/cases/wrong: what is wrong, what is said of it, and how it is right.
import { madeFrom } from './markdown.mjs';

/** `files`: [name, text]; `said` prints what validate prints of a text. */
export function wrongPlaybooksPage(files, said) {
  const parts = files.map(([name, text], index) => part(index + 1, readCase(text), name, said));
  return `# Ten wrong playbooks

${madeFrom('test/cases/wrong/')}

What people write in their first hour, and what \`cordon validate\` says to it. Each message here is printed by the checks themselves, and a test holds that what stands under *right* is.

${parts.join('\n')}`;
}

export function readCase(text) {
  const [wrong = '', right = ''] = text.split(/^---\n/m);
  const [title = '', why = '', ...playbook] = wrong.split('\n');
  return { title: title.replace(/^# /, ''), why: why.replace(/^# /, ''), wrong: playbook.join('\n'), right };
}

const part = (number, { title, why, wrong, right }, _name, said) => `## ${number}. ${title}

${why}

${fence('yaml', wrong)}

${fence('', said(wrong))}

Right:

${fence('yaml', right)}
`;

const fence = (language, text) => `\`\`\`${language}\n${text.trimEnd()}\n\`\`\``;
