import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { cordon, folderWith } from './run.ts';

const root = join(import.meta.dirname, '../..');
const explained = async (playbook: string) => (await cordon(root, 'explain', `playbooks/${playbook}`)).out.replace(/\s+/g, ' ');

it('says who is asked, what silence means, what is held and how that ends', async () => {
  const text = await explained('malware-on-host');
  expect(text).toContain('2. Isolate the host');
  expect(text).toContain(
    'Before it is done, a responder must say yes. They have 15 minutes for that, with 1 reminder after 5 minutes; after 10 minutes whoever is on call for soc-lead is asked too. Silence means no.',
  );
  expect(text).toContain(
    'It is held for 1 day; then people are asked, and it stays in place until they answer. It can be undone: release the host.',
  );
  expect(text).toContain('Only when the answer of step 6 (verdict) is false-positive.');
  expect(text).toContain('They have 8 hours to answer, with 1 reminder after 4 hours. Silence means true-positive.');
});

it('says what cannot be undone, and what starts it', async () => {
  const text = await explained('contain-compromised-account');
  expect(text).toContain("2.2. End the user's sessions This cannot be undone.");
  expect(text).toContain('on an alert from plain or alertmanager of severity high or above, when the alert has exactly one user');
});

it('prints the account as JSON, each step once', async () => {
  const { code, out } = await cordon(root, 'explain', 'playbooks/report-phishing', '--json');
  expect(code).toBe(0);
  const ids: string[] = [];
  const walk = (points: readonly { step: string; lists: readonly { points: never[] }[] }[]): void => {
    for (const point of points) {
      ids.push(point.step);
      for (const list of point.lists) walk(list.points);
    }
  };
  walk(JSON.parse(out).points);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids).toEqual(expect.arrayContaining(['reputation', 'copies', 'verdict', 'quarantine', 'ticket']));
});

it('sends no control character of a playbook to the terminal', async () => {
  const folder = folderWith({
    'p/playbook.yaml':
      'playbook: p\ntitle: "\\e[2Jpwned"\ndescription: x\nowner: x\ntriggers: [{ manual: {} }]\nsteps: [{ stop: { outcome: done } }]\n',
  });
  const { out } = await cordon(folder.path, 'explain', 'p');
  folder.remove();
  expect(out).toContain('pwned');
  expect(out).not.toContain('\u001b');
});

it('says of what follows a loop or an event that does not come what is true of it', async () => {
  const folder = folderWith({
    'p/playbook.yaml': `playbook: p
title: P
owner: x
triggers: [{ manual: {} }]
inputs: { users: { type: host, list: true } }
steps:
  - for_each: { u: "\${{ inputs.users }}" }
    max: 10
    approve: { by: { role: responder }, within: 1h }
    steps:
      - do: host.isolate
        with: { host: "\${{ u }}" }
        hold: until_released
    on_denied:
      - do: ticket.open
        with: { title: Denied }
  - wait: { event: done, within: 1h }
    on_denied: continue
  - wait: { event: more, within: 1h }
  - stop: { outcome: done, message: The file is clean }
`,
  });
  const { out } = await cordon(folder.path, 'explain', 'p');
  folder.remove();
  const text = out.replace(/\s+/g, ' ');
  const [inLoop = '', after = ''] = text.split('if the answer is no');
  expect(inLoop).toContain('If it fails, nothing more is done for this u.');
  expect(after).toContain('If it fails, nothing after it is done.');
  expect(after).not.toContain('for this u');
  expect(after).toContain('If it does not come in time, the run goes on without it.');
  expect(after).toContain('If it does not come in time, nothing after it is done.');
  expect(after).not.toContain('If the answer is no');
  expect(text).toContain('The file is clean. What is in place stays in place.');
});

it.each([
  ['all', 'step 1 (both) ends when all of them have ended.', 'If a branch has failed when all have ended, nothing after it is done.'],
  ['any', 'one that ends well is enough for step 1 (both).', 'If no branch has ended well, nothing after it is done.'],
])('side by side (%s), a no or a failure ends its branch alone, in words and in the picture', async (join, branch, after) => {
  const folder = folderWith({
    'p/playbook.yaml': `playbook: p
title: P
owner: o
inputs: { host: { type: host } }
triggers: [{ manual: {} }]
steps:
  - id: both
    join: ${join}
    parallel:
      - do: host.isolate
        with: { host: "\${{ inputs.host }}" }
        hold: until_released
        approve: { by: { role: responder } }
      - do: ticket.open
        with: { title: Seen }
`,
  });
  const [{ out }, graph] = [await cordon(folder.path, 'explain', 'p'), await cordon(folder.path, 'graph', 'p')];
  folder.remove();
  const text = out.replace(/\s+/g, ' ');
  expect(text).toContain(`If the answer is no, nothing after it in its branch is done, and the other branches go on; ${branch}`);
  expect(text).toContain(after);
  expect(graph.out).toContain('no, or silence: this branch ends, the others go on');
  expect(graph.out).not.toContain('no, or silence: the run ends');
});

it('in a group that goes on without what was denied, a no ends the rest of that group alone', async () => {
  const folder = folderWith({
    'p/playbook.yaml': `playbook: p
title: P
owner: o
inputs: { host: { type: host } }
triggers: [{ manual: {} }]
steps:
  - id: contain
    on_denied: continue
    group:
      - do: host.isolate
        with: { host: "\${{ inputs.host }}" }
        hold: until_released
        approve: { by: { role: responder } }
`,
  });
  const [{ out }, graph] = [await cordon(folder.path, 'explain', 'p'), await cordon(folder.path, 'graph', 'p')];
  folder.remove();
  expect(out.replace(/\s+/g, ' ')).toContain('If the answer is no, nothing more of step 1 (contain) is done.');
  expect(graph.out).toContain('no, or silence: the rest of these is left out');
});

it('says how often a step is tried, and when it is given up', async () => {
  const text = (await cordon(root, 'explain', 'docs/examples/do')).out.replace(/\s+/g, ' ');
  expect(text).toContain('It is tried 3 times in all before it has failed. It is given up after 10 minutes, and has failed then;');
});
