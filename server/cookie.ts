// The session cookie. Cookies do not know ports, so its name does: two installations on one machine keep apart.
import '@fastify/cookie'; // its types
import type { FastifyReply, FastifyRequest } from 'fastify';
import { SESSION_LIFE_MS } from '../store/sessions.ts';

const nameOf = (request: FastifyRequest, secure: boolean): string =>
  `${secure ? '__Host-' : ''}cordon_${request.socket.localPort ?? 'session'}`;

export const readCookie = (request: FastifyRequest, secure: boolean): string | undefined => request.cookies[nameOf(request, secure)];

export function setCookie(reply: FastifyReply, token: string, secure: boolean): void {
  reply.setCookie(nameOf(reply.request, secure), token, {
    path: '/',
    httpOnly: true,
    sameSite: 'strict',
    secure,
    maxAge: SESSION_LIFE_MS / 1000,
  });
}

export function clearCookie(reply: FastifyReply, secure: boolean): void {
  reply.clearCookie(nameOf(reply.request, secure), { path: '/', httpOnly: true, sameSite: 'strict', secure });
}
