import { isFieldName, isUid } from '../shapes.ts';
import { ImportRefused, type StrapiRecord } from '../source.ts';
import type { TypeLayout } from './layout.ts';
import { type NamingVersion, nameOf } from './names.ts';
import type { Tables } from './tables.ts';
import { archiveValue, rowIdOf } from './values.ts';

/** The rows of a type, in the order of their ids. Of components, which have tables of their own, only ids and types are read. */
export async function* entitiesOf(
  layout: TypeLayout,
  tables: Tables,
  version: NamingVersion,
): AsyncGenerator<StrapiRecord> {
  const { uid, table, columns } = layout;
  const components = await componentsOf(layout, tables, version);
  const selection = { table, columns: ['id', ...columns.map(({ column }) => column)], orderBy: ['id'] };
  try {
    for await (const [rawId, ...values] of tables.rows(selection)) {
      const id = rowIdOf(rawId);
      if (!id) throw new ImportRefused(`${uid}: a row has an id that is not a positive whole number.`);
      const data: Record<string, unknown> = {};
      for (const [index, { attribute, type }] of columns.entries()) {
        const found = archiveValue(type, values[index]);
        if ('problem' in found) throw new ImportRefused(`${uid} ${id}: the column "${attribute}" ${found.problem}.`);
        data[attribute] = found.value;
      }
      Object.assign(data, await components.of(id));
      yield { kind: 'entity', type: uid, id, data };
    }
  } finally {
    await components.close();
  }
}

interface Components {
  /** The components of a row, by field. Ids have to be asked for in their order. */
  of(id: number): Promise<Readonly<Record<string, unknown>>>;
  close(): Promise<void>;
}

async function componentsOf(layout: TypeLayout, tables: Tables, version: NamingVersion): Promise<Components> {
  const single = new Set(
    layout.components
      .filter(({ options: { type, repeatable } }) => type === 'component' && repeatable !== true)
      .map(({ name }) => name),
  );
  const zones = new Set(
    layout.components.filter(({ options }) => options['type'] === 'dynamiczone').map(({ name }) => name),
  );
  const rows = joinedRows(layout, tables, version);
  let next = await rows.next();

  return {
    async of(id) {
      const found: Record<string, unknown> = {};
      for (const { name } of layout.components) found[name] = single.has(name) ? null : [];
      for (; !next.done && next.value.entity <= id; next = await rows.next()) {
        const { entity, component, type, field } = next.value;
        if (entity !== id || !Object.hasOwn(found, field)) continue;
        const marker = { id: component, ...(zones.has(field) && { __component: type }) };
        const list = found[field];
        if (Array.isArray(list)) list.push(marker);
        else found[field] = marker;
      }
      return found;
    },
    close: async () => void (await rows.return(undefined)),
  };
}

interface JoinedRow {
  readonly entity: number;
  readonly component: number;
  readonly type: string;
  readonly field: string;
}

async function* joinedRows(
  layout: TypeLayout,
  tables: Tables,
  version: NamingVersion,
): AsyncGenerator<JoinedRow, undefined> {
  if (layout.components.length === 0) return;
  const table = nameOf(version, [layout.table], { suffix: version === 5 ? 'cmps' : 'components' });
  const columns = ['entity_id', version === 5 ? 'cmp_id' : 'component_id', 'component_type', 'field'];
  const present = tables.catalogue.get(table);
  if (!present || ![...columns, 'order'].every((column) => present.has(column))) return;
  for await (const [rawEntity, rawComponent, type, field] of tables.rows({
    table,
    columns,
    orderBy: ['entity_id', 'order'],
  })) {
    const [entity, component] = [rowIdOf(rawEntity), rowIdOf(rawComponent)];
    if (entity && component && isUid(type) && isFieldName(field)) yield { entity, component, type, field };
  }
}
