/** A way to break the rules of permissions, and the tests that have to notice. */
export interface Mutant {
  readonly name: string;
  readonly file: string;
  /** What stands there once, and what is put in its place. */
  readonly from: string;
  readonly to: string;
  readonly tests: readonly string[];
}

const PROPERTY = ['test/rules.property.test.ts'];
const WRITES = ['test/rules-writes.property.test.ts'];
const SERVER = ['test/rules-server.property.test.ts'];
const CONTENT = 'src/graphql/content-type';

export const MUTANTS: readonly Mutant[] = [
  {
    name: 'rows: the first grant decides alone',
    file: `${CONTENT}/readable.ts`,
    from: 'anyOf(grants.map(({ where }) => where))',
    to: 'anyOf(grants.slice(0, 1).map(({ where }) => where))',
    tests: PROPERTY,
  },
  {
    name: 'rows: all grants have to allow them',
    file: `${CONTENT}/readable.ts`,
    from: 'anyOf(grants.map(({ where }) => where))',
    to: 'allOf(grants.map(({ where }) => where))',
    tests: PROPERTY,
  },
  {
    name: 'columns: the where of another grant',
    file: `${CONTENT}/readable.ts`,
    from: '(used.has(number) ? where : undefined)',
    to: '(used.has(number) ? (grants[(number + 1) % grants.length] ?? { where }).where : undefined)',
    tests: PROPERTY,
  },
  {
    name: 'columns: what one grant shows, all show',
    file: `${CONTENT}/readable.ts`,
    from: '    return showing;',
    to: "    return 'always';",
    tests: PROPERTY,
  },
  {
    name: 'no CASE in ORDER BY',
    file: `${CONTENT}/sql/conditions.ts`,
    from: 'ordered(column, from.cell(column, when))',
    to: "ordered(column, from.cell(column, 'always'))",
    tests: PROPERTY,
  },
  {
    name: 'no CASE in filters and search',
    file: `${CONTENT}/sql/conditions.ts`,
    from: 'comparison(statement, column, source.cell(column, when), operator, value)',
    to: "comparison(statement, column, source.cell(column, 'always'), operator, value)",
    tests: PROPERTY,
  },
  {
    name: 'no CASE in search',
    file: `${CONTENT}/arguments/search.ts`,
    from: "column, when, operator: 'containsi'",
    to: "column, when: 'always', operator: 'containsi'",
    tests: PROPERTY,
  },
  {
    name: 'search in columns that no grant shows',
    file: `${CONTENT}/arguments/search.ts`,
    from: 'return when === undefined ? [] : [',
    to: "return when === undefined ? [{ kind: 'compare', column, when: 'always', operator: 'containsi', value: wanted }] : [",
    tests: PROPERTY,
  },
  {
    name: 'no CASE in what is selected',
    file: `${CONTENT}/sql/select.ts`,
    from: 'source.cell(field.column, field.when)',
    to: "source.cell(field.column, 'always')",
    tests: PROPERTY,
  },
  {
    name: 'a relation is followed in rows that hide it',
    file: `${CONTENT}/sql/conditions.ts`,
    from: "return when === 'always' ? linked",
    to: 'return when !== undefined ? linked',
    tests: PROPERTY,
  },
  {
    name: 'findOne by the grants of find',
    file: `${CONTENT}/content-schema.ts`,
    from: 'const grants = grantsOf(schema, type, verb, permissions);\n  const declared',
    to: "const grants = grantsOf(schema, type, 'find', permissions);\n  const declared",
    tests: PROPERTY,
  },
  {
    name: 'a grant that names an absent variable counts',
    file: 'src/authorization/permissions.ts',
    from: "(of === 'user' || !namesUser(grant)) && ",
    to: '',
    tests: PROPERTY,
  },
  {
    name: 'a variable is bound before the rule is read',
    file: 'src/authorization/permissions.ts',
    from: 'grants.filter((grant) => counts(action, grant))',
    to: `(of === 'user'
            ? grants
            : (JSON.parse(JSON.stringify(grants).replaceAll(/"\\$user[.a-zA-Z]*"/g, 'null')) as typeof grants)
          ).filter((grant) => counts(action, grant))`,
    tests: PROPERTY,
  },
  {
    name: 'values of variables are of who asked first',
    file: `${CONTENT}/sql/reader.ts`,
    from: 'bound(values, variableValuesOf(operation.viewer, clock()))',
    to: 'bound(values, ((globalThis as { first?: ReturnType<typeof variableValuesOf> }).first ??= variableValuesOf(operation.viewer, clock())))',
    tests: PROPERTY,
  },
  {
    name: 'the condition that a type declares is forgotten',
    file: `${CONTENT}/readable.ts`,
    from: 'const rule = allOf([declared, anyOf(',
    to: 'const rule = allOf([anyOf(',
    tests: PROPERTY,
  },
  {
    name: 'a condition of a rule sees related rows that their type hides',
    file: `${CONTENT}/rules/read-condition.ts`,
    from: 'rule: target.where',
    to: 'rule: undefined',
    tests: PROPERTY,
  },
  {
    name: 'values of a text that is not used stay',
    file: `${CONTENT}/sql/conditions.ts`,
    from: 'statement.values.length = before;',
    to: '',
    tests: PROPERTY,
  },
  {
    name: 'included roles are forgotten',
    file: 'src/authorization/role-union.ts',
    from: 'for (const id of ids) for (const included of byId.get(id)?.includes ?? []) ids.add(included);',
    to: '',
    tests: SERVER,
  },
  {
    name: 'a union is kept after one of its roles changed',
    file: 'src/authentication/access-cache/access-cache.ts',
    from: 'if (ids.some((id) => union.ids.has(id))) unions.delete(key);',
    to: 'if (ids.length === 0 && union) unions.delete(key);',
    tests: SERVER,
  },
  {
    name: 'the check of what was written is dropped',
    file: `${CONTENT}/input/write-sql.ts`,
    from: 'allOf([declared, grant.check])',
    to: 'allOf([declared])',
    tests: WRITES,
  },
  {
    name: 'the check after a transaction is dropped',
    file: `${CONTENT}/input/write-sql.ts`,
    from: 'allOf([declared, check])',
    to: 'allOf([declared, check && undefined])',
    tests: WRITES,
  },
  {
    name: 'a write takes the where of another grant',
    file: `${CONTENT}/input/write-sql.ts`,
    from: 'grants.map(({ where }) => allOf([declared, where]))',
    to: 'grants.map(({ where }, index) => allOf([declared, (grants[(index + 1) % grants.length] ?? { where }).where]))',
    tests: WRITES,
  },
  {
    name: 'what a type declares does not bound what is written',
    file: `${CONTENT}/input/write-sql.ts`,
    from: 'grants.map(({ where }) => allOf([declared, where]))',
    to: 'grants.map(({ where }) => allOf([declared && undefined, where]))',
    tests: WRITES,
  },
  {
    name: 'without a check of its own, a grant has none',
    file: `${CONTENT}/rules/read-grants.ts`,
    from: "condition('check') ?? where",
    to: "condition('check')",
    tests: WRITES,
  },
  {
    name: 'fields of different grants are mixed',
    file: `${CONTENT}/input/writable.ts`,
    from: 'sent.every((member) => (!fields',
    to: 'sent.length === 0 || sent.some((member) => (!fields',
    tests: WRITES,
  },
  {
    name: 'what a grant sets can be sent',
    file: `${CONTENT}/input/writable.ts`,
    from: ' && !isTouched(member, set)',
    to: '',
    tests: WRITES,
  },
  {
    name: 'the answer of a write shows everything',
    file: `${CONTENT}/readable.ts`,
    from: 'if (!fields) return readableWhole(type, undefined);',
    to: 'if (!fields || type.name) return readableWhole(type, undefined);',
    tests: WRITES,
  },
  {
    name: 'the answer of a write shows cells of rows that are not found',
    file: `${CONTENT}/readable.ts`,
    from: "when === 'always' ? [rule] : when.map((number) => allOf([rule, readable.gates[number]]))",
    to: "when === 'always' ? [undefined] : when.map((number) => allOf([rule, readable.gates[number]]))",
    tests: WRITES,
  },
  {
    name: 'a unique value that cannot be read can be tried',
    file: `${CONTENT}/input/writable.ts`,
    from: '!uniqueTogetherWith(type, data).every(isRead)',
    to: '!uniqueTogetherWith(type, data).every((member) => isRead(member) || true)',
    tests: WRITES,
  },
  {
    name: 'a relation changes rows of another type without its update',
    file: `${CONTENT}/input/writable.ts`,
    from: 'if (!isWhole) return',
    to: 'if (!isWhole && type.name === undefined) return',
    tests: WRITES,
  },
];

/** The source of a file with a mutant in it. @throws Error when what it replaces is not there, or not once. */
export function applied({ name, file, from, to }: Mutant, source: string): string {
  if (source.split(from).length !== 2) throw new Error(`${name}: ${file} does not have this once: ${from}`);
  return source.replace(from, () => to);
}
