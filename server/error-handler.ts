// Whatever was thrown becomes one problem+json. Nothing of an unexpected error is shown but the request's id.
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { classifyStoreError } from '../store/errors.ts';
import { isProblem, PROBLEMS, type ProblemCode, type ProblemError, problemBody } from './problems.ts';

/** Seconds. */
const STORE_RETRY_AFTER = '5';

const FASTIFY_CODES: Readonly<Record<string, ProblemCode>> = {
  FST_ERR_VALIDATION: 'INVALID_INPUT',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'UNSUPPORTED_TYPE',
  FST_ERR_CTP_BODY_TOO_LARGE: 'TOO_LARGE',
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: 'BAD_REQUEST',
  FST_ERR_CTP_EMPTY_JSON_BODY: 'INVALID_INPUT',
  FST_ERR_CTP_INVALID_JSON_BODY: 'BAD_REQUEST',
  FST_ERR_BAD_URL: 'BAD_REQUEST',
  FST_ERR_NOT_FOUND: 'NOT_FOUND',
};

export function sendProblem(
  reply: FastifyReply,
  code: ProblemCode,
  detail: string,
  more: Pick<ProblemError, 'faults' | 'preview'> = {},
): FastifyReply {
  return reply
    .code(PROBLEMS[code].status)
    .type('application/problem+json')
    .serializer((body: unknown) => JSON.stringify(body))
    .send(problemBody(code, detail, more));
}

export function handleError(error: FastifyError, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  if (isProblem(error)) return sendProblem(reply.headers(error.headers), error.problem, error.message, error);
  const store = classifyStoreError(error);
  if (store) {
    const code = store.code === 'STORE_FULL' ? 'STORE_FULL' : 'STORE_UNAVAILABLE';
    request.log.warn({ code: store.code }, 'the store could not take a request');
    return sendProblem(reply.header('retry-after', STORE_RETRY_AFTER), code, PROBLEMS[code].title);
  }
  const known = FASTIFY_CODES[error.code] ?? (isClientError(error) ? 'BAD_REQUEST' : undefined);
  if (known) return sendProblem(reply, known, known === 'INVALID_INPUT' ? error.message : PROBLEMS[known].title);
  request.log.error({ err: error }, 'a request failed');
  return sendProblem(reply, 'INTERNAL', `The request ${request.id} failed.`);
}

const isClientError = (error: FastifyError): boolean => error.statusCode !== undefined && error.statusCode >= 400 && error.statusCode < 500;
