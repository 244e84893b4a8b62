import type { Context } from '../../context.ts';
import { actionOf, type ContentSchema, type DynamicTypes, targetOf } from './content-schema.ts';
import type { ContentType } from './content-type.ts';
import type { AnyModel, Column, Relation, Row } from './model.ts';
import { type Page, type PaginationArgument, pageOf } from './pages.ts';
import { pathWithoutPositions } from './paths.ts';

/**
 * The GraphQL type of a content type: the columns and relations it reads, and nothing else of the row.
 *
 * The type is guarded by its own `find`, so that no way into it, written today or tomorrow, goes round it; the root
 * fields that need another action grant it what they return.
 */
export function addObjectType(schema: ContentSchema, type: ContentType): void {
  schema.builder.prismaObject(type.model, {
    select: { id: true }, // only what is asked for is loaded; the key is what a row is found again by
    authScopes: { $any: { $granted: type.model, action: actionOf(type, 'find') } },
    fields: (t) =>
      Object.fromEntries(
        type.read.map((member) => [
          member.name,
          member.kind === 'column' ? columnField(t, member) : relationField(t, schema, member),
        ]),
      ),
  });
}

type Fields = PothosSchemaTypes.PrismaObjectFieldBuilder<DynamicTypes, AnyModel>;

function columnField(t: Fields, column: Column) {
  return t.field({
    type: (column.name === 'documentId' ? 'ID' : column.type) as 'String', // the names were checked when the type was declared
    nullable: !column.required,
    select: { [column.name]: true },
    resolve: (row: Row) => row[column.name] as string,
  });
}

function relationField(t: Fields, schema: ContentSchema, relation: Relation) {
  const target = targetOf(schema, relation.target);
  const action = actionOf(target, 'find');
  const guards = {
    nullable: true as const,
    authScopes: { action },
    grantScopes: [target.model],
    unauthorizedResolver: refuseOnce,
  };

  if (!relation.many) {
    return t.field({
      ...guards,
      type: target.model,
      // A relation that is refused is not even loaded.
      select: (_args, context, nested) => {
        const rule = context.viewer.permissions.rule(action);
        return rule ? { [relation.name]: nested(rule.where ? { where: rule.where } : true) } : {};
      },
      resolve: (row: Row) => (row[relation.name] ?? null) as Row | null,
    });
  }
  return t.field({
    ...guards,
    type: [target.model],
    args: { pagination: t.arg({ type: schema.pagination, defaultValue: {} }) },
    select: (args, context, nested) => {
      const rule = context.viewer.permissions.rule(action);
      const page = validPage(args.pagination);
      if (!rule || !page) return {};
      return { [relation.name]: nested({ ...page, orderBy: { id: 'asc' }, ...(rule.where && { where: rule.where }) }) };
    },
    resolve: (row: Row, args) => {
      pageOf(args.pagination); // its faults belong to this field, not to the list that the row is in
      return row[relation.name] as Row[];
    },
  });
}

/** Refuses a relation once for the request, however many rows it was asked of: the others are null and say no more. */
function refuseOnce(
  _row: unknown,
  _args: unknown,
  context: Context,
  info: { readonly path: Parameters<typeof pathWithoutPositions>[0] },
  error: Error,
) {
  const path = pathWithoutPositions(info.path);
  if (context.refusedRelations.has(path)) return null;
  context.refusedRelations.add(path);
  throw error;
}

function validPage(pagination: PaginationArgument | null | undefined): Page | undefined {
  try {
    return pageOf(pagination);
  } catch {
    return undefined;
  }
}
