// What is wrong with an author's text. Values, collected, never thrown. Codes and their help stand in one table: CODES, below.

export interface Diagnostic {
  /** UPPER_SNAKE, stable. */
  readonly code: string;
  readonly severity: 'error' | 'warning';
  readonly message: string;
  readonly hint?: string;
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** From 1. */
  readonly column: number;
}

interface Code {
  readonly severity: Diagnostic['severity'];
  /** What it means, and why it matters: the reference page. */
  readonly help: string;
  /** What to do; the hint where the place itself gives no better one. */
  readonly mend: string;
}

const error = (help: string, mend: string): Code => ({ severity: 'error', help, mend });
const warning = (help: string, mend: string): Code => ({ severity: 'warning', help, mend });

export const CODES = {
  FILE_TOO_LARGE: error('The file is longer than is read. Split the playbook.', 'Split the playbook, and call one from the other.'),
  FILE_EMPTY: error('The file holds nothing.', 'It begins: playbook: a-name.'),
  YAML_SYNTAX: error(
    'The text is not YAML. Most often an expression or a text with a colon needs quotes.',
    'Look for a missing quote, a colon within text, or indentation that does not line up.',
  ),
  YAML_TOO_DEEP: error('Lists and maps are nested too deeply to be read safely.', 'Split the playbook, or take a level away.'),
  YAML_TOO_MANY: error('The file has too many keys and values.', 'Split the playbook.'),
  YAML_COMMENT: warning(
    'A blank and a # begin a comment, and what follows is no part of the text.',
    'Put the whole text in quotes; a comment has a blank behind its #.',
  ),
  YAML_TAG: error('YAML took a `!` for a tag. Put the expression in quotes.', 'Put the text in quotes.'),
  YAML_ALIAS: error(
    'Anchors and aliases are not read; write the value out.',
    'Write the value out, or put text that begins with * or & in quotes.',
  ),
  YAML_MERGE: error('Merge keys are not read; write the members out.', 'Write the members out.'),
  YAML_KEY: error('This cannot be a key.', 'Give it another name.'),
  YAML_DUPLICATE_KEY: error('A key is there twice, and one of them would be lost.', 'Take one of the two away.'),
  YAML_VALUE: error('The value has no place in JSON.', 'Put it in quotes.'),
  YAML_DIRECTIVE: error('Directives are not read.', 'Leave it out: YAML 1.2 it is.'),
  YAML_DOCUMENTS: error('One file holds one document.', 'One file, one document: take the line --- away, or make two files.'),
  KEY_UNKNOWN: error(
    'The key means nothing here; it would be passed over silently.',
    'Look for the right key in docs/reference/playbook.md.',
  ),
  KEY_USELESS: error('The key does nothing on a step of this kind.', 'Take it away, or give it to the `do` steps inside.'),
  KEY_MISSING: error('A key that must be there is missing.', 'Add it.'),
  VALUE_TYPE: error('The value is of another kind than is needed.', 'Write it as docs/reference/playbook.md shows.'),
  VALUE_UNKNOWN: error('The value is none of those that are known.', 'Write one of those that are named.'),
  VALUE_INVALID: error('The value has not the form that is needed.', 'Write it as docs/reference/playbook.md shows.'),
  NAME_INVALID: error('The name cannot be used.', 'Small letters, digits and what the message names.'),
  STEP_KIND: error('A step says exactly one thing to do.', 'Write do, ask, group, or another kind of docs/reference/playbook.md.'),
  STEP_NESTING: error('Steps are nested too deeply to be understood.', 'Split the playbook.'),
  STEP_TOO_MANY: error('The playbook has too many steps.', 'Split the playbook.'),
  STEP_DUPLICATE: error('Two steps have the same id.', 'Give one of them another id.'),
  STEP_UNKNOWN: error('There is no step of that name.', 'Give the step that id, or name another.'),
  STEP_NOT_YET: error('The step cannot have run when its result is read.', 'Move that step before this one.'),
  CONDITION_CONSTANT: warning(
    'The condition reads nothing, so it is the same in every run.',
    'Read an input, a result or the alert in it; a comparison of text with itself is mostly a name in quotes.',
  ),
  STEP_UNREACHABLE: warning('Nothing leads to the step.', 'Take it away, or guard what ends the run with `when`.'),
  TRIGGER_KIND: error(
    'A trigger is `alert`, `schedule` or `manual`.',
    'Write - alert: { source: … }, - schedule: { cron: … } or - manual: {}.',
  ),
  SCHEDULE_CRON: error(
    'The schedule cannot be read, or never comes round.',
    'Five fields: minute, hour, day of month, month, day of week.',
  ),
  SCHEDULE_ZONE: error('There is no such time zone.', 'Use an IANA name such as Europe/Vienna, or UTC.'),
  TRIGGER_DUPLICATE: error('One manual trigger is enough.', 'Take one of them away.'),
  EXPRESSION_EMPTY: error('The expression is empty.', 'Write an expression, or leave the key out.'),
  EXPRESSION_TOO_LONG: error('The expression is too long.', 'Compute parts of it before, with `set`.'),
  EXPRESSION_SYNTAX: error(
    'The expression cannot be read.',
    'Compare with ==, combine with && and ||, put text in quotes: docs/reference/expressions.md.',
  ),
  EXPRESSION_TOO_LARGE: error('The expression has too many parts.', 'Compute parts of it before, with `set`.'),
  EXPRESSION_TOO_NESTED: error('The expression is nested too deeply.', 'Compute the inner part before, with `set`.'),
  EXPRESSION_UNKNOWN_FUNCTION: error('There is no function of that name.', 'All functions are in docs/reference/expressions.md.'),
  EXPRESSION_UNSUPPORTED: error('Playbooks cannot use this part of CEL.', 'Write it with text, numbers, lists and maps.'),
  EXPRESSION_PATTERN: error('The regular expression cannot be used.', 'Write the pattern out, in RE2 (no look-ahead, no back-references).'),
  EXPRESSION_TYPE: error('The arguments do not fit.', 'The forms of all functions are in docs/reference/expressions.md.'),
  DIVISION_WHOLE: warning(
    'Whole numbers are divided without the rest.',
    'For a share write double(…) around one side; where the whole number is meant, int(double(…) / …).',
  ),
  REPEAT_ONCE: warning(
    'The rest between two turns is longer than the loop may last: there is never a second turn.',
    'Make `for` longer than `every`.',
  ),
  BRANCH_SKIPPED: warning(
    'A branch of `join: any` may be skipped as a whole: it has then ended well at once, and the others are stopped.',
    'Put the guard on the whole `parallel`, or let the branch begin with a step without `when`.',
  ),
  ALERT_UNGUARDED: warning(
    'An item of a list of the alert is read that may not be there; then the trigger starts nothing, and the alert is shown with an error.',
    'Ask first, in `when` of the trigger: size(alert.users) == 1.',
  ),
  EXPRESSION_WRAPPED: error('The key holds an expression already; `${' + '{ }}` is for texts.', 'Take the wrapping away.'),
  TEMPLATE_SYNTAX: error('A template is not closed or empty.', 'Write ${' + '{ expression }}.'),
  TEMPLATE_FOREIGN: error(
    'The text has the template of another language in it, which would stay there as it is written.',
    'Write ${' + '{ expression }}.',
  ),
  TEMPLATE_FORGOTTEN: error(
    'The text is an expression without ${' + '{ }}, so it would be taken for itself: an account that is called `inputs.user`.',
    'Write "${' + '{ expression }}"; text that is meant as it is: "${' + "{ 'text' }}\".",
  ),
  TEMPLATE_IN_TEXT: warning(
    'The text names an input, a result or a variable without ${' + '{ }}, so that readers get its name and not its value.',
    'Put it into ${' + '{ }}.',
  ),
  TEXT_THING: warning(
    'A whole user, host, list or map stands in a text, and people would read it as JSON.',
    'Say which of its members, or name_of(…).',
  ),
  TEMPLATE_USELESS: error(
    'The key holds plain text, and a ${' + '{ }} in it stays as it is written.',
    'Write plain text here; the title of a question, `why`, `with` and messages are rendered.',
  ),
  NAME_UNKNOWN: error(
    'Expressions know inputs, steps, run, vars, and alert where an alert started the run.',
    'Put text in quotes; names begin with inputs, steps, run, vars or alert.',
  ),
  INPUT_UNKNOWN: error('The playbook has no such input.', 'Declare it under `inputs`.'),
  INPUT_MISSING: error('A trigger leaves out an input that must be there.', 'Fill it in the `with` of the trigger, or make it optional.'),
  INPUT_TYPE: error('The default does not fit the type of the input.', 'Change the default or the type.'),
  INPUT_MAYBE_NULL: warning(
    'The input may be missing, and the step needs it. Guard the step with `when`.',
    'Guard the step: when: inputs.… != null.',
  ),
  MEMBER_UNKNOWN: error(
    'There is no member of that name.',
    'The members are in docs/reference/expressions.md, those of `alert` in docs/reference/alert.md.',
  ),
  VARIABLE_UNKNOWN: error('No `set` and no `vars` has this variable.', 'Give it a first value under `vars`.'),
  VARIABLE_NOT_YET: error('The variable may not be set when it is read.', 'Give it a first value under `vars`.'),
  RESULT_UNKNOWN: error('The step has no result of that name.', 'The results of verbs are in docs/reference/verbs.md.'),
  RESULT_MAYBE_ABSENT: error(
    'The result is absent when the step was skipped, failed or was denied. Give the step a `default`.',
    'Give the step a `default`, or read with get(…, …, default).',
  ),
  SEVERITY_ORDER: error(
    'Severity is a word, and words are ordered by the alphabet. Compare severity_id.',
    'Compare the number: run.severity_id >= 4, or severity_id(inputs.…) >= 4.',
  ),
  CHOICE_UNKNOWN: error('The comparison can never be true.', 'Compare with one of the words that are named.'),
  VERB_UNKNOWN: error('There is no verb of that name.', 'All verbs are in docs/reference/verbs.md.'),
  PARAMETER_UNKNOWN: error('The verb takes no such parameter.', 'The parameters are in docs/reference/verbs.md.'),
  PARAMETER_MISSING: error('The verb needs this parameter.', 'Add it under `with`.'),
  PARAMETER_TYPE: error(
    'The value does not fit where it is given: to a parameter of a verb, an input or an output.',
    'The parameters of verbs are in docs/reference/verbs.md; inputs and outputs are declared in their playbook.',
  ),
  HOLD_MISSING: warning(
    'The effect can be taken back, and nothing says when. Give it a `hold`.',
    'Say so: hold: until_released, or hold: { for: 24h, then: ask }.',
  ),
  HOLD_USELESS: error('There is nothing that could be held.', 'Take the hold away.'),
  TARGET_MAYBE_EMPTY: warning(
    'What is acted on may be missing. Then the step fails in the run; nothing is ever done to everything instead.',
    'Guard the step with `when`, so that it is skipped where there is nothing to act on.',
  ),
  UNDO_IRREVERSIBLE: error('There is nothing in it that could be undone.', 'The risk of each verb is in docs/reference/verbs.md.'),
  APPROVE_MISSING: warning(
    'The policy asks people before this effect, each time and for this effect alone; who reads the playbook does not see it.',
    'Say so: give the step, or the group around it, an `approve`, so that people decide once over everything.',
  ),
  POLICY_DENIES: error(
    'The policy denies this effect always, so the step can never do its work.',
    'Take the step away, or change the policy.',
  ),
  APPROVE_USELESS: error('There is nothing to approve.', 'Take `approve` away, or put it on the effect.'),
  APPROVE_NESTED: error('One decision covers everything inside; a second within it is never asked.', 'Take one of the two away.'),
  APPROVE_DEPENDS: error('People approve what is rendered before anything inside has run.', 'Move the step that is read before the group.'),
  APPROVE_CONTENT: error('This cannot be covered by one decision.', 'Put it before or after what is approved.'),
  APPROVE_IN_LOOP: error(
    'One decision covers a whole loop: put `approve` on the loop, so that people see the full list at once.',
    'Put `approve` on the loop.',
  ),
  CALL_UNKNOWN: error('There is no playbook of that name to call.', 'Put it into the same folder of playbooks, under that name.'),
  CALL_BROKEN: error('The called playbook cannot be read.', 'Mend the called playbook first: cordon validate shows its faults.'),
  CALL_RECURSES: error(
    'A playbook that calls itself, on whatever way, would never end.',
    'Take one of the calls away; repeat does something again.',
  ),
  CALL_ALERT: error(
    'A called playbook gets its inputs from its caller, not from an alert.',
    'Give the called playbook an input, and - manual: {} among its triggers.',
  ),
  OUTPUT_NAME: error('The output has the name of something that every call has.', 'Give the output another name.'),
  LOOP_NAME: error("The loop's variable would hide another name.", 'Give the variable another name.'),
  LOOP_RESULT: error(
    'A step within a loop has a result for each item; outside there is none.',
    'Read it within the loop, or read the counts of the loop.',
  ),
  LOOP_BOUND: error('The loop is larger than can be done.', 'Lower it, or filter the list first.'),
  TIME_ORDER: error('It would come after the time is over.', 'Make it shorter.'),
  TIMEOUT_SHORT: warning(
    'The step is given up before the time to decide is over: what follows is its `on_error`, not its `on_denied`.',
    'Make `timeout` longer than `within`, or leave it out: silence is a no by itself.',
  ),
  CHOICE_ELSE: error('Silence must mean one of the choices.', 'Write one of the choices.'),
  FORM_FIELD: error('The field of the form cannot be like this.', 'Write it as docs/reference/playbook.md shows.'),
  FORM_ELSE: error('Silence must fill the form with what its fields take.', 'Give `else` a value for every field that is needed.'),
} as const satisfies Readonly<Record<string, Code>>;

export type DiagnosticCode = keyof typeof CODES;

/** True when nothing is worse than a warning. */
export const isClean = (diagnostics: readonly Diagnostic[]): boolean =>
  diagnostics.every((diagnostic) => diagnostic.severity === 'warning');
