import {
  ApolloClient,
  CombinedGraphQLErrors,
  HttpLink,
  InMemoryCache,
  Observable,
  type TypePolicy,
} from '@apollo/client';
import { SetContextLink } from '@apollo/client/link/context';
import { ErrorLink } from '@apollo/client/link/error';
import { createSession } from './session.ts';

/** Documents are known by their documentId. What was selected without it is kept where it was selected. */
const byDocumentId: TypePolicy = {
  keyFields: ({ documentId }) => (documentId === undefined ? false : ['documentId']),
};

/** A client, and the session that it sends the token of. */
export function createApollo(url: string) {
  const session = createSession(url);

  const withToken = new SetContextLink(({ headers }) => ({
    headers: { ...headers, ...(session.jwt !== undefined && { Authorization: `Bearer ${session.jwt}` }) },
  }));

  // A token that has expired is renewed, and the operation is sent again. For any other reason a new token would not help.
  const whenExpired = new ErrorLink(({ error, result, operation, forward }) => {
    const expired =
      CombinedGraphQLErrors.is(error) && error.errors.some(({ extensions }) => extensions?.['reason'] === 'expired');
    if (!expired) return;
    return new Observable((observer) => {
      session.refresh().then(
        (renewed) => {
          if (renewed) forward(operation).subscribe(observer);
          else if (result) {
            observer.next(result);
            observer.complete();
          } else observer.error(error);
        },
        (failure: unknown) => observer.error(failure),
      );
    });
  });

  const client = new ApolloClient({
    link: whenExpired.concat(withToken).concat(new HttpLink({ uri: url })),
    cache: new InMemoryCache({
      typePolicies: {
        Post: byDocumentId,
        Author: byDocumentId,
        Category: byDocumentId,
        Tag: byDocumentId,
        SiteSetting: byDocumentId,
        UsersPermissionsMe: byDocumentId,
      },
    }),
  });
  return { client, session };
}
