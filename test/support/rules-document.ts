import type { ListArguments, Question, Selection } from './naive-rules.ts';
import type { Write } from './naive-writes.ts';
import { TYPES, type TypeName } from './rules-world.ts';

/** A document that asks questions: each is a root field, `q0`, `q1`, …; its arguments are variables. */
export function documentOf(questions: readonly Question[]) {
  const declarations: string[] = [];
  const variables: Record<string, unknown> = {};

  function variable(type: string, value: unknown): string {
    const name = `v${declarations.length}`;
    declarations.push(`$${name}: ${type}`);
    variables[name] = value;
    return `$${name}`;
  }

  function args(type: TypeName, { filters, sort, pagination, search }: ListArguments): string {
    const given = [
      filters && `filters: ${variable(TYPES[type].filters, filters)}`,
      sort && `sort: ${variable('[String]', sort)}`,
      pagination && `pagination: ${variable('PaginationArg', pagination)}`,
      search !== undefined && `search: ${variable('String', search)}`,
    ].filter(Boolean);
    return given.length > 0 ? `(${given.join(', ')})` : '';
  }

  function selected(type: TypeName, { columns, one, many }: Selection): string {
    const target = (name: string) => TYPES[type].relations[name]?.to as TypeName; // the selection is of this type
    return [
      '{ documentId',
      ...columns,
      ...Object.entries(one).map(([name, row]) => `${name} ${selected(target(name), row)}`),
      ...many.map(({ name, connection, args: list, row }, index) => {
        const inner = selected(target(name), row);
        return connection
          ? `m${index}: ${name}_connection${args(target(name), list)} ${connected(inner)}`
          : `m${index}: ${name}${args(target(name), list)} ${inner}`;
      }),
      '}',
    ].join(' ');
  }

  const fields = questions.map((question, index) => {
    const { type, row } = question;
    const { singular, plural } = TYPES[type];
    if (question.kind === 'one') {
      return `q${index}: ${singular}(documentId: ${variable('ID!', question.documentId)}) ${selected(type, row)}`;
    }
    const list = args(type, question.args);
    return question.kind === 'list'
      ? `q${index}: ${plural}${list} ${selected(type, row)}`
      : `q${index}: ${plural}_connection${list} ${connected(selected(type, row))}`;
  });
  return { source: `query (${declarations.join(', ')}) { ${fields.join(' ')} }`, variables };
}

function connected(row: string): string {
  return `{ nodes ${row} pageInfo { total page pageSize pageCount } }`;
}

/** A document with one mutation, `w`. */
export function documentOfWrite(write: Write) {
  const { type, kind } = write;
  if (kind === 'delete') {
    const source = `mutation ($id: ID!) { w: delete${type}(documentId: $id) { documentId } }`;
    return { source, variables: { id: write.documentId } };
  }
  const { columns, one } = write.row;
  const related = Object.entries(one).map(([name, inner]) => `${name} { documentId ${inner.join(' ')} }`);
  const row = `{ documentId ${[...columns, ...related].join(' ')} }`;
  if (kind === 'create') {
    const source = `mutation ($data: ${type}Input!) { w: create${type}(data: $data) ${row} }`;
    return { source, variables: { data: write.data } };
  }
  const source = `mutation ($id: ID!, $data: ${type}Input!) { w: update${type}(documentId: $id, data: $data) ${row} }`;
  return { source, variables: { id: write.documentId, data: write.data } };
}
