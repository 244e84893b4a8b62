import { quoted, quotedTable } from '../../../database/identifiers.ts';
import type { Filter, Related, Rows, SortKey, When } from '../filter.ts';
import type { Link } from '../link.ts';
import type { Column, Table } from '../model.ts';
import { type Condition, comparison, ordered } from './comparisons.ts';
import { keySql } from './document-id.ts';
import { compareDocumentIds, isComparedByKey } from './document-id-conditions.ts';
import type { Statement } from './statement.ts';

/** A table in a FROM clause, with its joins. */
export class Source {
  readonly alias: string;
  /** Whether it is the right side of an outer join: all its columns are NULL if there is no row. */
  readonly optional: boolean;
  readonly #statement: Statement;
  readonly #table: string;
  readonly #joins: string[] = [];
  readonly #related: { readonly related: Related; readonly source: Source }[] = [];

  constructor(statement: Statement, table: string, optional = false) {
    this.optional = optional;
    this.#statement = statement;
    this.alias = statement.alias();
    this.#table = table;
  }

  /** Rows of a table, with the gates that their cells depend on. */
  static of(statement: Statement, rows: Rows, optional = false): Source {
    return new Source(statement, rowsSql(statement, rows), optional);
  }

  get from(): string {
    return [`${this.#table} ${this.alias}`, ...this.#allJoins].join(' ');
  }

  column(name: string): string {
    return `${this.alias}.${quoted(name)}`;
  }

  /** A column as the viewer reads it: null in rows where they cannot. Wherever a column is used, so that nothing is inferred. */
  cell({ column, key }: Column, when: When): string {
    if (key) return keySql(this, key); // it can always be read
    return when === 'always' ? this.column(column) : `CASE WHEN ${this.open(when)} THEN ${this.column(column)} END`;
  }

  /** Whether one of these gates is true. */
  open(gates: readonly number[]): string {
    return `(${gates.map((number) => this.column(gateName(number))).join(' OR ')})`;
  }

  /** The outer-joined row of a to-one relation. Joined once, however often it is used for the same rows. */
  one(related: Related): Source {
    const before = this.#related.find((joined) => leadsToSameRows(joined.related, related));
    if (before) return before.source;
    const source = Source.of(this.#statement, related.to, true);
    this.#related.push({ related, source });
    this.#joins.push(`LEFT JOIN ${source.#table} ${source.alias} ON ${source.relatedTo(this, related)}`);
    return source;
  }

  /** Whether a row of this source is related to a row of another one, as far as the viewer can read that. */
  relatedTo(other: Source, { relation, when }: Related): string {
    const linked = this.linkedTo(other, relation.link);
    return when === 'always' ? linked : `${linked} AND ${other.open(when)}`;
  }

  /** The join condition between this table and a row of another table, over that table's link. */
  linkedTo(other: Source, link: Link): string {
    if (link.kind === 'here') {
      return link.pairs.map((pair) => `${this.column(pair.references)} = ${other.column(pair.column)}`).join(' AND ');
    }
    if (link.kind === 'there') {
      return link.pairs.map((pair) => `${this.column(pair.column)} = ${other.column(pair.references)}`).join(' AND ');
    }
    const between = this.#statement.alias();
    this.#joins.unshift(
      `JOIN ${quotedTable(link)} ${between} ON ${between}.${quoted(link.there)} = ${this.column(link.thereId)}`,
    );
    return `${between}.${quoted(link.here)} = ${other.column(link.hereId)}`;
  }

  /** Its own joins first: the joins of joined tables refer to them. */
  get #allJoins(): readonly string[] {
    return [...this.#joins, ...this.#related.flatMap(({ source }) => source.#allJoins)];
  }
}

/** A condition that a type declares follows relations to every row, and one of a grant to those that the target has. */
function leadsToSameRows(one: Related, other: Related): boolean {
  return (
    one.relation.name === other.relation.name &&
    one.when === other.when &&
    one.to.rule === other.to.rule &&
    (one.to.gates === other.to.gates || one.to.gates.length + other.to.gates.length === 0)
  );
}

/** The table, or a subquery of the rows that match the rule, each with its gates. */
function rowsSql(statement: Statement, { type, rule, gates }: Rows): string {
  const name = quotedTable(type.table);
  if (!rule && gates.length === 0) return name;
  const source = new Source(statement, name);
  const columns = gates.flatMap((gate, number) =>
    gate ? [`${condition(statement, source, gate).sql} AS ${quoted(gateName(number))}`] : [],
  );
  const where = rule ? ` WHERE ${condition(statement, source, rule).sql}` : '';
  return `(SELECT ${[`${source.alias}.*`, ...columns].join(', ')} FROM ${source.from}${where})`;
}

/** No column has such a name. */
function gateName(number: number): string {
  return `gate ${number}`;
}

const NEVER = 'FALSE';

/** Translates a filter into a condition on the rows of a table. */
export function condition(statement: Statement, source: Source, filter: Filter): Condition {
  switch (filter.kind) {
    case 'all':
    case 'any':
      return combined(
        filter.kind,
        filter.of.map((inner) => condition(statement, source, inner)),
      );
    case 'not': {
      const { sql, whenAllNull } = condition(statement, source, filter.of);
      return { sql: `NOT (${sql})`, whenAllNull: whenAllNull === null ? null : !whenAllNull };
    }
    case 'compare': {
      const { column, operator, value, when } = filter;
      if (operator === 'null' && column.required && column.type !== 'JSON' && !source.optional && when === 'always') {
        return { sql: value === true ? NEVER : 'TRUE', whenAllNull: value === true };
      }
      if (column.key && isComparedByKey(operator))
        return compareDocumentIds(statement, source, column.key, operator, value);
      return comparison(statement, column, source.cell(column, when), operator, value);
    }
    case 'none':
      return { sql: NEVER, whenAllNull: false };
    case 'unrelated':
      return filter.to.relation.many
        ? { sql: `NOT ${exists(statement, source, filter.to)}`, whenAllNull: true }
        : { sql: `${source.one(filter.to).column(keyOf(filter.to.relation.link))} IS NULL`, whenAllNull: true };
    case 'related':
      return filter.to.relation.many
        ? anyRelated(statement, source, filter.to, filter.of)
        : condition(statement, source.one(filter.to), filter.of);
  }
}

/** AND or OR, with SQL's three-valued logic. */
function combined(kind: 'all' | 'any', of: readonly Condition[]): Condition {
  const decisive = kind === 'any';
  const values = of.map(({ whenAllNull }) => whenAllNull);
  const whenAllNull = values.includes(decisive) ? decisive : values.includes(null) ? null : !decisive;
  return { sql: `(${of.map(({ sql }) => sql).join(kind === 'all' ? ' AND ' : ' OR ')})`, whenAllNull };
}

/**
 * Any of the related rows matches. If there are none, the filter is evaluated on a row of NULLs, as in an outer join:
 * `tags: { name: { null: true } }` finds rows without tags.
 */
function anyRelated(statement: Statement, source: Source, to: Related, of: Filter): Condition {
  const before = statement.values.length;
  const inner = related(statement, source, to);
  const { sql, whenAllNull } = condition(statement, inner.source, of);
  const passes = inner.exists(sql);
  if (whenAllNull !== true) return { sql: passes, whenAllNull: false };
  // A required column is never NULL, so only the second half can match. PostgreSQL cannot use an anti-join inside an OR.
  if (sql === NEVER) {
    statement.values.length = before; // values that the text does not use have no type for PostgreSQL
    return { sql: `NOT ${exists(statement, source, to)}`, whenAllNull: true };
  }
  return { sql: `(${passes} OR NOT ${exists(statement, source, to)})`, whenAllNull: true };
}

/** A column of the related row that is not null where there is one. */
function keyOf(link: Link): string {
  if (link.kind === 'between') return link.thereId;
  const [pair] = link.pairs;
  return link.kind === 'here' ? pair.references : pair.column;
}

function exists(statement: Statement, source: Source, to: Related): string {
  return related(statement, source, to).exists();
}

/** The rows of a to-many relation. */
function related(statement: Statement, from: Source, to: Related) {
  const source = Source.of(statement, to.to);
  const linked = source.relatedTo(from, to);
  return {
    source,
    /** Whether such a row exists. Call it after the condition is built: conditions add joins. */
    exists: (condition?: string) =>
      `EXISTS (SELECT 1 FROM ${source.from} WHERE ${condition === undefined ? linked : `${linked} AND ${condition}`})`,
  };
}

/** The ORDER BY of a list. The key of its rows comes last, so that pages never repeat or skip rows. */
export function orderBy(source: Source, sort: readonly SortKey[], { rowKey }: Table): string {
  const keys = sort.flatMap(({ through, column, when, direction }) => {
    const from = through.reduce<Source>((current, related) => current.one(related), source);
    if (column.key) return column.key.parts.map((part) => `${from.column(part.column)} ${direction}`);
    return `${ordered(column, from.cell(column, when))} ${direction}`;
  });
  return [...keys, ...rowKey.map((column) => `${source.column(column)} ASC`)].join(', ');
}
