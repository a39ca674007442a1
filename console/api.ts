// The one way to the server: JSON in, JSON or problem+json out. Every failure becomes an Error that carries a Problem.
import type { Problem } from '../server/contract.ts';

export interface Failure extends Error {
  readonly problem: Problem;
}

interface CallOptions {
  readonly method?: 'GET' | 'POST' | 'DELETE' | 'PATCH';
  readonly body?: unknown;
  readonly signal?: AbortSignal;
}

/** Calls the API. Throws a `Failure` when the server says no or cannot be reached. The shape is the contract's; it is not checked again. */
export async function call<T>(path: string, { method = 'GET', body, signal }: CallOptions = {}): Promise<T> {
  const headers: Record<string, string> = { accept: 'application/json' };
  // The content type is also the guard against forged forms: the server takes nothing else on a route that changes something.
  if (method !== 'GET') headers['content-type'] = 'application/json';
  const init: RequestInit = { method, headers, credentials: 'same-origin', cache: 'no-store' };
  if (method !== 'GET') init.body = JSON.stringify(body ?? {});
  if (signal) init.signal = signal;
  const response = await fetch(path, init).catch((cause: unknown) => {
    if (signal?.aborted) throw cause;
    throw failure(method === 'GET' ? UNREACHABLE : UNANSWERED, cause);
  });
  const text = await response.text().catch((cause: unknown) => {
    if (signal?.aborted) throw cause;
    throw failure(method === 'GET' ? UNREACHABLE : UNANSWERED, cause);
  });
  if (!response.ok) throw failure(problemFrom(response.status, text));
  // `as`: server/contract.ts is compiled into both sides, and the server sends nothing else on these routes.
  return (text ? JSON.parse(text) : undefined) as T;
}

/** What went wrong, whatever was thrown. */
export function problemOf(error: unknown): Problem {
  if (error instanceof Error && 'problem' in error) return (error as Failure).problem; // as: only `failure` below sets `problem`
  return { ...UNREACHABLE, code: 'CONSOLE_FAULT', title: 'The console failed', detail: String(error), hint: 'Reload the page.' };
}

const UNREACHABLE: Problem = {
  type: 'about:blank',
  status: 0,
  code: 'UNREACHABLE',
  title: 'Cordon cannot be reached',
  detail: 'The request got no answer.',
  hint: 'Check the connection and that `npm start` is still running, then try again. What you typed is kept.',
};

/** It may have arrived all the same, and been carried out. */
const UNANSWERED: Problem = {
  ...UNREACHABLE,
  title: 'Cordon gave no answer',
  detail: 'Whether it arrived is not known: it may have been carried out.',
  hint: 'Look at its state before you send it again. What you typed is kept.',
};

function failure(problem: Problem, cause?: unknown): Failure {
  return Object.assign(new Error(problem.detail, { cause }), { problem });
}

function problemFrom(status: number, text: string): Problem {
  const fallback: Problem = {
    type: 'about:blank',
    status,
    code: `HTTP_${status}`,
    title: `The server answered ${status}`,
    detail: 'The answer had no explanation.',
    hint: 'Try again; if it stays, look at the server log.',
  };
  try {
    const parsed: unknown = JSON.parse(text);
    return parsed !== null && typeof parsed === 'object' ? { ...fallback, ...parsed } : fallback;
  } catch {
    return fallback;
  }
}
