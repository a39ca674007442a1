// What people write who know another language, and what they mean: hints, by the key.

/** Keys of other products, and steps that are called otherwise here. */
export const STEP_SLIPS: Readonly<Record<string, string>> = {
  run: 'did you mean `do`?',
  uses: 'did you mean `do`?',
  action: 'did you mean `do`?',
  name: 'did you mean `id` or `note`?',
  params: 'did you mean `with`?',
  args: 'did you mean `with`?',
  steps: 'a list of steps stands under `group`',
  depends_on: 'steps run in the order of the file',
  needs: 'steps run in the order of the file',
  reason: 'did you mean `why`?',
  sleep: 'such as: - wait: 5m',
  delay: 'such as: - wait: 5m',
  log: 'a `note` on a step, or a message: - do: notify.message',
  print: 'a `note` on a step, or a message: - do: notify.message',
  message: 'such as: - do: notify.message',
  notify: 'such as: - do: notify.message',
  try: '`on_error` on a step, or on a `group`, says what follows a failure',
  catch: '`on_error` on a step, or on a `group`, says what follows a failure',
  loop: 'did you mean `for_each` or `repeat`?',
  foreach: 'did you mean `for_each`?',
  while: 'did you mean `repeat`?',
  end: 'such as: - stop: { outcome: done }',
  exit: 'such as: - stop: { outcome: done }',
  return: 'such as: - stop: { outcome: done }',
  assign: 'did you mean `set`?',
  playbook: 'did you mean `call`?',
  script: 'playbooks run no code of their own: verbs do, docs/reference/verbs.md',
};

/** Within other keys, whatever these are. */
export const INNER_SLIPS: Readonly<Record<string, string>> = {
  role: 'who decides stands under `by`: by: { role: responder }',
  group: 'who decides stands under `by`: by: { group: … }',
  severity: 'did you mean `min_severity`?',
  for: 'a time from now is wait: 5m, without a key; with keys there are `until` and `event`',
};

/** Verbs as other products call them. */
export const VERB_SLIPS: Readonly<Record<string, string>> = {
  'http.post': 'did you mean `http.send`? With it: method: POST',
  'http.put': 'did you mean `http.send`? With it: method: PUT',
  'http.patch': 'did you mean `http.send`? With it: method: PATCH',
  'http.delete': 'did you mean `http.send`? With it: method: DELETE',
  'http.request': 'did you mean `http.get`, or `http.send` for what changes something?',
};

/** Triggers of other products. */
export const TRIGGER_SLIPS: Readonly<Record<string, string>> = {
  webhook: 'alerts come by webhook: - alert: { source: plain }',
  cron: 'such as: - schedule: { cron: "0 8 * * *" }',
  interval: 'such as: - schedule: { cron: "0 8 * * *" }',
  event: 'such as: - alert: { source: plain }',
};

/** Types of other languages. */
export const TYPE_SLIPS: Readonly<Record<string, string>> = {
  string: 'did you mean `text`?',
  str: 'did you mean `text`?',
  int: 'did you mean `number`?',
  integer: 'did you mean `number`?',
  float: 'did you mean `number`?',
  bool: 'did you mean `boolean`?',
  object: 'did you mean `map`?',
  email: 'did you mean `user` or `text`?',
  hash: 'did you mean `file`?',
  list: 'such as { type: user, list: true }',
  array: 'such as { type: user, list: true }',
};

/** A value of the wrong form is best mended after an example of the right one. */
export const EXAMPLES: Readonly<Record<string, string>> = {
  inputs: 'such as inputs: { user: { type: user } }',
  outputs: 'such as outputs: { enabled: { type: boolean, value: "${' + '{ … }}" } }',
  vars: 'such as vars: { found: false }',
  triggers: 'each begins with a dash: - alert: { source: plain }, or - manual: {}',
  source: 'such as source: alertmanager',
  steps: 'each step begins with a dash: - do: user.lookup',
  then: 'each step begins with a dash: - do: user.lookup',
  else: 'each step begins with a dash: - do: user.lookup',
  group: 'each step begins with a dash: - do: user.lookup',
  parallel: 'each branch begins with a dash: - do: user.lookup',
  schedule: 'such as schedule: { cron: "0 8 * * *" }',
  alert: 'such as alert: { source: plain }',
  with: 'such as with: { user: "${' + '{ inputs.user }}" }',
  to: 'such as to: { role: analyst }',
  by: 'such as by: { role: responder }',
  approve: 'such as approve: { by: { role: responder } }',
  hold: 'such as hold: { for: 24h, then: ask }, or hold: until_released',
  choices: 'such as choices: [true-positive, false-positive]',
  ask: 'such as ask: { to: { role: analyst }, title: Is it true?, choices: [true-positive, false-positive], within: 8h, else: true-positive }',
  retry: 'such as retry: { attempts: 3 }',
  repeat: 'such as repeat: { until: …, every: 5m, for: 2h }',
  wait: 'such as wait: 10m',
  timeout: 'such as timeout: 30s',
  within: 'such as within: 8h',
  for_each: 'such as for_each: { user: "${' + '{ inputs.users }}" }',
  stop: 'such as stop: { outcome: done }',
  set: 'such as set: { found: "${' + '{ true }}" }',
  dedupe: 'such as dedupe: { by: "${' + '{ inputs.user.id }}", within: 4h }',
};
