// A connector that only wakes people, as one that carries messages: a page is triggered, acknowledged and resolved under one key.
import type { Instance } from '../connectors/registry.ts';
import type { Messages } from '../connectors/talk.ts';

export function pagerMessages({ connector: { pager } }: Instance): Messages<unknown> | undefined {
  if (pager === undefined) return undefined;
  return {
    // Doubles are removed by the key.
    whenUnclear: 'repeat',
    buttons: false,
    refuses: () => undefined,
    post: async (client, { key, title, lines, link, page }, signal) => {
      const text = [title, ...lines].join('\n');
      await pager.page(
        client,
        { key, what: page?.what ?? 'trigger', text, severity: page?.severity ?? 'error', ...(link === undefined ? {} : { link }) },
        signal,
      );
      return null;
    },
  };
}
