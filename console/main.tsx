import './styles.ts';
import { MantineProvider } from '@mantine/core';
import { QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { setNonce } from 'get-nonce';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { problemOf } from './api.ts';
import { App } from './app.tsx';
import { theme, variables } from './theme.ts';

const nonce = document.querySelector<HTMLMetaElement>('meta[name=csp-nonce]')?.content ?? '';
setNonce(nonce); // react-remove-scroll, inside Modal, takes its nonce from here

const client: QueryClient = new QueryClient({
  queryCache: new QueryCache({
    // A session that has ended shows the sign-in, at whatever address one is.
    onError: (error, query) => {
      if (problemOf(error).status === 401 && query.queryKey[0] !== 'me') void client.invalidateQueries({ queryKey: ['me'] });
    },
  }),
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      networkMode: 'always', // the server is often on this very machine: being "offline" does not make it unreachable
      retry: (failures, error) => problemOf(error).status === 0 && failures < 2, // a "no" of the server is an answer
    },
    mutations: { networkMode: 'always', retry: false }, // a decision is sent once, by a person
  },
});

const root = document.getElementById('root');
if (root) {
  createRoot(root).render(
    <StrictMode>
      <MantineProvider theme={theme} cssVariablesResolver={variables} defaultColorScheme="auto" getStyleNonce={() => nonce}>
        <QueryClientProvider client={client}>
          <App />
        </QueryClientProvider>
      </MantineProvider>
    </StrictMode>,
  );
}
