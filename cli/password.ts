// One's own password, where an approval needs a fresh proof of who gives it. Never an option's value: those stand in lists of processes.
import type { Context } from './command.ts';

export interface PasswordOptions {
  readonly passwordStdin?: boolean;
}

/** Undefined: nobody is there to be asked, and then the server says what it needs. */
export async function passwordFor(context: Context, { passwordStdin }: PasswordOptions): Promise<string | undefined> {
  if (passwordStdin) return await context.readLine?.();
  return await context.askSecret?.('Your password, for policy wants to be sure that it is you: ');
}
