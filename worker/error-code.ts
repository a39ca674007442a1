// The code of a system error (ENOENT, EADDRINUSE) or of one of ours.

/** Looks at the member, not at the class: an error may come from another realm, or through a package's own copy of a class. */
export function codeOf(error: unknown): string | undefined {
  return typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
