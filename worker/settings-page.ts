// docs/reference/settings.md, made from the same tables that read the settings.
import { z } from 'zod';
import { configFile } from './config-file.ts';
import { SETTINGS } from './settings.ts';

/** The page as Markdown. */
export function settingsPage(): string {
  const cell = (text: string) => text.replaceAll('|', '\\|');
  const rows = Object.values(SETTINGS).map(
    (one) =>
      `| \`${one.env}\` | ${one.key === undefined ? '' : `\`${one.key}\``} | ${cell(one.default)}${one.unit === undefined ? '' : ` ${one.unit}`} | ${cell(one.description)} |`,
  );
  const schema = z.toJSONSchema(configFile);
  const keys = Object.entries(schema.properties ?? {}).map(([key, value]) => {
    const description = typeof value === 'object' && value.description !== undefined ? value.description : '';
    return `| \`${key}\` | ${cell(description)} |`;
  });
  return `# Settings

<!-- Made by npm run docs from worker/settings.ts and worker/config-file.ts. Do not edit. -->

Cordon reads the environment first, then \`cordon.yaml\` in the folder where it is started (\`CORDON_CONFIG\` names another file), then its defaults.
Whatever is wrong is said at once, before anything is started.

| variable | in cordon.yaml | default | meaning |
| --- | --- | --- | --- |
${rows.join('\n')}

The command line reads \`CORDON_URL\` (where Cordon is; else \`host\` and \`port\` as above, of which \`host\` counts in cordon.yaml only
where it is an address of this machine), \`CORDON_TOKEN\` (an API token; else the first owner's, in the data folder) and
\`CORDON_WEBHOOK_SECRET\` (what \`cordon alerts send\` signs with; else the source's own, in the data folder).

## cordon.yaml

| key | meaning |
| --- | --- |
${keys.join('\n')}

\`\`\`yaml
port: 8080
database_url: postgres://cordon@db.example.test/cordon
connectors:
  - { id: keycloak, type: keycloak, url: "https://id.example.test", realm: staff, client: cordon, secret: "env:KEYCLOAK_SECRET" }
sources:
  - { name: prometheus, type: alertmanager, secrets: ["file:/etc/cordon/alertmanager-token"] }
notify: { connector: mail, channel: soc@example.test }
policy: policy.yaml
entities: entities.yaml
playbooks: playbooks
\`\`\`
`;
}
