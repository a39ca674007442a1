// The normalised alert, member by member: people, hosts, addresses, then everything else. All of it is untrusted text, so nothing becomes a link.
import { absolute } from '../time.ts';
import { plain } from '../words.ts';
import { Fact, Facts, Value } from './facts.tsx';
import { When } from './when.tsx';

const NAMED: readonly (readonly [member: string, label: string])[] = [
  ['message', 'Message'],
  ['users', 'Users'],
  ['hosts', 'Hosts'],
  ['ips', 'Addresses'],
  ['domains', 'Domains'],
  ['urls', 'URLs'],
  ['files', 'Files'],
  ['messages', 'Messages'],
  ['status', 'Status'],
  ['uid', 'Id at its source'],
];

/** Of a long list this many are shown. */
const MOST = 20;

export function AlertBody({ body }: { readonly body: Readonly<Record<string, unknown>> }) {
  return (
    <Facts>
      {NAMED.filter(([member]) => !isEmpty(body[member])).map(([member, label]) => (
        <Fact key={member} label={label}>
          <Member value={body[member]} />
        </Fact>
      ))}
      {typeof body.time === 'string' ? (
        <Fact label="Happened">
          <When at={body.time} /> <span className="dim">{plain(absolute(body.time))}</span>
        </Fact>
      ) : null}
      {isEmpty(body.data) ? null : (
        <Fact label="Beside that">
          <Value value={body.data} />
        </Fact>
      )}
    </Facts>
  );
}

function Member({ value }: { readonly value: unknown }) {
  if (!Array.isArray(value)) return <Value value={value} />;
  const shown: readonly unknown[] = value.slice(0, MOST);
  return (
    <ul>
      {shown.map((item) => (
        <li key={JSON.stringify(item)}>{typeof item === 'string' ? plain(item) : <Value value={item} />}</li>
      ))}
      {value.length > MOST ? <li className="dim">and {value.length - MOST} more</li> : null}
    </ul>
  );
}

function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === '') return true;
  return typeof value === 'object' && Object.keys(value).length === 0;
}
