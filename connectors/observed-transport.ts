// Tells whether anything of a request can have reached the product: the line between "try again" and "look first".
import type { ClientRequest, IncomingMessage, RequestOptions } from 'node:http';
import type { Socket } from 'node:net';

export interface Progress {
  sent: boolean;
}

type Request = (options: RequestOptions, callback: (answer: IncomingMessage) => void) => ClientRequest;

/** Wraps node's own http(s).request. `sent` turns true once the connection stands, TLS included; bytes leave right after. */
export function observedTransport(request: Request, progress: Progress): { readonly request: Request } {
  return {
    request: (options, callback) => {
      const started = request(options, callback);
      started.once('socket', (socket: Socket) => {
        const mark = () => {
          progress.sent = true;
        };
        if (started.reusedSocket) mark();
        else socket.once('encrypted' in socket ? 'secureConnect' : 'connect', mark);
      });
      return started;
    },
  };
}
