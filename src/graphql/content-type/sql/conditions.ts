import type { ContentType } from '../content-type.ts';
import type { Filter, Related, SortKey } from '../filter.ts';
import type { Link } from '../link.ts';
import { type Condition, compared, comparison } from './comparisons.ts';
import { quoted, type Statement } from './statement.ts';

/** A table in a FROM clause, with its joins. */
export class Source {
  readonly alias: string;
  /** Whether it is the right side of an outer join: all its columns are NULL if there is no row. */
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

  /** The rows of a content type that match the rule of a permission. */
  static of(statement: Statement, type: ContentType, rule: Filter | undefined, optional = false): Source {
    return new Source(statement, allowedRowsSql(statement, type, rule), optional);
  }

  get from(): string {
    return [`${this.#table} ${this.alias}`, ...this.#allJoins].join(' ');
  }

  column(name: string): string {
    return `${this.alias}.${quoted(name)}`;
  }

  /** The outer-joined row of a to-one relation. Joined once, however often it is used. */
  one({ relation, target, rule }: Related): Source {
    const { link, name } = relation;
    const before = this.#related.get(name);
    if (before) return before;
    const source = Source.of(this.#statement, target, rule, true);
    this.#related.set(name, source);
    this.#joins.push(`LEFT JOIN ${source.#table} ${source.alias} ON ${source.linkedTo(this, link)}`);
    return source;
  }

  /** The join condition between this table and a row of another table, over that table's link. */
  linkedTo(other: Source, link: Link): string {
    if (link.kind === 'here') return `${this.column(link.references)} = ${other.column(link.column)}`;
    if (link.kind === 'there') return `${this.column(link.column)} = ${other.column(link.references)}`;
    const between = this.#statement.alias();
    this.#joins.unshift(
      `JOIN ${quoted(link.table)} ${between} ON ${between}.${quoted(link.there)} = ${this.column('id')}`,
    );
    return `${between}.${quoted(link.here)} = ${other.column('id')}`;
  }

  /** Its own joins first: the joins of joined tables refer to them. */
  get #allJoins(): readonly string[] {
    return [...this.#joins, ...[...this.#related.values()].flatMap((source) => source.#allJoins)];
  }
}

/** The table of a content type, or a subquery of the rows that match the rule. */
function allowedRowsSql(statement: Statement, type: ContentType, rule: Filter | undefined): string {
  const { schema, table } = type.table;
  const name = schema === null ? quoted(table) : `${quoted(schema)}.${quoted(table)}`;
  if (!rule) return name;
  const source = Source.of(statement, type, undefined);
  const { sql } = condition(statement, source, rule);
  return `(SELECT ${source.alias}.* FROM ${source.from} WHERE ${sql})`;
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
      const { column, operator, value } = filter;
      if (operator === 'null' && column.required && !source.optional) {
        return { sql: value === true ? NEVER : 'TRUE', whenAllNull: value === true };
      }
      return comparison(statement, column, source.column(column.column), operator, value);
    }
    case 'unrelated':
      return filter.to.relation.many
        ? { sql: `NOT ${exists(statement, source, filter.to)}`, whenAllNull: true }
        : { sql: `${source.one(filter.to).column('id')} IS NULL`, whenAllNull: true };
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
  const inner = related(statement, source, to);
  const { sql, whenAllNull } = condition(statement, inner.source, of);
  const passes = inner.exists(sql);
  if (whenAllNull !== true) return { sql: passes, whenAllNull: false };
  const none = `NOT ${exists(statement, source, to)}`;
  // A required column is never NULL, so only the second half can match. PostgreSQL cannot use an anti-join inside an OR.
  return { sql: sql === NEVER ? none : `(${passes} OR ${none})`, whenAllNull: true };
}

function exists(statement: Statement, source: Source, to: Related): string {
  return related(statement, source, to).exists();
}

/** The rows of a to-many relation. */
function related(statement: Statement, from: Source, { relation, target, rule }: Related) {
  const source = Source.of(statement, target, rule);
  const linked = source.linkedTo(from, relation.link);
  return {
    source,
    /** Whether such a row exists. Call it after the condition is built: conditions add joins. */
    exists: (condition?: string) =>
      `EXISTS (SELECT 1 FROM ${source.from} WHERE ${condition === undefined ? linked : `${linked} AND ${condition}`})`,
  };
}

/** The ORDER BY of a list. The id comes last, so that pages never repeat or skip rows. */
export function orderBy(source: Source, sort: readonly SortKey[]): string {
  const keys = sort.map(({ through, column, direction }) => {
    const from = through.reduce<Source>((current, related) => current.one(related), source);
    return `${compared(column, from.column(column.column))} ${direction}`;
  });
  return [...keys, `${source.column('id')} ASC`].join(', ');
}
