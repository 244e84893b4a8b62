import type { ObjectRef } from '@pothos/core';
import { REPEATS_QUERY } from '../operation/cost.ts';
import type { PageInfo } from './arguments/pagination.ts';
import type { ContentSchema, DynamicBuilder, DynamicTypes } from './content-schema.ts';
import type { ContentType } from './content-type.ts';
import { CONNECTION_PART, type ConnectionPart } from './selection.ts';
import type { LoadedConnection } from './sql/rows.ts';

type ArgBuilder = PothosSchemaTypes.RootFieldBuilder<DynamicTypes, unknown>['arg'];

/** The arguments of every list of a content type. */
export function listArguments(arg: ArgBuilder, { inputs }: Pick<ContentSchema, 'inputs'>, type: ContentType) {
  const filters = inputs.filters.get(type.model);
  if (!filters) throw new Error(`There is no filter for ${type.model}`); // addListInputs() adds one for each content type
  return {
    filters: arg({ type: filters }),
    pagination: arg({ type: inputs.pagination, defaultValue: {} }),
    sort: arg({ type: ['String'], required: { list: false, items: false }, defaultValue: [] }),
    ...(type.search.length > 0 && {
      search: arg({
        type: 'String',
        description: `A text in ${type.search.map(({ name }) => name).join(', ')}, ignoring case.`,
      }),
    }),
  };
}

/** Adds the type `Pagination`. Call it once per schema. */
export function addPageInfo(builder: DynamicBuilder): ObjectRef<DynamicTypes, PageInfo> {
  return builder.objectRef<PageInfo>('Pagination').implement({
    fields: (t) => ({
      total: t.exposeInt('total', { nullable: false }),
      page: t.exposeInt('page', { nullable: false }),
      pageSize: t.exposeInt('pageSize', { nullable: false }),
      pageCount: t.exposeInt('pageCount', { nullable: false }),
    }),
  });
}

/** Adds the type of a connection: `PostEntityResponseCollection`. */
export function addConnectionType(
  builder: DynamicBuilder,
  { name }: ContentType,
  pageInfo: ObjectRef<DynamicTypes, PageInfo>,
): ObjectRef<DynamicTypes, LoadedConnection> {
  return builder.objectRef<LoadedConnection>(`${name}EntityResponseCollection`).implement({
    fields: (t) => ({
      nodes: t.field({
        type: [name],
        nullable: false,
        extensions: part('nodes'),
        resolve: (connection, _args, _context, info) => connection.nodes(String(info.path.key)),
      }),
      pageInfo: t.field({
        type: pageInfo,
        nullable: false,
        extensions: part('pageInfo'),
        resolve: (connection) => connection.pageInfo,
      }),
    }),
  });
}

function part(part: ConnectionPart) {
  return { [CONNECTION_PART]: part, [REPEATS_QUERY]: true };
}
