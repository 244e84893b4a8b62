import {
  type GraphQLInputType,
  type GraphQLSchema,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isNonNullType,
  isObjectType,
  isScalarType,
} from 'graphql';
import { actionNamedBy } from '../../src/authorization/guard.ts';

/** A root field, and an operation that asks for it with arguments of the right types that name nothing that exists. */
export interface RootField {
  readonly name: string;
  readonly operation: 'query' | 'mutation';
  readonly action: string;
  readonly document: string;
}

/** Every root field of a schema. */
export function rootFieldsOf(schema: GraphQLSchema): RootField[] {
  return (['query', 'mutation'] as const).flatMap((operation) => {
    const type = operation === 'query' ? schema.getQueryType() : schema.getMutationType();
    return Object.values(type?.getFields() ?? {}).map((field) => {
      const args = field.args
        .filter(({ type }) => isNonNullType(type))
        .map((arg) => `${arg.name}: ${literal(arg.type)}`);
      const list = args.length > 0 ? `(${args.join(', ')})` : '';
      const selection = isObjectType(getNamedType(field.type)) ? ' { __typename }' : '';
      const document = `${operation} { ${field.name}${list}${selection} }`;
      return { name: field.name, operation, action: actionNamedBy(field) ?? 'none', document };
    });
  });
}

function literal(type: GraphQLInputType): string {
  const inner = isNonNullType(type) ? type.ofType : type;
  if (isEnumType(inner)) return inner.getValues()[0]?.name ?? 'NONE';
  if (isScalarType(inner) && inner.name === 'Int') return '1';
  if (isScalarType(inner) && inner.name === 'Boolean') return 'true';
  if (!isInputObjectType(inner)) return '"nothing@example.com"';
  const fields = Object.values(inner.getFields()).filter((field) => isNonNullType(field.type));
  return `{ ${fields.map((field) => `${field.name}: ${literal(field.type)}`).join(', ')} }`;
}
