import { defaultFieldResolver, type GraphQLSchema, isNonNullType, isObjectType } from 'graphql';
import { forbidden } from '../../common/errors.ts';
import type { Context } from '../context.ts';
import { FIELD_CHECK } from '../operation/refused-fields.ts';
import { actionOf } from './actions.ts';
import { type ContentSchema, readableBy } from './content-schema.ts';
import type { ContentType } from './content-type.ts';
import { fieldCheck } from './field-check.ts';
import { guardedRowOf } from './guarded-row.ts';
import { InMemoryRow } from './in-memory-row.ts';
import { documentNotFound } from './input/write-failure.ts';
import type { Row } from './row.ts';
import { createRowLoader } from './row-loader.ts';
import { FIELD_SOURCE } from './selection.ts';
import { LoadedRow } from './sql/rows.ts';
import { WholeRow } from './whole-row.ts';

/**
 * Guards the fields that the project adds to content types in plain Pothos. What they are made of is not known: so they are shown
 * only where the viewer can read every column, and of rows that the viewer can find.
 *
 * Call it with the finished schema.
 */
export function guardCustomFields(graphql: GraphQLSchema, schema: ContentSchema): GraphQLSchema {
  const loadRow = createRowLoader(schema);
  for (const type of schema.types.values()) {
    const object = graphql.getType(type.name);
    if (!isObjectType(object)) continue;
    for (const field of Object.values(object.getFields())) {
      if (field.extensions[FIELD_SOURCE] !== undefined || (type.numericId && field.name === 'id')) continue;
      field.extensions = { ...field.extensions, [FIELD_CHECK]: fieldCheck(schema, type, field.name) };
      const resolve = field.resolve ?? defaultFieldResolver;
      field.resolve = (row: Row, args, context: Context, info) => {
        const { permissions } = context.viewer;
        if (row instanceof InMemoryRow || row instanceof WholeRow) return resolve(row, args, context, info);
        const known = row instanceof LoadedRow ? row.readable : guardedRowOf(row)?.readable;
        const readable = known ?? readableBy(schema, type, 'find', permissions);
        if (readable && readable.when(field.name) !== 'always') throw refusal(type);
        if (row instanceof LoadedRow || !readable?.rule) return resolve(row, args, context, info);
        return loadRow(type, row, context, info).then((found) => {
          if (found) return resolve(row, args, context, info);
          if (isNonNullType(info.returnType)) throw documentNotFound(type);
          return null;
        });
      };
    }
  }
  return graphql;
}

function refusal(type: ContentType) {
  return forbidden(actionOf(type, 'find'));
}
