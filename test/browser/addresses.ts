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
    `{ users(sort: "id") { documentId } roles(sort: "id") { documentId type } posts(sort: "id", pagination: { limit: 1 }) { documentId }
       auditEntries(pagination: { limit: 1 }) { nodes { id } } }`,
    { token },
  );
  const { users, roles, posts, auditEntries } = ids.data;
  const made = await server.askAdmin(
    'mutation { createApiToken(data: { name: "Website", kind: CUSTOM, lifespan: DAYS_30, actions: ["post.find"] }) { token { documentId } } }',
    { token },
  );
  const editor = roles.find(({ type }: { readonly type: string }) => type === 'editor').documentId;
  return [
    { name: 'log-in', path: '/', entrance: true },
    { name: 'forgot-password', path: '/forgot-password', entrance: true },
    { name: 'home', path: '/' },
    { name: 'roles', path: '/roles' },
    { name: 'role-permissions', path: `/roles/${editor}` },
    { name: 'role-users', path: `/roles/${editor}/users` },
    { name: 'role-settings', path: `/roles/${editor}/settings` },
    { name: 'grants', path: `/roles/${editor}/post.update` },
    { name: 'roles-matrix', path: '/roles/matrix' },
    { name: 'users', path: '/users' },
    { name: 'user', path: `/users/${users[0].documentId}` },
    { name: 'user-sessions', path: `/users/${users[0].documentId}/sessions` },
    { name: 'user-permissions', path: `/users/${users[0].documentId}/permissions` },
    { name: 'user-activity', path: `/users/${users[0].documentId}/activity` },
    { name: 'content', path: '/content/Post' },
    { name: 'document', path: `/content/Post/${posts[0].documentId}` },
    { name: 'new-document', path: '/content/Post/new' },
    { name: 'single-type', path: '/content/SiteSetting' },
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
