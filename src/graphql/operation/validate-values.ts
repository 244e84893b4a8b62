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

/** What is wrong with a value that a client sent, where, and never the value: it may be a password. */
export interface InvalidValue {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** What is wrong with the value of a variable, so many of it at most; nothing when it can be coerced to its type. */
export function invalidValues(value: unknown, type: GraphQLInputType, atMost: number): InvalidValue[] {
  const wrong: InvalidValue[] = [];
  try {
    validateInputValue(
      value,
      type,
      ({ message }, path) => {
        if (wrong.length >= atMost) throw ENOUGH; // a list of a million wrong values would be looked at to its end
        wrong.push({ path, message: withoutValue(message, type, path) });
      },
      true,
    );
  } catch (error) {
    if (error !== ENOUGH) throw error;
  }
  return wrong;
}

const ENOUGH = new Error('Enough is known to be wrong');

/** Of one literal: for each fault graphql-js prints the whole of it, into a message that is not used. */
const MAX_OF_ONE = 5;

/** graphql-js's rule that literals have to be of the expected type, in words that do not repeat them. */
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

/** The messages that name types and fields only. Any other is said anew, from the type that was expected. */
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
