import type { Condition } from '../authorization/grants.ts';
import type { GeneratedColumn, Models } from '../database/models.ts';
import { pluralOf } from '../graphql/content-type/plural.ts';
import type { App } from '../start/app.ts';

/*
 * What an application declares, as data: read from its content types and models, and not from the schema that the server makes of them.
 */

/** A content type, or the users and roles of Gatehouse. */
export interface Shape {
  readonly model: string;
  readonly kind: 'collection' | 'single';
  /** The name of its GraphQL type. */
  readonly name: string;
  readonly singular: string;
  readonly plural: string;
  /** The prefix of its actions. */
  readonly actions: string;
  /** What clients can read, `documentId` among it. */
  readonly columns: ReadonlyMap<string, ShownColumn>;
  readonly relations: ReadonlyMap<string, ShownRelation>;
  /** What clients can send. */
  readonly write: readonly string[];
  readonly search: readonly string[];
  /** What holds of every row, for everybody. */
  readonly where: Condition | undefined;
  /** The columns that its documentId is made of. */
  readonly key: readonly string[];
  readonly relatedOnly: boolean;
  readonly hasHooks: boolean;
  /** Of Gatehouse: its fields are written by hand. */
  readonly isOwn: boolean;
}

export interface ShownColumn {
  readonly name: string;
  readonly kind: Kind;
  readonly required: boolean;
  readonly unique: boolean;
}

/** How its values are compared. Of `other` only whether there is one. */
export type Kind = 'text' | 'number' | 'boolean' | 'time' | 'enum' | 'id' | 'other';

export interface ShownRelation {
  readonly name: string;
  readonly target: string;
  readonly many: boolean;
  readonly required: boolean;
}

export type Shapes = ReadonlyMap<string, Shape>;

/** The shapes of an application by their models. */
export function shapesOf({ models, contentTypes, userFields }: App): Shapes {
  const ofContent = contentTypes.map(({ kind, model, declaration }): Shape => {
    const { read, write, plural, name = model, actions, search = [], where, relatedOnly = false, hooks } = declaration;
    const singular = lowerFirst(name);
    return {
      ...{ model, kind, name, singular, write, search, where, relatedOnly },
      plural: plural ?? pluralOf(singular),
      actions: actions ?? lowerFirst(model),
      ...members(models, model, read),
      key: keyOf(models, model, declaration.key),
      hasHooks: hooks !== undefined,
      isOwn: false,
    };
  });
  const shown = Object.entries(userFields?.fields ?? {}).filter(([, { read }]) => read.includes('users'));
  const columns = ['username', 'email', 'provider', 'confirmed', 'blocked', 'createdAt', 'updatedAt'];
  const users = own(models, 'User', 'user', [...columns, ...shown.map(([name]) => name), 'role']);
  const roles = own(models, 'Role', 'role', ['name', 'type', 'description', 'createdAt', 'updatedAt']);
  return new Map([...ofContent, users, roles].map((shape) => [shape.model, shape]));
}

function own(models: Models, model: string, actions: string, read: readonly string[]): Shape {
  const singular = `usersPermissions${model}`;
  return {
    ...{ model, kind: 'collection', name: `UsersPermissions${model}`, singular, plural: `${singular}s`, actions },
    ...members(models, model, read),
    ...{
      write: [],
      search: [],
      where: undefined,
      key: ['documentId'],
      relatedOnly: false,
      hasHooks: false,
      isOwn: true,
    },
  };
}

function members(models: Models, model: string, read: readonly string[]): Pick<Shape, 'columns' | 'relations'> {
  const columns = new Map<string, ShownColumn>([
    ['documentId', { name: 'documentId', kind: 'id', required: true, unique: true }],
  ]);
  const relations = new Map<string, ShownRelation>();
  for (const name of read) {
    const field = models.byName[model]?.fields[name];
    if (!field || name === 'documentId') continue;
    if (field.kind === 'object') {
      relations.set(name, { name, target: field.type, many: field.list, required: field.required });
    } else
      columns.set(name, { name, kind: kindOf(field), required: field.required && !field.list, unique: field.unique });
  }
  return { columns, relations };
}

export function kindOf({ kind, type, list, native }: GeneratedColumn): Kind {
  if (list) return 'other';
  if (kind === 'enum') return 'enum';
  if (type === 'String') return native === null || /^(?:Text|VarChar|Citext)$/.test(native) ? 'text' : 'other';
  if (type === 'Int' || (type === 'Float' && native !== 'Real')) return 'number';
  if (type === 'Boolean') return 'boolean';
  return type === 'DateTime' && (native === null || /^Timestamp(?:tz)?$/.test(native)) ? 'time' : 'other';
}

function keyOf({ byName }: Models, model: string, declared: string | readonly string[] | undefined): readonly string[] {
  if (declared !== undefined) return [declared].flat();
  return byName[model]?.fields['documentId'] ? ['documentId'] : (byName[model]?.key ?? []);
}

export function lowerFirst(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}
