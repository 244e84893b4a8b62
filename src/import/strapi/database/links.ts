import { isData, isFieldName, isRelation, isUid } from '../shapes.ts';
import { ImportRefused, type StrapiRecord } from '../source.ts';
import { type Attribute, type TypeLayout, targetOf } from './layout.ts';
import { type NamingVersion, nameOf, snakeCase } from './names.ts';
import type { Tables } from './tables.ts';
import { rowIdOf } from './values.ts';

/**
 * The links of a type's relations, from the side that owns them.
 *
 * A relation whose table or columns are not where Strapi's rules have them is counted as left out, not guessed.
 */
export async function* linksOf(
  layout: TypeLayout,
  layouts: ReadonlyMap<string, TypeLayout>,
  tables: Tables,
  version: NamingVersion,
): AsyncGenerator<StrapiRecord> {
  for (const attribute of layout.relations) {
    const { options, name } = attribute;
    const relation = options['relation'];
    if (options['mappedBy'] !== undefined || options['morphBy'] !== undefined || name === 'localizations') continue;
    if (typeof relation === 'string' && relation.startsWith('morph')) {
      yield* morphLinks(layout, attribute, tables, version);
      continue;
    }
    const uid = targetOf(attribute);
    if (uid === undefined || uid.startsWith('admin::')) continue; // createdBy and updatedBy
    const target = layouts.get(uid);
    const place = target && isRelation(relation) && placeOf(layout, attribute, target, tables, version);
    if (place) yield* linksIn(place, layout, attribute, target, tables);
    else yield { kind: 'leftOutLink', link: 'other', type: layout.uid, field: name };
  }
}

/** Columns of the table that holds the links. */
interface Place {
  readonly table: string;
  readonly left: string;
  readonly right: string;
  readonly leftOrder: string | undefined;
  readonly rightOrder: string | undefined;
}

function placeOf(
  layout: TypeLayout,
  { name, options }: Attribute,
  target: TypeLayout,
  { catalogue }: Tables,
  version: NamingVersion,
): Place | undefined {
  const field = snakeCase(name);
  const id = { suffix: 'id' };
  const joinColumn = nameOf(version, [field], id);
  if (options['useJoinTable'] === false) {
    const inTable = catalogue.get(layout.table)?.has(joinColumn);
    return inTable
      ? { table: layout.table, left: 'id', right: joinColumn, leftOrder: undefined, rightOrder: undefined }
      : undefined;
  }
  const table = nameOf(version, [snakeCase(layout.table), field], { suffix: version === 5 ? 'lnk' : 'links' });
  const columns = catalogue.get(table);
  const order = { suffix: version === 5 ? 'ord' : 'order' };
  const itself = layout.singular === target.singular;
  const left = nameOf(version, [layout.singular], id);
  const right = nameOf(version, [target.singular], itself ? { ...id, prefix: 'inv' } : id);
  if (!columns?.has(left) || !columns.has(right)) return;
  const toMany = options['relation'] === 'oneToMany' || options['relation'] === 'manyToMany';
  const fromMany = options['relation'] === 'manyToOne' || options['relation'] === 'manyToMany';
  const both = itself && options['relation'] === 'manyToMany' ? { ...order, prefix: 'inv' } : order;
  const present = (wanted: boolean, column: string) => (wanted && columns.has(column) ? column : undefined);
  return {
    table,
    left,
    right,
    leftOrder: present(toMany, nameOf(version, [target.singular], order)),
    rightOrder: present(fromMany && options['inversedBy'] !== undefined, nameOf(version, [layout.singular], both)),
  };
}

async function* linksIn(
  place: Place,
  { uid }: TypeLayout,
  { name, options }: Attribute,
  target: TypeLayout,
  tables: Tables,
): AsyncGenerator<StrapiRecord> {
  const columns = [place.left, place.right, ...[place.leftOrder, place.rightOrder].filter((one) => one !== undefined)];
  const orderBy = place.left === 'id' ? ['id'] : [place.left, place.right];
  for await (const [left, right, ...orders] of tables.rows({ table: place.table, columns, orderBy })) {
    const refs = { left: rowIdOf(left), right: rowIdOf(right) };
    if (refs.right === null || refs.left === null) continue; // no link, or one to a row that was deleted
    if (!refs.left || !refs.right) throw new ImportRefused(`${uid}: a link of "${name}" does not refer to a row.`);
    const inversedBy = options['inversedBy'];
    yield {
      kind: 'link',
      relation: String(options['relation']),
      left: { type: uid, field: name, ref: refs.left, position: place.leftOrder ? positionOf(orders[0]) : undefined },
      right: {
        type: target.uid,
        field: isFieldName(inversedBy) ? inversedBy : undefined,
        ref: refs.right,
        position: place.rightOrder ? positionOf(orders.at(-1)) : undefined,
      },
    };
  }
}

function positionOf(raw: unknown): number | undefined {
  const position = raw === null || raw === '' ? Number.NaN : Number(raw);
  return Number.isFinite(position) ? position : undefined;
}

/** Links of media and of other relations to any type. They are counted by the field that has them. */
async function* morphLinks(
  { uid, table, singular }: TypeLayout,
  { name, options }: Attribute,
  tables: Tables,
  version: NamingVersion,
): AsyncGenerator<StrapiRecord> {
  const given = isData(options['joinTable']) ? options['joinTable']['name'] : undefined;
  const field = snakeCase(name);
  const links =
    typeof given === 'string'
      ? given
      : nameOf(version, [snakeCase(table), field], { suffix: version === 5 ? 'mph' : 'morphs' });
  const left = nameOf(version, [singular], { suffix: 'id' });
  const type = nameOf(version, [field], { suffix: 'type' });
  const columns = tables.catalogue.get(links);
  if (!columns?.has(left) || !columns.has(type) || !columns.has('field')) {
    yield { kind: 'leftOutLink', link: 'other', type: uid, field: name };
    return;
  }
  for await (const [ofType, ofField] of tables.rows({ table: links, columns: [type, 'field'], orderBy: [left] })) {
    const isMedia = uid === 'plugin::upload.file' && isUid(ofType) && isFieldName(ofField);
    yield isMedia
      ? { kind: 'leftOutLink', link: 'morph', type: ofType, field: ofField }
      : { kind: 'leftOutLink', link: 'morph', type: uid, field: name };
  }
}
