// Errors that the engine itself gives to steps. Expressions bring codes of their own (language/cel.ts), connectors theirs.

export interface StepError {
  readonly code: string;
  readonly message: string;
  /** Where it came from, on steps that hold others. */
  readonly step?: string;
}

/** Code to what it means and what to do. */
export const ENGINE_ERRORS = {
  ANSWER_UNKNOWN: 'An answer arrived that does not fit the question. It was not taken; ask again.',
  APPROVAL_DENIED: 'A person denied it. on_denied says what follows.',
  APPROVAL_EXPIRED: 'Nobody decided in time, and silence is a no. on_denied says what follows.',
  APPROVE_NESTED: 'An approval stands inside another. Keep one of the two: the outer one covers all that is inside.',
  ASK_TOO_LARGE: 'The question would hold more than people can look through. Ask about less, or give each row fewer members.',
  CALL_INPUT: 'A value does not fit the input of the called playbook. Nothing of it was done.',
  CALL_OUTPUT: 'The called playbook gave an output that does not fit its declared type.',
  CANCELLED: 'It was cancelled from outside the playbook.',
  FORM_ELSE: 'What silence means does not fill the form. Give its fields a default, or say more under `else`.',
  INSTANT_INVALID: 'The text is no instant. Write it in ISO 8601 with its zone, such as 2026-05-04T08:00:00Z.',
  LOOP_NOT_A_LIST: 'for_each was given something else than a list. Give it a list.',
  LOOP_TOO_LONG: 'The list has more items than the loop may have. Nothing was done. Raise `max`, or narrow what makes the list.',
  NOT_BOOLEAN: 'A condition gave something else than true or false. Compare it with something.',
  NOT_DONE: 'The step ended badly and its product gave no reason.',
  PARAM_MISSING: 'A required parameter has no value. Give it one, or guard the step with `when`.',
  PEOPLE_MISSING: 'The people to ask could not be named: the expression gave no text.',
  REPEAT_OVER: 'What was waited for did not come true within the time that `for` gives. on_error says what follows.',
  ROWS_INVALID: 'Rows are made of a list, and the expression gave something else.',
  ROWS_TOO_MANY: 'One question has at most 1000 rows. Ask several people, for example with group_by(…) and for_each.',
  STATE_TOO_LARGE: 'The run would have to remember more than it can. Narrow what is read or gathered.',
  STEP_TIMEOUT: 'It did not end within its own `timeout`, and what waited was withdrawn. on_error says what follows.',
  TARGET_AMBIGUOUS: 'Several targets where one is expected. Pick one, for example with first(…).',
  TARGET_INVALID: 'The target is neither text nor an entity.',
  TARGET_MISSING: 'There is nothing to act on: the target is empty. Guard the step with `when`.',
  UNDO_INCOMPLETE: 'Something could not be taken back. It is in the ledger as a debt with an owner; the counts say how much.',
  VERB_UNKNOWN: 'This version of Cordon does not know the verb. Check the playbook with `cordon validate`.',
} as const;

export type EngineErrorCode = keyof typeof ENGINE_ERRORS;

export const engineError = (code: EngineErrorCode, message: string): StepError => ({ code, message });
