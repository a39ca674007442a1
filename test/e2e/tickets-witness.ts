// Request Tracker as its own users see it.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { startSystem } from './system.ts';

export interface SeenTicket {
  readonly id: number;
  readonly subject: string;
  readonly status: string;
}

export type TicketsWitness = Awaited<ReturnType<typeof startRequestTracker>>;

export async function startRequestTracker() {
  const running = await startSystem('request-tracker');
  const url = `http://127.0.0.1:${running.port}/REST/2.0`;
  const tokenFile = join(running.folder, 'token');
  const token = readFileSync(tokenFile, 'utf8').trim();
  const get = async (path: string): Promise<unknown> => {
    const answer = await fetch(`${url}${path}`, { headers: { authorization: `token ${token}` } });
    if (!answer.ok) throw new Error(`GET ${path}: ${answer.status} ${await answer.text()}`);
    return await answer.json();
  };
  return {
    url,
    origin: `http://127.0.0.1:${running.port}`,
    tokenFile,
    token,
    stop: running.stop,
    /** All tickets there are, whatever they say; those that were merged away are not among them. */
    tickets: async (): Promise<SeenTicket[]> => {
      const query = encodeURIComponent("Queue = 'Security'");
      const { items } = (await get(`/tickets?query=${query}&fields=Subject,Status&per_page=100&orderby=id`)) as {
        items: { id: number | string; Subject: string; Status: string }[];
      };
      return items.map(({ id, Subject, Status }) => ({ id: Number(id), subject: Subject, status: Status }));
    },
    /** Opens a ticket past Cordon; returns its number. */
    create: async (subject: string, fields: Readonly<Record<string, string>>): Promise<number> => {
      const answer = await fetch(`${url}/ticket`, {
        method: 'POST',
        headers: { authorization: `token ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify({ Queue: 'Security', Subject: subject, Content: subject, ContentType: 'text/plain', CustomFields: fields }),
      });
      const { id } = (await answer.json()) as { id: number | string };
      return Number(id);
    },
    /** "Create", "Comment" … of one ticket. */
    history: async (id: number): Promise<string[]> => {
      const { items } = (await get(`/ticket/${id}/history?fields=Type&per_page=100`)) as { items: { Type: string }[] };
      return items.map((item) => item.Type);
    },
  };
}
