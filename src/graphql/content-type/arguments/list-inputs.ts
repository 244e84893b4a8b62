import type { InputRef } from '@pothos/core';
import { filterNameOf, filterOperatorsOf, USUAL_SCALARS } from '../column-types.ts';
import type { DynamicBuilder } from '../content-schema.ts';
import type { ContentType } from '../content-type.ts';
import { TAKE_LISTS } from '../filter.ts';
import type { Column, Member } from '../model.ts';
import type { ListInputs } from './list-arguments.ts';
import type { PaginationArgument } from './pagination.ts';

/** Adds the input types of lists, with Strapi's names: `PaginationArg`, `StringFilterInput`, `PostFiltersInput`. */
export function addListInputs(builder: DynamicBuilder, types: readonly ContentType[]): ListInputs {
  const columns = addColumnFilters(builder, types);
  const filters = new Map(types.map(({ model, name }) => [model, builder.inputRef<object>(`${name}FiltersInput`)]));
  const found = <T>(known: ReadonlyMap<string, T>, name: string): T => {
    const filter = known.get(name);
    if (!filter) throw new Error(`There is no filter for ${name}`); // checkConflicts() checked the target of every relation
    return filter;
  };
  const filterOf = (member: Member) =>
    member.kind === 'relation' ? found(filters, member.target) : found(columns, filterNameOf(member));

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

type Filtered = Pick<Column, 'type' | 'list' | 'values' | 'stored'>;

/** The columns whose filters a schema has, by the names of their input types. */
export function filteredColumns(types: readonly Pick<ContentType, 'read'>[]): ReadonlyMap<string, Filtered> {
  const usual = USUAL_SCALARS.map((type): Filtered => ({ type, list: false, values: undefined, stored: undefined }));
  const read = types.flatMap(({ read }) => read.filter((member) => member.kind === 'column'));
  return new Map([...usual, ...read].map((column) => [filterNameOf(column), column]));
}

function addColumnFilters(
  builder: DynamicBuilder,
  types: readonly ContentType[],
): ReadonlyMap<string, InputRef<object>> {
  return new Map([...filteredColumns(types)].map(([name, column]) => [name, addColumnFilter(builder, name, column)]));
}

function addColumnFilter(builder: DynamicBuilder, name: string, column: Filtered): InputRef<object> {
  const ref: ReturnType<typeof builder.inputRef<object>> = builder.inputRef<object>(name);
  const type = column.type as 'String'; // a scalar or an enum of the builder
  return ref.implement({
    fields: (t) => ({
      ...Object.fromEntries(
        filterOperatorsOf(column)
          .filter((operator) => operator !== 'null')
          .map((operator) => {
            if (operator === 'isEmpty') return [operator, t.boolean()];
            if (operator === 'hasKey') return [operator, t.string()];
            const takesList = TAKE_LISTS.includes(operator) || (column.list && operator !== 'has');
            return [
              operator,
              takesList ? t.field({ type: [type], required: { list: false, items: false } }) : t.field({ type }),
            ];
          }),
      ),
      null: t.boolean(),
      notNull: t.boolean(),
      not: t.field({ type: ref }),
    }),
  });
}

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
