import type { InputRef } from '@pothos/core';
import type { DynamicBuilder } from '../content-schema.ts';
import type { ContentType } from '../content-type.ts';
import { OPERATORS } from '../filter.ts';
import { isScalar, type Member } from '../model.ts';
import type { ListInputs } from './list-arguments.ts';
import type { PaginationArgument } from './pagination.ts';

/** Adds the input types of lists, with Strapi's names: `PaginationArg`, `StringFilterInput`, `PostFiltersInput`. */
export function addListInputs(builder: DynamicBuilder, types: readonly ContentType[]): ListInputs {
  const scalars = new Map(FILTERED_SCALARS.map((scalar) => [scalar, addScalarFilter(builder, scalar)]));
  const filters = new Map(types.map(({ model, name }) => [model, builder.inputRef<object>(`${name}FiltersInput`)]));
  const found = <T>(known: ReadonlyMap<string, T>, name: string): T => {
    const filter = known.get(name);
    if (!filter) throw new Error(`There is no filter for ${name}`); // checkConflicts() checked the target of every relation
    return filter;
  };
  const filterOf = (member: Member) =>
    member.kind === 'relation' ? found(filters, member.target) : found(scalars, scalarOf(member.type));

  for (const { model, read } of types) {
    const self = found(filters, model);
    self.implement({
      fields: (t) => ({
        ...Object.fromEntries(read.map((member) => [member.name, t.field({ type: filterOf(member) })])),
        and: t.field({ type: [self], required: { list: false, items: false } }),
        or: t.field({ type: [self], required: { list: false, items: false } }),
        not: t.field({ type: self }),
      }),
    });
  }
  return { filters, pagination: addPagination(builder) };
}

const FILTERED_SCALARS = ['ID', 'String', 'Int', 'Float', 'Boolean', 'DateTime'];

/** Enums are filtered as strings, as in Strapi: its clients declare such variables as String. */
function scalarOf(type: string): string {
  return isScalar(type) ? type : 'String';
}

function addScalarFilter(builder: DynamicBuilder, scalar: string): InputRef<object> {
  const ref: ReturnType<typeof builder.inputRef<object>> = builder.inputRef<object>(`${scalar}FilterInput`);
  const type = scalar as 'String'; // one of the scalars of the builder
  return ref.implement({
    fields: (t) => ({
      ...Object.fromEntries(
        OPERATORS.filter((operator) => operator !== 'null').map((operator) => [
          operator,
          LISTS.includes(operator)
            ? t.field({ type: [type], required: { list: false, items: false } })
            : t.field({ type }),
        ]),
      ),
      null: t.boolean(),
      notNull: t.boolean(),
      not: t.field({ type: ref }),
    }),
  });
}

const LISTS: readonly string[] = ['in', 'notIn', 'between'];

function addPagination(builder: DynamicBuilder): InputRef<PaginationArgument> {
  return builder.inputRef<PaginationArgument>('PaginationArg').implement({
    fields: (t) => ({
      page: t.int(),
      pageSize: t.int(),
      start: t.int(),
      limit: t.int(),
    }),
  });
}
