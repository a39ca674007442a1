// docs/reference/alert.md
import { code, madeFrom, table } from './markdown.mjs';

/** `sent` members of the plain alert; `sample` is one of them; `words` of severities, and what becomes of Alertmanager's `labels`. */
export function alertPage({ rows, things, sent, sample, words, labels }) {
  const lists = Object.keys(things).map((thing) => [`${thing}s`, thing]);
  const kindOf = (name, { kind }) => {
    const thing = lists.find(([list]) => list === name)?.[1];
    if (thing) return `list of [${thing}](#${thing})`;
    return kind === 'list' ? 'list of texts' : kind;
  };
  return `# Alerts

${madeFrom('language/alert-members.ts and alerts/')}

What expressions read as \`alert\`, whatever the source, and what the plain alert is made of. \`alert\` is there in [triggers](playbook.md#triggers) always, and in steps only
where every trigger is an alert; a trigger hands on what a step needs by filling an input. All of it is untrusted text.

## What a playbook reads

Lists are always there, perhaps empty. What may be absent is read with a default: \`get(alert, 'message', '')\`.

${table(
  ['member', 'kind', 'what it is'],
  Object.entries(rows).map(([name, row]) => [
    code(`alert.${name}`),
    `${kindOf(name, row)}${row.optional ? ', may be absent' : ''}`,
    row.doc,
  ]),
)}

A playbook whose trigger wants exactly one user, and fills an input with it:

\`\`\`yaml
playbook: sign-out
title: End the sessions of whom an alert is about
owner: identity-response
inputs:
  user: { type: user }
triggers:
  - alert: { source: plain, min_severity: high }
    when: size(alert.users) == 1
    with: { user: "\${{ alert.users[0] }}" }
steps:
  - do: session.revoke
    with: { user: "\${{ inputs.user }}" }
\`\`\`

## Things

The members of the things in those lists, and of inputs of these types. A source leaves out what it does not know, so each may be absent: \`name_of(…)\` and \`id_of(…)\`
of [expressions](expressions.md#things) take what is there.

${Object.entries(things)
  .map(
    ([thing, members]) =>
      `### ${thing}\n\n${table(
        ['member', 'what it is'],
        Object.entries(members).map(([name, doc]) => [code(name), doc]),
      )}`,
  )
  .join('\n\n')}

## Severities

Sources say how severe something is in words of their own. Letter case does not matter; another word counts as \`unknown\`.

${table(
  ['severity', 'words'],
  [...new Set(Object.values(words))].map((severity) => [
    code(severity),
    Object.keys(words)
      .filter((word) => words[word] === severity)
      .map(code)
      .join(', '),
  ]),
)}

## The plain alert

What is posted to a source of the type \`plain\`, signed as a [Standard Webhook](https://www.standardwebhooks.com): one JSON object. \`id\` and \`title\` are needed, the rest may be left out:
${sent.map(code).join(', ')}. Unknown members are kept, in \`alert.data\`.

\`\`\`json
${JSON.stringify(sample, null, 2)}
\`\`\`

\`id\`, \`time\` and \`status\` together say which finding it is. Posted again with all three the same, it is a duplicate and starts nothing. \`time\` is when it happened: keep it while the same
thing is reported again, and give the later one when it happens again after it was resolved, under the same \`id\` too: that is a new finding, which starts playbooks again. Without \`time\` an
\`id\` is open once and resolved once, for good.

Users, hosts, files and messages are maps, never bare texts: \`"hosts": [{ "name": "wks-007" }]\`, since nobody can tell whether \`"wks-007"\` is a name or an id. Of each list 500 items are read.
What cannot be read is left out of the alert, which is taken all the same; why, and which items, stands beside it as quarantined: \`cordon alerts list\`.
\`cordon alerts send <file>\` signs and posts one; \`cordon simulate <playbook> --alert <file>\` shows what a playbook would do with it.

## Alertmanager

What is posted to a source of the type \`alertmanager\`: the webhook of Prometheus Alertmanager, version 4. Each alert of a group is one alert here. Labels become members by their name; of
several in one row the first that is there counts. So write the account and the host into labels of these names, in the rule or by \`relabel_configs\`: what names nobody starts no playbook that
wants somebody.

${table(
  ['label', 'becomes'],
  labels.map((row) => [row.labels.map(code).join(', '), row.to]),
)}

The annotation \`summary\` (else \`title\`, else the label \`alertname\`) is the title, \`description\` the message. \`startsAt\` is the time; fingerprint, \`startsAt\` and status together say which finding
it is, so what fires again is a new one. \`resolved\` resolves it. Every label stands in \`alert.data\` too, as an unknown member of a plain alert does: a label \`category: exfiltration\` is what the pack's playbooks ask for by
\`get(alert.data, 'category', '')\`. Labels and annotations by themselves: \`get(alert, 'data.labels.team', '')\`, \`get(alert, 'data.annotations.runbook_url', '')\`.
`;
}
