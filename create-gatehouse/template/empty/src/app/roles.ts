import { type NewRole, OWN_ACCOUNT, SIGN_IN } from 'gatehouse';

/** The roles of a new database. The first two always exist, in this order. */
export const roles: readonly NewRole[] = [
  { type: 'authenticated', name: 'Authenticated', description: 'Users who registered.', actions: OWN_ACCOUNT },
  { type: 'public', name: 'Public', description: 'Requests without a credential.', actions: SIGN_IN },
];
