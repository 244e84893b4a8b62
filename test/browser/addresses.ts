import type { TestServer } from '../support/start.ts';

export interface Address {
  /** Of its picture. */
  readonly name: string;
  readonly path: string;
  /** Seen without a session. */
  readonly entrance?: true;
}

/** Every screen of the panel, with something on it. */
export async function addressesOf(server: TestServer): Promise<readonly Address[]> {
  const token = await server.adminToken();
  const ids = await server.askAdmin(
    `{ users(sort: "username") { documentId } roles(sort: "name") { documentId type } posts(sort: "title", pagination: { limit: 1 }) { documentId }
       auditEntries(pagination: { limit: 1 }) { nodes { id } } }`,
    { token },
  );
  if (ids.errors) throw new Error(ids.text);
  const { users, roles, posts, auditEntries } = ids.data;
  const made = await server.askAdmin(
    `mutation { createApiToken(data: { name: "Website ${Date.now()}", kind: CUSTOM, lifespan: DAYS_30, actions: ["post.find"] }) { token { documentId } } }`,
    { token },
  );
  const roleOf = (wanted: string) => roles.find(({ type }: { readonly type: string }) => type === wanted).documentId;
  const [editor, author] = [roleOf('editor'), roleOf('author')];
  return [
    { name: 'log-in', path: '/', entrance: true },
    { name: 'forgot-password', path: '/forgot-password', entrance: true },
    { name: 'home', path: '/' },
    { name: 'roles', path: '/roles' },
    { name: 'role-permissions', path: `/roles/${editor}` },
    { name: 'role-users', path: `/roles/${editor}/users` },
    { name: 'role-settings', path: `/roles/${editor}/settings` },
    { name: 'grants', path: `/roles/${author}/post.update` },
    { name: 'grants-of-all', path: `/roles/${editor}/post.update` },
    { name: 'roles-matrix', path: '/roles/matrix' },
    { name: 'users', path: '/users' },
    { name: 'invitations', path: '/users/invitations' },
    { name: 'user', path: `/users/${users[0].documentId}` },
    { name: 'user-sessions', path: `/users/${users[0].documentId}/sessions` },
    { name: 'user-permissions', path: `/users/${users[0].documentId}/permissions` },
    { name: 'user-activity', path: `/users/${users[0].documentId}/activity` },
    { name: 'content', path: '/content/Post' },
    { name: 'document', path: `/content/Post/${posts[0].documentId}` },
    { name: 'new-document', path: '/content/Post/new' },
    { name: 'single-type', path: '/content/SiteSetting' },
    { name: 'content-as-user', path: `/content/Post?as=${users[0].documentId}` },
    { name: 'tokens', path: '/tokens' },
    { name: 'token', path: `/tokens/${made.data.createApiToken.token.documentId}` },
    { name: 'new-token', path: '/tokens/new' },
    { name: 'audit', path: '/audit' },
    { name: 'audit-entry', path: `/audit/${auditEntries.nodes[0].id}` },
    { name: 'mails', path: '/mails' },
    { name: 'mail', path: '/mails/RESET_PASSWORD' },
    { name: 'settings', path: '/settings' },
    { name: 'administrators', path: '/administrators' },
    { name: 'own-account', path: '/account' },
    { name: 'not-found', path: '/nothing/here' },
  ];
}
