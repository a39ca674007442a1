// Who may sign in, as what. Admins manage it; everybody else sees their own account here.
import { Button } from '@mantine/core';
import { useState } from 'react';
import { useLocation, useParams } from 'wouter';
import type { NewAccount, PersonRow } from '../../server/contract.ts';
import { useKeys } from '../keys.ts';
import { screen } from '../paths.ts';
import { useMe, usePeople } from '../queries.ts';
import { Search, useFilters } from '../ui/filters.tsx';
import { Key } from '../ui/key.tsx';
import { Empty } from '../ui/notice.tsx';
import { ListPage } from '../ui/page.tsx';
import { OneTimePassword, OpenedPerson, personSaid } from '../ui/people/person.tsx';
import { AddPerson } from '../ui/people/person-form.tsx';
import type { RowView } from '../ui/row.tsx';
import { RowList } from '../ui/row-list.tsx';
import { AccountPage } from './account.tsx';

export function PeoplePage() {
  const { data: me } = useMe();
  return me?.role === 'admin' ? <Everybody /> : <AccountPage />;
}

function Everybody() {
  const { id } = useParams<{ id?: string }>();
  const { q } = useFilters();
  const [, go] = useLocation();
  const [isAdding, setAdding] = useState(false);
  const [made, setMade] = useState<NewAccount>();
  const source = usePeople();
  useKeys({ n: () => setAdding(true) });
  return (
    <ListPage
      title="People"
      back={screen.people({ q })}
      tools={
        <>
          <Search label="Search people" />
          <Button size="compact-sm" variant="default" onClick={() => setAdding(true)} rightSection={<Key name="n" />}>
            Add a person
          </Button>
          {isAdding ? (
            <AddPerson
              onClose={() => setAdding(false)}
              onMade={(account) => {
                setAdding(false);
                setMade(account);
              }}
            />
          ) : null}
          {made ? (
            <OneTimePassword
              account={made}
              onClose={() => {
                setMade(undefined);
                go(screen.person(made.id, { q }));
              }}
            />
          ) : null}
        </>
      }
      list={
        <RowList
          label="People"
          source={source}
          toRow={toRow}
          search={q}
          openId={id}
          empty={<Empty title="Nobody is here">To add somebody, press n.</Empty>}
        />
      }
      detail={id ? <OpenedPerson key={id} id={id} /> : undefined}
    />
  );
}

function toRow(person: PersonRow): RowView {
  const said = personSaid(person);
  return {
    id: person.id,
    href: screen.person(person.id),
    title: person.name,
    ...(said ? { said } : {}),
    details: [person.login, person.breakGlass ? `${person.role}, for emergencies` : person.role, person.email ?? ''],
    ...(person.lastSignInAt ? { at: person.lastSignInAt, atWords: 'seen' } : { atWords: 'never seen' }),
  };
}
