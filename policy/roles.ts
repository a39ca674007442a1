// Who stands above whom. One order, used by approvals and by every route.

export type Role = 'viewer' | 'analyst' | 'responder' | 'engineer' | 'admin';

/** Ascending: a role may do all that the ones before it may. */
export const ROLES: readonly Role[] = ['viewer', 'analyst', 'responder', 'engineer', 'admin'];

export const isRole = (word: string): word is Role => ROLES.some((role) => role === word);

/** Is `role` at least `least`? An unknown word stands below all (indexOf gives -1 for it). */
export const atLeast = (role: string, least: Role): boolean => ROLES.indexOf(role as Role) >= ROLES.indexOf(least);

/** The stricter of two roles. */
export const stricter = (a: Role, b: Role): Role => (ROLES.indexOf(a) >= ROLES.indexOf(b) ? a : b);
