import type { ContentType } from '../content-type.ts';
import type { Filter, Related, SortKey } from '../filter.ts';
import type { Link } from '../link.ts';
import { type Condition, compared, comparison } from './comparisons.ts';
import { quoted, type Statement } from './statement.ts';

/** A table in the FROM of a statement, with what is joined to it. */
export class Source {
  readonly alias: string;
  /** Whether its row may be one that holds nothing, because there is none. */
  readonly optional: boolean;
  readonly #statement: Statement;
  readonly #table: string;
  readonly #joins: string[] = [];
  readonly #related = new Map<string, Source>();

  constructor(statement: Statement, table: string, optional = false) {
    this.optional = optional;
    this.#statement = statement;
    this.alias = statement.alias();
    this.#table = table;
  }

  /** The rows of a content type that a permission's rule lets through. */
  static of(statement: Statement, type: ContentType, rule: Filter | undefined, optional = false): Source {
    return new Source(statement, readableRows(statement, type, rule), optional);
  }

  get from(): string {
    return [`${this.#table} ${this.alias}`, ...this.#allJoins].join(' ');
  }

  column(name: string): string {
    return `${this.alias}.${quoted(name)}`;
  }

  /** The one related row, or a row that holds nothing: joined once, however often it is named. */
  one({ relation, target, rule }: Related): Source {
    const { link, name } = relation;
    const before = this.#related.get(name);
    if (before) return before;
    const source = Source.of(this.#statement, target, rule, true);
    this.#related.set(name, source);
    this.#joins.push(`LEFT JOIN ${source.#table} ${source.alias} ON ${source.linkedTo(this, link)}`);
    return source;
  }

  /** The condition that this table's rows are those that a link of another table's row leads to. */
  linkedTo(other: Source, link: Link): string {
    if (link.kind === 'here') return `${this.column(link.references)} = ${other.column(link.column)}`;
    if (link.kind === 'there') return `${this.column(link.column)} = ${other.column(link.references)}`;
    const between = this.#statement.alias();
    this.#joins.unshift(
      `JOIN ${quoted(link.table)} ${between} ON ${between}.${quoted(link.there)} = ${this.column('id')}`,
    );
    return `${between}.${quoted(link.here)} = ${other.column('id')}`;
  }

  /** Its own joins, and then those of what it joins, which refer to them. */
  get #allJoins(): readonly string[] {
    return [...this.#joins, ...[...this.#related.values()].flatMap((source) => source.#allJoins)];
  }
}

/** The table of a content type, or those of its rows that a permission's rule lets through. */
function readableRows(statement: Statement, type: ContentType, rule: Filter | undefined): string {
  const { schema, table } = type.table;
  const name = schema === null ? quoted(table) : `${quoted(schema)}.${quoted(table)}`;
  if (!rule) return name;
  const source = Source.of(statement, type, undefined);
  const { sql } = condition(statement, source, rule);
  return `(SELECT ${source.alias}.* FROM ${source.from} WHERE ${sql})`;
}

const NEVER = 'FALSE';

/** Writes a filter as a condition on the rows of a table. */
export function condition(statement: Statement, source: Source, filter: Filter): Condition {
  switch (filter.kind) {
    case 'all':
    case 'any':
      return combined(
        filter.kind,
        filter.of.map((inner) => condition(statement, source, inner)),
      );
    case 'not': {
      const { sql, whenNothing } = condition(statement, source, filter.of);
      return { sql: `NOT (${sql})`, whenNothing: whenNothing === null ? null : !whenNothing };
    }
    case 'compare': {
      const { column, operator, value } = filter;
      if (operator === 'null' && column.required && !source.optional) {
        return { sql: value === true ? NEVER : 'TRUE', whenNothing: value === true };
      }
      return comparison(statement, column, source.column(column.column), operator, value);
    }
    case 'unrelated':
      return filter.to.relation.many
        ? { sql: `NOT ${exists(statement, source, filter.to)}`, whenNothing: true }
        : { sql: `${source.one(filter.to).column('id')} IS NULL`, whenNothing: true };
    case 'related':
      return filter.to.relation.many
        ? anyRelated(statement, source, filter.to, filter.of)
        : condition(statement, source.one(filter.to), filter.of);
  }
}

/** As SQL joins what is true, false or neither. */
function combined(kind: 'all' | 'any', of: readonly Condition[]): Condition {
  const decisive = kind === 'any';
  const values = of.map(({ whenNothing }) => whenNothing);
  const whenNothing = values.includes(decisive) ? decisive : values.includes(null) ? null : !decisive;
  return { sql: `(${of.map(({ sql }) => sql).join(kind === 'all' ? ' AND ' : ' OR ')})`, whenNothing };
}

/**
 * Any of the related rows passes. Where there are none, the filter is asked of a row that holds nothing, as an outer join
 * would: `tags: { name: { null: true } }` finds what has no tag.
 */
function anyRelated(statement: Statement, source: Source, to: Related, of: Filter): Condition {
  const inner = related(statement, source, to);
  const { sql, whenNothing } = condition(statement, inner.source, of);
  const passes = inner.exists(sql);
  if (whenNothing !== true) return { sql: passes, whenNothing: false };
  const none = `NOT ${exists(statement, source, to)}`;
  // Told apart here, since the planner joins no alternatives: `tags: { documentId: { null: true } }` asks for no tags only.
  return { sql: sql === NEVER ? none : `(${passes} OR ${none})`, whenNothing: true };
}

function exists(statement: Statement, source: Source, to: Related): string {
  return related(statement, source, to).exists();
}

/** The rows that a relation to many leads to. */
function related(statement: Statement, from: Source, { relation, target, rule }: Related) {
  const source = Source.of(statement, target, rule);
  const linked = source.linkedTo(from, relation.link);
  return {
    source,
    /** Whether there is one, for which a condition holds. To be called once the condition has joined what it needs. */
    exists: (condition?: string) =>
      `EXISTS (SELECT 1 FROM ${source.from} WHERE ${condition === undefined ? linked : `${linked} AND ${condition}`})`,
  };
}

/** The ORDER BY of a list: the keys it was asked for and then the row's own, so that pages neither repeat nor skip. */
export function orderBy(source: Source, sort: readonly SortKey[]): string {
  const keys = sort.map(({ through, column, direction }) => {
    const from = through.reduce<Source>((current, related) => current.one(related), source);
    return `${compared(column, from.column(column.column))} ${direction}`;
  });
  return [...keys, `${source.column('id')} ASC`].join(', ');
}
