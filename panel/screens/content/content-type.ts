/** What is known of a content type: the answer of `contentTypes`. */
export interface ContentType {
  readonly name: string;
  readonly label: string;
  readonly pluralLabel: string;
  readonly actions: string;
  readonly isSingle: boolean;
  readonly isReadOnly: boolean;
  readonly one: string;
  readonly many?: string | null;
  readonly connection?: string | null;
  readonly create?: string | null;
  readonly update?: string | null;
  readonly delete?: string | null;
  readonly writtenAt?: string | null;
  readonly input?: string | null;
  readonly filters?: string | null;
  readonly title: string;
  readonly search: readonly string[];
  readonly fields: readonly ContentField[];
}

export interface ContentField {
  readonly name: string;
  readonly label: string;
  readonly description?: string | null;
  readonly kind: FieldKind;
  readonly type: string;
  readonly values?: readonly string[] | null;
  readonly readable: boolean;
  readonly writable: boolean;
  readonly required: boolean;
  readonly unique: boolean;
  readonly hasDefault: boolean;
  readonly minLength?: number | null;
  readonly maxLength?: number | null;
  readonly min?: number | null;
  readonly max?: number | null;
  readonly format?: string | null;
  /** It is a field of users, and not of a content type. */
  readonly ofUsers?: boolean;
}

export type FieldKind =
  | 'TEXT'
  | 'LONG_TEXT'
  | 'INTEGER'
  | 'DECIMAL'
  | 'BOOLEAN'
  | 'DATE_TIME'
  | 'DATE'
  | 'TIME'
  | 'BIG_INTEGER'
  | 'EXACT_DECIMAL'
  | 'JSON'
  | 'BYTES'
  | 'LIST'
  | 'ENUM'
  | 'ID'
  | 'RELATION_TO_ONE'
  | 'RELATION_TO_MANY';

/** Those that a table aligns to the right. */
export const NUMBER_KINDS: readonly FieldKind[] = [
  'INTEGER',
  'DECIMAL',
  'BIG_INTEGER',
  'EXACT_DECIMAL',
  'RELATION_TO_MANY',
];

/** A document as the server answers it: its fields by their names. */
export type Row = Readonly<Record<string, unknown>> & { readonly documentId: string };

/** A related document: its title is null where there is none. */
export interface Related {
  readonly documentId: string;
  readonly title?: string | null;
}

/** Documents that a relation leads to, and where the panel shows one. */
export interface Target {
  readonly name: string;
  readonly one: string;
  readonly many: string;
  readonly connection: string;
  readonly filters: string;
  readonly title: string;
  readonly hasSearch: boolean;
  readonly path: string;
}

/** Users and roles are no content types, and content can be related to them. */
const ACCOUNTS: readonly Target[] = [
  {
    ...{ name: 'User', one: 'user', many: 'users', connection: 'users_connection', filters: 'UserFiltersInput' },
    ...{ title: 'username', hasSearch: true, path: '/users' },
  },
  {
    ...{ name: 'Role', one: 'role', many: 'roles', connection: 'roles_connection', filters: 'RoleFiltersInput' },
    ...{ title: 'name', hasSearch: true, path: '/roles' },
  },
];

/** Where a relation leads; undefined where the panel can only show that there is something. */
export function targetOf(types: readonly ContentType[], name: string): Target | undefined {
  const type = types.find((one) => one.name === name);
  if (!type) return ACCOUNTS.find((one) => one.name === name);
  const { one, many, connection, filters, title, search } = type;
  if (!many || !connection || !filters) return undefined;
  return { name, one, many, connection, filters, title, hasSearch: search.length > 0, path: `/content/${name}` };
}

export function isRelation({ kind }: Pick<ContentField, 'kind'>): boolean {
  return kind === 'RELATION_TO_ONE' || kind === 'RELATION_TO_MANY';
}

export function fieldOf({ fields }: ContentType, name: string): ContentField | undefined {
  return fields.find((field) => field.name === name);
}

/** How a document is called: by its title, else by its documentId. */
export function titleOf(type: { readonly title: string }, row: Row): string {
  const title = row[type.title];
  return typeof title === 'string' && title.trim() !== '' ? title : row.documentId;
}

/** The column that newest documents are found by. */
export function defaultSort(type: ContentType): string {
  const column = ['createdAt', 'updatedAt'].find((name) => fieldOf(type, name)?.readable);
  return column ? `${column}:desc` : '';
}

/** How many columns a table has before somebody chooses. */
const FIRST = 6;

/** The columns that a table begins with: the title, what fits into a cell, when it was changed. */
export function defaultColumns(type: ContentType): readonly string[] {
  const readable = type.fields.filter((field) => field.readable);
  const short = readable.filter(
    ({ name, kind }) =>
      name !== type.title && kind !== 'LONG_TEXT' && kind !== 'ID' && name !== 'createdAt' && name !== 'updatedAt',
  );
  const last = readable.some(({ name }) => name === 'updatedAt') ? ['updatedAt'] : [];
  return [type.title, ...short.slice(0, FIRST - 1 - last.length).map(({ name }) => name), ...last];
}

/** The columns that somebody chose, as far as they are still there. */
export function chosenColumns(type: ContentType, chosen: readonly string[] | undefined): readonly ContentField[] {
  const found = (names: readonly string[]) =>
    names.flatMap((name) => {
      const field = fieldOf(type, name);
      return field?.readable ? [field] : [];
    });
  const columns = found(chosen ?? []);
  return columns.length > 0 ? columns : found(defaultColumns(type));
}
