// What is true of a playbook though a few of its lines could not be read, and what may only follow from these.
import type { Diagnostic, DiagnosticCode } from '../diagnostics.ts';
import type { Repaired } from '../yaml-repair.ts';

/** Whatever was in the lost lines, these are true: they are about what stands in one place. */
const ANYWAY: ReadonlySet<string> = new Set<DiagnosticCode>([
  'FILE_TOO_LARGE',
  'YAML_SYNTAX',
  'YAML_COMMENT',
  'YAML_TAG',
  'YAML_ALIAS',
  'YAML_MERGE',
  'YAML_KEY',
  'YAML_DUPLICATE_KEY',
  'YAML_VALUE',
  'YAML_DIRECTIVE',
  'YAML_DOCUMENTS',
  'KEY_UNKNOWN',
  'VALUE_TYPE',
  'VALUE_UNKNOWN',
  'VALUE_INVALID',
  'NAME_INVALID',
  'SCHEDULE_CRON',
  'SCHEDULE_ZONE',
  'EXPRESSION_EMPTY',
  'EXPRESSION_TOO_LONG',
  'EXPRESSION_SYNTAX',
  'EXPRESSION_TOO_LARGE',
  'EXPRESSION_TOO_NESTED',
  'EXPRESSION_UNKNOWN_FUNCTION',
  'EXPRESSION_UNSUPPORTED',
  'EXPRESSION_PATTERN',
  'EXPRESSION_WRAPPED',
  'TEMPLATE_SYNTAX',
  'TEMPLATE_FOREIGN',
  'TEMPLATE_USELESS',
  'VERB_UNKNOWN',
  'PARAMETER_UNKNOWN',
  'PARAMETER_TYPE',
  'SEVERITY_ORDER',
]);

/** Of these a wrong value is told, and nothing else is less certain for it: the step, its name and what it holds are there. */
const LEAVES: ReadonlySet<string> = new Set([
  'title',
  'description',
  'owner',
  'note',
  'why',
  'when',
  'until',
  'unless',
  'max',
  'at_once',
  'text',
  'body',
  'message',
  'dedupe',
]);

/** What a guard may have taken care of. */
const GUARDED: ReadonlySet<string> = new Set<DiagnosticCode>([
  'INPUT_MAYBE_NULL',
  'RESULT_MAYBE_ABSENT',
  'TARGET_MAYBE_EMPTY',
  'STEP_UNREACHABLE',
  'STEP_NOT_YET',
]);

/** Without what may only seem so, because lines are lost, and without what is said of their stand-ins. */
export function withoutFollowUps(found: readonly Diagnostic[], damage: Repaired['damage']): readonly Diagnostic[] {
  const lines = new Set(damage.map(({ line }) => line));
  const isCertain = damage.every(({ key, section }) => key !== undefined && LEAVES.has(key) && section !== 'inputs' && section !== 'vars');
  const isUnguarded = damage.some(({ key }) => key === 'when');
  return found.filter(({ code, line }) => {
    if (code.startsWith('YAML_')) return true;
    if (isUnguarded && GUARDED.has(code)) return false;
    return !lines.has(line) && (isCertain || ANYWAY.has(code));
  });
}
