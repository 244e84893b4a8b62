import { Environment, type GraphQLResponse, Network, RecordSource, Store } from 'relay-runtime';

/** An environment of Relay. `jwt` is asked for the token with each request. */
export function createRelay(url: string, jwt: () => string | undefined) {
  return new Environment({
    network: Network.create(async ({ text }, variables) => {
      const token = jwt();
      const response = await fetch(url, {
        method: 'POST',
        headers: {
          'Content-Type': 'application/json',
          ...(token !== undefined && { Authorization: `Bearer ${token}` }),
        },
        body: JSON.stringify({ query: text, variables }),
      });
      return (await response.json()) as GraphQLResponse;
    }),
    store: new Store(new RecordSource()),
    // Documents are known by their type and documentId. What has none is kept where it was selected.
    getDataID: ({ documentId }, typename) => (documentId === undefined ? undefined : `${typename}:${documentId}`),
  });
}
