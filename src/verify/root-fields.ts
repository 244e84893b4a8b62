import {
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLSchema,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isListType,
  isNonNullType,
  isObjectType,
  isScalarType,
  isUnionType,
} from 'graphql';
import { neededBy } from '../authorization/guard.ts';
import type { Shape, Shapes } from './shapes.ts';

/** A root field, and an operation with arguments of the right types that name nothing that exists. */
export interface RootField {
  readonly name: string;
  readonly operation: 'query' | 'mutation';
  /** The action that it has to need; undefined: it names none. */
  readonly action: string | undefined;
  /** Whether the action on some rows is enough. */
  readonly withRules: boolean;
  /** Whether the application added it. */
  readonly isOwn: boolean;
  /** Without the operation around it. */
  readonly field: string;
}

/** What the fields of accounts and of the management of users need. Everything else in the schema is content, or the application's. */
const ACCOUNT_ACTIONS: Readonly<Record<string, string>> = {
  me: 'user.me',
  updateMe: 'user.updateMe',
  mySessions: 'user.sessions',
  revokeSession: 'user.revokeSession',
  register: 'auth.register',
  login: 'auth.login',
  exchangeStrapiToken: 'auth.login',
  loginProviders: 'auth.connect',
  loginWithProvider: 'auth.connect',
  sendLoginCode: 'auth.loginWithCode',
  loginWithCode: 'auth.loginWithCode',
  passkeyOptions: 'auth.loginWithPasskey',
  loginWithPasskey: 'auth.loginWithPasskey',
  identities: 'user.identities',
  linkProvider: 'user.identities',
  completeLink: 'user.identities',
  unlinkProvider: 'user.identities',
  refresh: 'auth.refresh',
  logout: 'auth.logout',
  logoutEverywhere: 'auth.logoutEverywhere',
  tokenInfo: 'auth.tokenInfo',
  changePassword: 'auth.changePassword',
  stepUp: 'auth.stepUp',
  sendStepUpCode: 'auth.stepUp',
  completeLogin: 'auth.completeLogin',
  secondFactors: 'user.secondFactors',
  startTotp: 'user.changeSecondFactors',
  confirmTotp: 'user.changeSecondFactors',
  newBackupCodes: 'user.changeSecondFactors',
  removeTotp: 'user.changeSecondFactors',
  deleteMe: 'user.deleteMe',
  exportMe: 'user.exportMe',
  passkeys: 'user.passkeys',
  addPasskey: 'user.changePasskeys',
  renamePasskey: 'user.changePasskeys',
  removePasskey: 'user.changePasskeys',
  disownLogin: 'auth.disownLogin',
  acceptInvitation: 'auth.acceptInvitation',
  inviteUser: 'user.invite',
  forgotPassword: 'auth.forgotPassword',
  resetPassword: 'auth.resetPassword',
  emailConfirmation: 'auth.emailConfirmation',
  sendEmailConfirmation: 'auth.sendEmailConfirmation',
};

/** What only a person can do: an API token has no account. */
export const OF_PERSONS: readonly string[] = [
  'user.me',
  'user.updateMe',
  'user.sessions',
  'user.revokeSession',
  'user.identities',
  'auth.changePassword',
  'auth.stepUp',
  'user.secondFactors',
  'user.changeSecondFactors',
  'user.deleteMe',
  'user.exportMe',
  'user.passkeys',
  'user.changePasskeys',
  'auth.logout',
  'auth.logoutEverywhere',
];

/** Every root field of the schema. */
export function rootFieldsOf(schema: GraphQLSchema, shapes: Shapes): RootField[] {
  const generated = new Map([...shapes.values()].flatMap((shape) => contentFields(shape)));
  return (['query', 'mutation'] as const).flatMap((operation) => {
    const type = operation === 'query' ? schema.getQueryType() : schema.getMutationType();
    return Object.values(type?.getFields() ?? {}).map((field): RootField => {
      const { name } = field;
      const expected = ACCOUNT_ACTIONS[name] ?? generated.get(name);
      const needed = neededBy(field);
      return {
        name,
        operation,
        action: expected ?? needed?.action,
        withRules: expected !== undefined || needed?.withRules === true,
        isOwn: expected === undefined,
        field: written(field),
      };
    });
  });
}

type Fields = readonly (readonly [field: string, action: string])[];

function contentFields({ kind, singular, plural, name, actions, relatedOnly }: Shape): Fields {
  const of = (verb: string) => `${actions}.${verb}`;
  const changing: Fields = [
    [`update${name}`, of('update')],
    [`delete${name}`, of('delete')],
  ];
  if (kind === 'single') return [[singular, of('find')], ...changing];
  const reading: Fields = [
    [singular, of('findOne')],
    [plural, of('find')],
    [`${plural}_connection`, of('find')],
  ];
  return [...(relatedOnly ? [] : reading), [`create${name}`, of('create')], ...changing];
}

function written(field: GraphQLField<unknown, unknown>): string {
  const args = field.args
    .filter(({ type }) => isNonNullType(type))
    .map(({ name, type }) => `${name}: ${literal(type)}`);
  const list = args.length > 0 ? `(${args.join(', ')})` : '';
  const named = getNamedType(field.type);
  const isComposite = isObjectType(named) || isInterfaceType(named) || isUnionType(named);
  return `${field.name}${list}${isComposite ? ' { __typename }' : ''}`;
}

function literal(type: GraphQLInputType): string {
  const inner = isNonNullType(type) ? type.ofType : type;
  if (isListType(inner)) return '[]';
  if (isEnumType(inner)) return inner.getValues()[0]?.name ?? 'NONE';
  if (isInputObjectType(inner)) {
    const fields = Object.values(inner.getFields()).filter((field) => isNonNullType(field.type));
    return `{ ${fields.map((field) => `${field.name}: ${literal(field.type)}`).join(', ')} }`;
  }
  return isScalarType(inner) ? (OF_SCALARS[inner.name] ?? '"nothing"') : '"nothing"';
}

const OF_SCALARS: Readonly<Record<string, string>> = {
  Int: '1',
  Float: '1',
  Boolean: 'true',
  DateTime: '"2020-01-01T00:00:00.000Z"',
  Date: '"2020-01-01"',
  Time: '"00:00:00"',
  Long: '"1"',
  Decimal: '"1"',
  JSON: '{}',
};
