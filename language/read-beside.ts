// A playbook read together with those beside it, which it may call.
import type { Rule } from '../policy/policy.ts';
import { libraryOf } from './library.ts';
import { type PlaybookReading, readPlaybook } from './parse.ts';

export interface NamedText {
  readonly file: string;
  readonly text: string;
}

export const readPlaybookBeside = ({ text, file }: NamedText, beside: readonly NamedText[], rules?: readonly Rule[]): PlaybookReading =>
  readPlaybook(
    text,
    file,
    rules,
    libraryOf(beside, (one, name, library) => readPlaybook(one, name, undefined, library)),
  );
