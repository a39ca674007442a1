// What the screens read. The first part of every key is the topic that live updates name (live.tsx).
import { type InfiniteData, type QueryKey, useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type {
  AlertDetail,
  AlertRow,
  ApprovalDetail,
  ApprovalRow,
  AuditRow,
  ConnectorRow,
  HoldRow,
  IncidentRow,
  Me,
  Now,
  Page,
  PersonRow,
  PlaybookRow,
  RunDetail,
  RunRow,
  SuppressionRow,
  TokenRow,
  UndoPreview,
  UndoScope,
  VersionDiff,
  VersionRow,
  WaitingRun,
  WouldHave,
} from '../server/contract.ts';
import { call } from './api.ts';
import { api } from './paths.ts';
import { byRun, type RunWaits } from './waits.ts';

export const useMe = () => useQuery({ queryKey: ['me'], queryFn: ({ signal }) => call<Me>(api.me(), { signal }), staleTime: 60_000 });

export const useNow = () => useQuery({ queryKey: ['now'], queryFn: ({ signal }) => call<Now>(api.now(), { signal }) });

export const useAlert = (id: string) => useOne<AlertDetail>('alerts', id, api.alert(id));
export const useRun = (id: string) => useOne<RunDetail>('runs', id, api.run(id));
export const useApproval = (id: string) => useOne<ApprovalDetail>('approvals', id, api.approval(id));
export const useHold = (id: string) => useOne<HoldRow>('holds', id, api.hold(id));
export const useIncident = (id: string) => useOne<IncidentRow>('incidents', id, api.incident(id));

export const useSuppression = (id: string) => useOne<SuppressionRow>('suppressions', id, api.suppression(id));

export const useWouldHave = (playbook: string) => useOne<WouldHave>('playbooks', `${playbook} would`, api.playbookWould(playbook));

export const useVersions = (playbook: string) =>
  useOne<Page<VersionRow>>('playbooks', `${playbook} versions`, api.playbookVersions(playbook));
export const useVersionDiff = (playbook: string, from: number, to: number) =>
  useOne<VersionDiff>('playbooks', `${playbook} ${from} ${to}`, api.versionDiff(playbook, from, to));

export const useAlerts = (query: Filter) => usePages<AlertRow>('alerts', query, api.alerts);
export const useRuns = (query: Filter) => usePages<RunRow>('runs', query, api.runs);
export const useApprovals = (query: Filter) => usePages<ApprovalRow>('approvals', query, api.approvals);
export const useHolds = (query: Filter) => usePages<HoldRow>('holds', query, api.holds);
export const useIncidents = (query: Filter) => usePages<IncidentRow>('incidents', query, api.incidents);
export const useAudit = (query: Filter) => usePages<AuditRow>('audit', query, api.audit);
export const useSuppressions = (all: 'true' | undefined) =>
  usePages<SuppressionRow>('suppressions', { all }, () => api.suppressions({ all }));
export const usePlaybooks = () => usePages<PlaybookRow>('playbooks', {}, () => api.playbooks());
export const usePeople = () => usePages<PersonRow>('people', {}, () => api.people());
export const usePerson = (id: string) => useOne<PersonRow>('people', id, api.person(id));
/** One's own, or as an admin somebody's. */
export const useTokens = (personId?: string) =>
  useOne<Page<TokenRow>>('tokens', personId ?? '', personId === undefined ? api.tokens() : api.tokensOf(personId));
export const useConnectors = () => usePages<ConnectorRow>('connectors', {}, () => api.connectors());

/** What is past its time becomes so by the clock alone: nothing tells of it, so it is asked for again this often. */
const WAITS_AGAIN_MS = 30_000;

/** What runs wait for, a row for each run; `overdue`: only what is past its time. */
export function useWaits(overdue: 'true' | undefined): Rows<RunWaits> {
  const query = useQuery({
    queryKey: ['runs', 'waits', overdue],
    queryFn: ({ signal }) => call<Page<WaitingRun>>(api.waits({ overdue }), { signal }),
    refetchInterval: WAITS_AGAIN_MS,
    select: byRun,
  });
  return {
    items: query.data ?? [],
    isLoading: query.isPending,
    error: query.data ? undefined : query.error,
    hasMore: false,
    isReadingMore: false,
    readMore: () => undefined,
    retry: () => void query.refetch(),
  };
}

/** Open approvals that ask for the same as this one, itself among them. */
export const useAlike = (id: string) =>
  useQuery({
    queryKey: ['approvals', 'list', { alike: id }],
    queryFn: ({ signal }) => call<Page<ApprovalRow>>(api.approvals({ state: 'open', alike: id, limit: PAGE }), { signal }),
  });

/** Each with what it would do and its digest, as of now: read once and left as it is while it is looked at. */
export const useAlikeDetails = (ids: readonly string[]) =>
  useQuery({
    queryKey: ['alike', ids],
    queryFn: ({ signal }) => Promise.all(ids.map((id) => call<ApprovalDetail>(api.approval(id), { signal }))),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });

/** What an undo would do. Asked afresh each time it is opened, and left as it is while it is looked at: it is what gets undone. */
export const useUndoPreview = (scope: UndoScope) =>
  useQuery({
    queryKey: ['undo', scope],
    queryFn: ({ signal }) => call<UndoPreview>(api.undo({ ...scope }), { signal }),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
  });

/** Everything but who one is, and what is agreed to as it was shown: that does not change under the reader. */
export const mayBeReadAgain = ({ queryKey }: { readonly queryKey: QueryKey }): boolean =>
  !['me', 'alike', 'undo'].includes(String(queryKey[0]));

/** Sends one request that changes something, then reads everything again that it may have changed. */
export function useSend<Body, Answer = unknown>(path: string, method: 'POST' | 'PATCH' | 'DELETE' = 'POST') {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: Body) => call<Answer>(path, { method, body }),
    // Awaited, so that a button says "sending" until what is shown is true again.
    onSettled: () => client.invalidateQueries({ predicate: mayBeReadAgain }),
  });
}

/** Rows asked for at once; the server's most. */
const PAGE = '200';

type Filter = Readonly<Record<string, string | undefined>>;

/** A list, page by page; `items` are all rows read so far. */
export interface Rows<T> {
  readonly items: readonly T[];
  readonly isLoading: boolean;
  readonly error: unknown;
  readonly hasMore: boolean;
  readonly isReadingMore: boolean;
  readonly readMore: () => void;
  readonly retry: () => void;
}

function usePages<T>(topic: string, filter: Filter, path: (query: Filter) => string): Rows<T> {
  const query = useInfiniteQuery({
    queryKey: [topic, 'list', filter],
    queryFn: ({ pageParam, signal }) => call<Page<T>>(path({ ...filter, limit: PAGE, before: pageParam }), { signal }),
    initialPageParam: undefined as string | undefined, // as: gives the parameter its type; there is no cursor before the first page
    getNextPageParam: (last: Page<T>) => last.next,
    select: flatten<T>,
  });
  // Read at each drawing, so that the end of a refresh draws anew: a list at its bottom that was refused a page asks again then.
  const { isFetching } = query;
  return {
    items: query.data ?? [],
    isLoading: query.isPending,
    error: query.data ? undefined : query.error,
    hasMore: query.hasNextPage,
    isReadingMore: query.isFetchingNextPage,
    readMore: () => {
      if (query.hasNextPage && !isFetching) void query.fetchNextPage({ cancelRefetch: false });
    },
    retry: () => void query.refetch(),
  };
}

function flatten<T>(data: InfiniteData<Page<T>>): readonly T[] {
  return data.pages.flatMap((page) => page.items);
}

function useOne<T>(topic: string, id: string, path: string) {
  return useQuery({ queryKey: [topic, id], queryFn: ({ signal }) => call<T>(path, { signal }) });
}
