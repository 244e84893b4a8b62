import type { InputRef } from '@pothos/core';
import type { DynamicBuilder } from './content-schema.ts';
import type { PaginationArgument } from './pages.ts';

/** Adds the input type `PaginationArg`, once for each schema. */
export function addPaginationArgument(builder: DynamicBuilder): InputRef<PaginationArgument> {
  return builder.inputRef<PaginationArgument>('PaginationArg').implement({
    fields: (t) => ({
      page: t.int(),
      pageSize: t.int(),
      start: t.int(),
      limit: t.int(),
    }),
  });
}
