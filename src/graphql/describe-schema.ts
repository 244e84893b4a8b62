import {
  type GraphQLArgument,
  type GraphQLEnumValue,
  type GraphQLField,
  type GraphQLInputField,
  type GraphQLNamedType,
  type GraphQLSchema,
  isEnumType,
  isInputObjectType,
  isObjectType,
  isSpecifiedScalarType,
} from 'graphql';
import { actionNamedBy } from '../authorization/guard.ts';
import { BY_COORDINATE, BY_NAME } from './common-descriptions.ts';
import type { ContentType } from './content-type/content-type.ts';
import { type Descriptions, describeContent, describeEnums } from './content-type/describe-content.ts';
import type { Column } from './content-type/model.ts';

/**
 * Adds a description to everything that has none: from the declarations of content types, or from common-descriptions.ts.
 * The description of each root field ends with the action it needs. `columns`: those that other types than content types show.
 */
export function describeSchema(
  schema: GraphQLSchema,
  types: readonly ContentType[],
  columns: readonly Column[] = [],
): GraphQLSchema {
  const content = new Map([...describeEnums(columns), ...describeContent(types)]);
  const roots = [schema.getQueryType(), schema.getMutationType()];
  for (const { coordinate, name, element } of elementsOf(schema)) {
    element.description ??= descriptionOf(content, coordinate, name);
  }
  for (const field of roots.flatMap((type) => Object.values(type?.getFields() ?? {}))) {
    const action = actionNamedBy(field);
    if (action === undefined) continue; // cannot happen: guarded() refuses a root field without an action
    field.description = [field.description, `Needs the action \`${action}\`.`].filter(Boolean).join('\n\n');
  }
  return schema;
}

function descriptionOf(content: Descriptions, coordinate: string, name: string): string | undefined {
  return content.get(coordinate) ?? BY_COORDINATE[coordinate] ?? (coordinate === name ? undefined : BY_NAME[name]);
}

/** An element with a description, and its schema coordinate: `Post`, `Query.posts`, `Query.posts(sort:)`. */
export interface DescribedElement {
  readonly coordinate: string;
  readonly name: string;
  readonly element:
    | GraphQLNamedType
    | GraphQLField<unknown, unknown>
    | GraphQLInputField
    | GraphQLArgument
    | GraphQLEnumValue;
}

/** All types, fields, arguments, input fields and enum values of a schema, except GraphQL's own and the two root types. */
export function elementsOf(schema: GraphQLSchema): DescribedElement[] {
  const roots: readonly unknown[] = [schema.getQueryType(), schema.getMutationType()];
  const types = Object.values(schema.getTypeMap()).filter(
    (type) => !type.name.startsWith('__') && !isSpecifiedScalarType(type),
  );
  return types.flatMap((type): DescribedElement[] => {
    const { name: of } = type;
    const self = roots.includes(type) ? [] : [{ coordinate: of, name: of, element: type }];
    if (isEnumType(type)) return [...self, ...type.getValues().map((value) => at(of, value))];
    if (isInputObjectType(type)) return [...self, ...Object.values(type.getFields()).map((field) => at(of, field))];
    if (!isObjectType(type)) return self;
    const fields = Object.values(type.getFields());
    const args = fields.flatMap(({ name, args }) =>
      args.map((arg) => ({ coordinate: `${of}.${name}(${arg.name})`, name: arg.name, element: arg })),
    );
    return [...self, ...fields.map((field) => at(of, field)), ...args];
  });
}

function at<Element extends GraphQLField<unknown, unknown> | GraphQLInputField | GraphQLEnumValue>(
  of: string,
  element: Element,
) {
  return { coordinate: `${of}.${element.name}`, name: element.name, element };
}
