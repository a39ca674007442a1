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
  readonly help: string;
}

const error = (help: string): Code => ({ severity: 'error', help });
const warning = (help: string): Code => ({ severity: 'warning', help });

export const CODES = {
  FILE_TOO_LARGE: error('The file is longer than is read. Split the playbook.'),
  FILE_EMPTY: error('The file holds nothing.'),
  YAML_SYNTAX: error('The text is not YAML. Most often an expression or a text with a colon needs quotes.'),
  YAML_TOO_DEEP: error('Lists and maps are nested too deeply to be read safely.'),
  YAML_TOO_MANY: error('The file has too many keys and values.'),
  YAML_TAG: error('YAML took a `!` for a tag. Put the expression in quotes.'),
  YAML_ALIAS: error('Anchors and aliases are not read; write the value out.'),
  YAML_MERGE: error('Merge keys are not read; write the members out.'),
  YAML_KEY: error('This cannot be a key.'),
  YAML_DUPLICATE_KEY: error('A key is there twice, and one of them would be lost.'),
  YAML_VALUE: error('The value has no place in JSON.'),
  YAML_DIRECTIVE: error('Directives are not read.'),
  YAML_DOCUMENTS: error('One file holds one document.'),
  KEY_UNKNOWN: error('The key means nothing here; it would be passed over silently.'),
  KEY_MISSING: error('A key that must be there is missing.'),
  VALUE_TYPE: error('The value is of another kind than is needed.'),
  VALUE_UNKNOWN: error('The value is none of those that are known.'),
  VALUE_INVALID: error('The value has not the form that is needed.'),
  NAME_INVALID: error('The name cannot be used.'),
  STEP_KIND: error('A step says exactly one thing to do.'),
  STEP_NESTING: error('Steps are nested too deeply to be understood.'),
  STEP_TOO_MANY: error('The playbook has too many steps.'),
  STEP_DUPLICATE: error('Two steps have the same id.'),
  STEP_UNKNOWN: error('There is no step of that name.'),
  STEP_NOT_YET: error('The step cannot have run when its result is read.'),
  STEP_UNREACHABLE: warning('Nothing leads to the step.'),
  TRIGGER_KIND: error('A trigger is `alert` or `manual`.'),
  TRIGGER_DUPLICATE: error('One manual trigger is enough.'),
  EXPRESSION_EMPTY: error('The expression is empty.'),
  EXPRESSION_TOO_LONG: error('The expression is too long.'),
  EXPRESSION_SYNTAX: error('The expression cannot be read.'),
  EXPRESSION_TOO_LARGE: error('The expression has too many parts.'),
  EXPRESSION_TOO_NESTED: error('The expression is nested too deeply.'),
  EXPRESSION_UNKNOWN_FUNCTION: error('There is no function of that name.'),
  EXPRESSION_UNSUPPORTED: error('Playbooks cannot use this part of CEL.'),
  EXPRESSION_PATTERN: error('The regular expression cannot be used.'),
  EXPRESSION_TYPE: error('The arguments do not fit.'),
  EXPRESSION_WRAPPED: error('The key holds an expression already; `${' + '{ }}` is for texts.'),
  TEMPLATE_SYNTAX: error('A template is not closed or empty.'),
  NAME_UNKNOWN: error('Expressions know inputs, steps, run, vars, and alert where an alert started the run.'),
  INPUT_UNKNOWN: error('The playbook has no such input.'),
  INPUT_MISSING: error('A trigger leaves out an input that must be there.'),
  INPUT_TYPE: error('The default does not fit the type of the input.'),
  INPUT_MAYBE_NULL: warning('The input may be missing, and the step needs it. Guard the step with `when`.'),
  MEMBER_UNKNOWN: error('There is no member of that name.'),
  VARIABLE_UNKNOWN: error('No `set` and no `vars` has this variable.'),
  VARIABLE_NOT_YET: error('The variable may not be set when it is read.'),
  RESULT_UNKNOWN: error('The step has no result of that name.'),
  RESULT_MAYBE_ABSENT: error('The result is absent when the step was skipped, failed or was denied. Give the step a `default`.'),
  SEVERITY_ORDER: error('Severity is a word, and words are ordered by the alphabet. Compare severity_id.'),
  CHOICE_UNKNOWN: error('The comparison can never be true.'),
  VERB_UNKNOWN: error('There is no verb of that name.'),
  PARAMETER_UNKNOWN: error('The verb takes no such parameter.'),
  PARAMETER_MISSING: error('The verb needs this parameter.'),
  PARAMETER_TYPE: error('The value does not fit the parameter.'),
  HOLD_MISSING: warning('The effect can be taken back, and nothing says when. Give it a `hold`.'),
  HOLD_USELESS: error('There is nothing that could be held.'),
  APPROVE_USELESS: error('There is nothing to approve.'),
  APPROVE_NESTED: error('One decision covers everything inside; a second within it is never asked.'),
  APPROVE_DEPENDS: error('People approve what is rendered before anything inside has run.'),
  APPROVE_CONTENT: error('This cannot be covered by one decision.'),
  APPROVE_IN_LOOP: error('One decision covers a whole loop: put `approve` on the loop, so that people see the full list at once.'),
  LOOP_NAME: error("The loop's variable would hide another name."),
  LOOP_RESULT: error('A step within a loop has a result for each item; outside there is none.'),
  LOOP_BOUND: error('The loop is larger than can be done.'),
  TIME_ORDER: error('It would come after the time is over.'),
  CHOICE_ELSE: error('Silence must mean one of the choices.'),
  FORM_FIELD: error('The field of the form cannot be like this.'),
  FORM_ELSE: error('Silence must fill the form with what its fields take.'),
} as const satisfies Readonly<Record<string, Code>>;

export type DiagnosticCode = keyof typeof CODES;

/** True when nothing is worse than a warning. */
export const isClean = (diagnostics: readonly Diagnostic[]): boolean =>
  diagnostics.every((diagnostic) => diagnostic.severity === 'warning');
