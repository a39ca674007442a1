// Playbooks that ask nobody, and the policy for it: one effect each, so that a test sees that effect and no more.
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SAMPLES } from '../../alerts/samples.ts';

export const ALLOWING_POLICY = 'rules: []\napprovals: { within: 30m, use_by: 1h }\n';

const isolate = `playbook: bare-isolate
title: Isolate a host
description: Isolates the host of an alert about malware.
owner: tests
inputs: { host: { type: host } }
triggers:
  - alert: { source: [plain] }
    when: size(alert.files) > 0 && get(alert, 'data.hurry', false) == false
    with: { host: "\${{ alert.hosts[0] }}" }
steps:
  - id: isolate
    do: host.isolate
    with: { host: "\${{ inputs.host }}" }
    hold: { for: 24h, then: ask }
`;
const disable = `playbook: bare-disable
title: Disable an account
description: Disables the account of an alert about one.
owner: tests
inputs: { user: { type: user } }
triggers:
  - alert: { source: [plain] }
    when: size(alert.users) > 0 && get(alert, 'data.ask', false) == false && get(alert, 'data.group', false) == false
    with: { user: "\${{ alert.users[0] }}" }
steps:
  - id: disable
    do: user.disable
    with: { user: "\${{ inputs.user }}" }
    hold: { for: 24h, then: ask }
`;

/** Disables the account, and asks; alerts about the same account join. */
const ask = `playbook: bare-ask
title: Disable an account and ask
description: Disables the account of an alert about one, then asks about it.
owner: tests
inputs: { user: { type: user } }
triggers:
  - alert: { source: [plain] }
    when: size(alert.users) > 0 && get(alert, 'data.ask', false) == true
    with: { user: "\${{ alert.users[0] }}" }
    dedupe: { by: "\${{ id_of(inputs.user) }}", within: 4h }
steps:
  - id: disable
    do: user.disable
    with: { user: "\${{ inputs.user }}" }
    hold: { for: 24h, then: ask }
  - id: verdict
    ask: { to: { role: analyst }, title: Was it right?, choices: [right, wrong], within: 8h, else: right }
`;

/** Isolates, and gives up after four seconds. */
const hurry = `playbook: bare-hurry
title: Isolate a host within seconds
description: Isolates the host of an alert that is in a hurry, and goes on without where the product is too slow.
owner: tests
inputs: { host: { type: host } }
triggers:
  - alert: { source: [plain] }
    when: size(alert.files) > 0 && get(alert, 'data.hurry', false) == true
    with: { host: "\${{ alert.hosts[0] }}" }
steps:
  - id: isolate
    do: host.isolate
    with: { host: "\${{ inputs.host }}" }
    hold: { for: 24h, then: ask }
    timeout: 4s
    on_error: continue
`;

/** Asks once for an account and a host together. */
const group = `playbook: bare-group
title: Disable an account and isolate a host
description: Disables the account and isolates the host of an alert from the group's own source, after one approval.
owner: tests
inputs: { user: { type: user }, host: { type: host } }
triggers:
  - alert: { source: [plain] }
    when: get(alert, 'data.group', false) == true
    with: { user: "\${{ alert.users[0] }}", host: "\${{ alert.hosts[0] }}" }
steps:
  - id: contain
    approve: { by: { role: responder }, within: 1h }
    group:
      - id: disable
        do: user.disable
        with: { user: "\${{ inputs.user }}" }
        hold: { for: 24h, then: ask }
      - id: isolate
        do: host.isolate
        with: { host: "\${{ inputs.host }}" }
        hold: { for: 24h, then: ask }
`;

/** A folder with all five. */
export const barePlaybooks = (): string =>
  playbookFolder({ 'bare-isolate': isolate, 'bare-disable': disable, 'bare-ask': ask, 'bare-group': group, 'bare-hurry': hurry });

/** A folder with these, by name. */
export function playbookFolder(texts: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'cordon-playbooks-'));
  for (const [name, text] of Object.entries(texts)) {
    mkdirSync(join(folder, name));
    writeFileSync(join(folder, name, 'playbook.yaml'), text);
  }
  return folder;
}

/** Starts bare-isolate. */
export const malwareOn = (host: string) => ({ ...SAMPLES.malware, hosts: [{ id: host }] });
/** Starts bare-disable. */
export const travelOf = (user: string) => ({ title: `Impossible travel of ${user}`, severity: 'high', users: [{ id: user }] });
/** Starts bare-group. */
export const bothOf = (user: string, host: string) => ({
  title: `${user} on ${host}`,
  severity: 'high',
  users: [{ id: user }],
  hosts: [{ id: host }],
  data: { group: true },
});
