// A small SMTP server: what it hears is what would have gone out.
import { createServer, type Server, type Socket } from 'node:net';

export interface Heard {
  readonly commands: string[];
  readonly mails: string[];
}

/** Answers by command word; `data` is what it says to a whole message ('drop': nothing any more). */
export function smtpServer(answers: Readonly<Record<string, string>>, heard: Heard): Server {
  const talk = (socket: Socket) => {
    let rest = '';
    let mail: string[] | undefined;
    const say = (line: string) => (line === 'drop' ? socket.destroy() : socket.write(`${line}\r\n`));
    const command = (line: string) => {
      if (mail !== undefined) {
        if (line !== '.') return void mail.push(line);
        heard.mails.push(mail.join('\n'));
        mail = undefined;
        return say(answers.message ?? '250 taken');
      }
      heard.commands.push(line);
      const word = line.split(/[ :]/)[0]?.toUpperCase() ?? '';
      const answer =
        answers[word] ?? (word === 'EHLO' ? '250 fake' : word === 'DATA' ? '354 go on' : word === 'QUIT' ? '221 bye' : '250 ok');
      if (word === 'DATA' && answer.startsWith('354')) mail = [];
      return say(answer);
    };
    socket.on('error', () => undefined);
    socket.on('data', (data) => {
      const lines = `${rest}${data.toString()}`.split('\r\n');
      rest = lines.pop() ?? '';
      for (const line of lines) command(line);
    });
    say(answers.greeting ?? '220 fake');
  };
  return createServer(talk);
}
