// Every address as a function: `api` is what the server answers, `screen` is what the address bar shows.

type Query = Readonly<Record<string, string | undefined>>;

const id = (value: string): string => encodeURIComponent(value);

function withQuery(path: string, query: Query = {}): string {
  const text = new URLSearchParams(Object.entries(query).filter((pair): pair is [string, string] => Boolean(pair[1]))).toString();
  return text ? `${path}?${text}` : path;
}

const V1 = '/api/v1';

export const api = {
  session: () => `${V1}/session`,
  me: () => `${V1}/me`,
  identities: () => `${V1}/me/identities`,
  lookIdentity: () => `${V1}/me/identities/look`,
  identity: (identity: string) => `${V1}/me/identities/${id(identity)}`,
  password: () => `${V1}/me/password`,
  now: () => `${V1}/now`,
  live: () => `${V1}/live`,
  freeze: () => `${V1}/freeze`,
  alerts: (query?: Query) => withQuery(`${V1}/alerts`, query),
  alert: (alert: string) => `${V1}/alerts/${id(alert)}`,
  alertRuns: (alert: string) => `${V1}/alerts/${id(alert)}/runs`,
  runs: (query?: Query) => withQuery(`${V1}/runs`, query),
  run: (run: string) => `${V1}/runs/${id(run)}`,
  cancelRun: (run: string) => `${V1}/runs/${id(run)}/cancel`,
  waits: (query?: Query) => withQuery(`${V1}/runs/waiting`, query),
  undo: (query?: Query) => withQuery(`${V1}/undo`, query),
  approvals: (query?: Query) => withQuery(`${V1}/approvals`, query),
  approval: (approval: string) => `${V1}/approvals/${id(approval)}`,
  decide: (approval: string, decision: 'approve' | 'deny' | 'answer') => `${V1}/approvals/${id(approval)}/${decision}`,
  decideAlike: () => `${V1}/approvals/batch`,
  commentApproval: (approval: string) => `${V1}/approvals/${id(approval)}/comments`,
  ackApproval: (approval: string) => `${V1}/approvals/${id(approval)}/ack`,
  delegations: () => `${V1}/delegations`,
  endDelegation: (delegation: string) => `${V1}/delegations/${id(delegation)}/end`,
  holds: (query?: Query) => withQuery(`${V1}/holds`, query),
  hold: (hold: string) => `${V1}/holds/${id(hold)}`,
  releaseHold: (hold: string) => `${V1}/holds/${id(hold)}/release`,
  settleHold: (hold: string) => `${V1}/holds/${id(hold)}/settle`,
  renewHold: (hold: string) => `${V1}/holds/${id(hold)}/renew`,
  suppressions: (query?: Query) => withQuery(`${V1}/suppressions`, query),
  suppression: (suppression: string) => `${V1}/suppressions/${id(suppression)}`,
  removeSuppression: (suppression: string) => `${V1}/suppressions/${id(suppression)}/remove`,
  incidents: (query?: Query) => withQuery(`${V1}/incidents`, query),
  incident: (incident: string) => `${V1}/incidents/${id(incident)}`,
  playbooks: () => `${V1}/playbooks`,
  playbook: (playbook: string) => `${V1}/playbooks/${id(playbook)}`,
  playbookWould: (playbook: string) => `${V1}/playbooks/${id(playbook)}/would`,
  playbookMode: (playbook: string) => `${V1}/playbooks/${id(playbook)}/mode`,
  playbookVersions: (playbook: string) => `${V1}/playbooks/${id(playbook)}/versions`,
  versionPicture: (playbook: string, version: number) => `${V1}/playbooks/${id(playbook)}/versions/${version}/graph`,
  publishVersion: (playbook: string, version: number) => `${V1}/playbooks/${id(playbook)}/versions/${version}/publish`,
  versionDiff: (playbook: string, from: number, to: number) =>
    withQuery(`${V1}/playbooks/${id(playbook)}/diff`, { from: String(from), to: String(to) }),
  startPlaybook: (playbook: string) => `${V1}/playbooks/${id(playbook)}/runs`,
  connectors: () => `${V1}/connectors`,
  people: () => `${V1}/people`,
  person: (person: string) => `${V1}/people/${id(person)}`,
  resetPassword: (person: string) => `${V1}/people/${id(person)}/password`,
  tokensOf: (person: string) => `${V1}/people/${id(person)}/tokens`,
  tokenOf: (person: string, token: string) => `${V1}/people/${id(person)}/tokens/${id(token)}`,
  tokens: () => `${V1}/tokens`,
  token: (token: string) => `${V1}/tokens/${id(token)}`,
  audit: (query?: Query) => withQuery(`${V1}/audit`, query),
  verifyAudit: () => `${V1}/audit/verify`,
  rangeLive: (approval: string) => withQuery(`${V1}/range/live`, { approval }),
};

export const screen = {
  now: (query?: Query) => withQuery('/', query),
  alerts: (query?: Query) => withQuery('/alerts', query),
  alert: (alert: string, query?: Query) => withQuery(`/alerts/${id(alert)}`, query),
  incidents: (query?: Query) => withQuery('/incidents', query),
  incident: (incident: string, query?: Query) => withQuery(`/incidents/${id(incident)}`, query),
  runs: (query?: Query) => withQuery('/runs', query),
  run: (run: string, query?: Query) => withQuery(`/runs/${id(run)}`, query),
  approvals: (query?: Query) => withQuery('/approvals', query),
  approval: (approval: string, query?: Query) => withQuery(`/approvals/${id(approval)}`, query),
  contained: (query?: Query) => withQuery('/contained', query),
  hold: (hold: string, query?: Query) => withQuery(`/contained/${id(hold)}`, query),
  suppressions: (query?: Query) => withQuery('/suppressions', query),
  suppression: (suppression: string, query?: Query) => withQuery(`/suppressions/${id(suppression)}`, query),
  playbooks: (query?: Query) => withQuery('/playbooks', query),
  playbook: (playbook: string, query?: Query) => withQuery(`/playbooks/${id(playbook)}`, query),
  connectors: (query?: Query) => withQuery('/connectors', query),
  connector: (connector: string, query?: Query) => withQuery(`/connectors/${id(connector)}`, query),
  audit: (query?: Query) => withQuery('/audit', query),
  people: (query?: Query) => withQuery('/people', query),
  person: (person: string, query?: Query) => withQuery(`/people/${id(person)}`, query),
  account: () => '/account',
  bind: () => '/bind',
};
