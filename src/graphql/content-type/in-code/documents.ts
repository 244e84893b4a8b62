import { guardRow } from '../guarded-row.ts';
import type { Column } from '../model.ts';
import type { Readable } from '../readable.ts';
import { type FieldPlan, type RowPlan, rowPlan } from '../sql/plan.ts';
import type { LoadedRow } from '../sql/rows.ts';
import { asInPrisma } from './values.ts';

/** What to load of a document for code: these columns, or all, as far as the viewer can read them. */
export function planOf(
  readable: Readable,
  select: readonly string[] | undefined,
): { readonly plan: RowPlan; readonly columns: readonly Column[] } {
  const { type } = readable;
  const all = type.read.filter((member) => member.kind === 'column');
  const unknown = select?.find((name) => !all.some((column) => column.name === name));
  if (unknown !== undefined) throw new Error(`Clients cannot read ${unknown} of ${type.model}. Use prisma`);
  const fields: (readonly [string, FieldPlan])[] = [];
  const columns: Column[] = [];
  for (const column of all) {
    const when = readable.when(column.name);
    const isSelected = !select || column === type.documentId || select.includes(column.name);
    if (when === undefined || !isSelected) continue;
    columns.push(column);
    fields.push([column.name, { kind: 'column', column, when }]);
  }
  return { plan: rowPlan(readable, fields), columns };
}

/** The document with these columns, as Prisma has their values. */
export function documentIn(row: LoadedRow, readable: Readable, columns: readonly Column[]) {
  const values = columns.map((column) => [column.name, asInPrisma(column, row.get(column.name))] as const);
  // The documentId is among the columns of every type.
  const document = Object.fromEntries(values) as { readonly documentId: string };
  return guardRow(document, { id: row.id, readable });
}
