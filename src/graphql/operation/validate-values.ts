import {
  type ASTVisitor,
  GraphQLError,
  type GraphQLInputType,
  isInputObjectType,
  isListType,
  isNonNullType,
  type ValidationContext,
  type ValidationRule,
  type ValueNode,
  validateInputLiteral,
  validateInputValue,
} from 'graphql';

/** What is wrong with a client's value, and where. Never contains the value, which may be a password. */
export interface InvalidValue {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** The first errors in the value of a variable; none when it can be coerced to its type. */
export function invalidValues(value: unknown, type: GraphQLInputType, atMost: number): InvalidValue[] {
  const wrong: InvalidValue[] = [];
  try {
    validateInputValue(
      value,
      type,
      ({ message }, path) => {
        if (wrong.length >= atMost) throw ENOUGH; // or a list of a million invalid values would be checked to its end
        wrong.push({ path, message: withoutValue(message, type, path) });
      },
      true,
    );
  } catch (error) {
    if (error !== ENOUGH) throw error;
  }
  return wrong;
}

const ENOUGH = new Error('Enough errors');

/** Errors for one literal. For each, graphql-js prints the whole literal into a message that is not used. */
const MAX_OF_ONE = 5;

/** graphql-js's rule that literals must have the expected type, with messages that do not repeat the literal. */
export const valuesOfCorrectType: ValidationRule = (context: ValidationContext): ASTVisitor => {
  const check = (type: GraphQLInputType | null | undefined) => (node: ValueNode) => {
    if (!type) return false;
    let wrong = 0;
    try {
      validateInputLiteral(
        node,
        type,
        ({ message, nodes }, path) => {
          context.reportError(new GraphQLError(withoutValue(message, type, path), { nodes }));
          wrong++;
          if (wrong >= MAX_OF_ONE) throw ENOUGH;
        },
        undefined,
        undefined,
        true,
      );
    } catch (error) {
      if (error !== ENOUGH) throw error;
    }
    return false;
  };
  const expected = (node: ValueNode) => check(context.getInputType())(node);
  return {
    NullValue: expected,
    ListValue: (node) => check(context.getParentInputType())(node),
    ObjectValue: expected,
    EnumValue: expected,
    IntValue: expected,
    FloatValue: expected,
    StringValue: expected,
    BooleanValue: expected,
  };
};

/** Messages that contain only names of types and fields. Others are replaced with the expected type. */
const HARMLESS = [
  /^Expected value of type "[^"]+" to include required field "\w+"/,
  /^Expected value of type "[^"]+" not to include unknown field "\w+"/,
  /^Expected (a )?value of non-null type "[^"]+" (not to be null|to be provided)/,
];

function withoutValue(message: string, type: GraphQLInputType, path: readonly (string | number)[]): string {
  for (const pattern of HARMLESS) {
    const kept = pattern.exec(message)?.[0];
    if (kept) return `${kept}.`;
  }
  return `Expected a value of type "${typeAt(type, path)}".`;
}

function typeAt(type: GraphQLInputType, path: readonly (string | number)[]): GraphQLInputType {
  let current = type;
  for (const key of path) {
    const inner = isNonNullType(current) ? current.ofType : current;
    if (isListType(inner)) current = inner.ofType;
    else if (isInputObjectType(inner)) current = inner.getFields()[key]?.type ?? inner;
  }
  return current;
}
