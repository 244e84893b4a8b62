import { totalOf } from './content-data.ts';
import type { ContentField, ContentType, Related, Row } from './content-type.ts';
import { csvCell } from './csv-cell.ts';
import { pickOf } from './values.ts';

interface Exported {
  readonly type: ContentType;
  readonly fields: readonly ContentField[];
  readonly rows: readonly Row[];
}

/** Saves the rows that are in view as a file. */
export function exportPage(format: 'csv' | 'json', { type, fields, rows }: Exported): void {
  const names = ['documentId', ...fields.map(({ name }) => name).filter((name) => name !== 'documentId')];
  const cells = rows.map((row) =>
    names.map((name) => {
      const field = fields.find((one) => one.name === name);
      if (field?.kind === 'RELATION_TO_MANY') return totalOf(row, name);
      const value = row[name] ?? null;
      return field?.kind === 'RELATION_TO_ONE' && value !== null ? pickOf(value as Related).label : value;
    }),
  );
  const text =
    format === 'csv'
      ? [names, ...cells].map((line) => line.map(csvCell).join(',')).join('\r\n')
      : JSON.stringify(
          cells.map((line) => Object.fromEntries(names.map((name, index) => [name, line[index]]))),
          null,
          2,
        );
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], { type: format === 'csv' ? 'text/csv' : 'application/json' }));
  link.download = `${type.actions}.${format}`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
