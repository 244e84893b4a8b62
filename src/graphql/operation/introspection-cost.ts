import {
  type DocumentNode,
  type FieldNode,
  type GraphQLObjectType,
  type GraphQLResolveInfo,
  type GraphQLSchema,
  getArgumentValues,
  getIntrospectionQuery,
  getNamedType,
  isObjectType,
  Kind,
  type OperationDefinitionNode,
  parse,
  SchemaMetaFieldDef,
  TypeMetaFieldDef,
  visit,
} from 'graphql';
import { type Collected, collectFields, type Reading, selectionsOf } from './collect-fields.ts';

/** The introspection fields of the query root. */
const ASKED = new Map([SchemaMetaFieldDef, TypeMetaFieldDef].map((field) => [field.name, field]));

/**
 * The number of fields in an operation's introspection, counted by resolving it: lists of the schema have no pages. Stops as soon
 * as it exceeds `atMost`.
 */
export function introspectionCost(reading: Reading, operation: OperationDefinitionNode, atMost: number): number {
  const { schema } = reading;
  const known = new Map<readonly FieldNode[], ReadonlyMap<string, Collected>>();
  let cost = 0;

  function ofFields(fields: Iterable<Collected>, source: unknown): void {
    for (const { field, nodes } of fields) {
      cost += 1;
      if (cost > atMost) return;
      const type = field && getNamedType(field.type);
      if (!field || !isObjectType(type)) continue;
      // Introspection resolvers use nothing of `info` but the schema.
      const args = getArgumentValues(field, nodes[0], reading.variableValues);
      const value = field.resolve?.(source, args, undefined, { schema } as GraphQLResolveInfo);
      for (const one of Array.isArray(value) ? value : [value]) {
        if (one != null) ofFields(selected(nodes, type).values(), one);
      }
    }
  }

  function selected(nodes: readonly FieldNode[], type: GraphQLObjectType): ReadonlyMap<string, Collected> {
    const before = known.get(nodes);
    if (before) return before;
    const fields = collectFields(reading, selectionsOf(nodes), type);
    known.set(nodes, fields);
    return fields;
  }

  const root = schema.getRootType(operation.operation);
  const fields = root ? [...collectFields(reading, [operation.selectionSet], root).values()] : [];
  const asked = fields.map(({ nodes }) => ({ field: ASKED.get(nodes[0].name.value), nodes }));
  ofFields(
    asked.filter(({ field }) => field !== undefined),
    undefined,
  );
  return cost;
}

const usual = new WeakMap<GraphQLSchema, number>();

/** The cost of the standard introspection query, which tools send. */
export function standardIntrospectionCost(schema: GraphQLSchema): number {
  const before = usual.get(schema);
  if (before !== undefined) return before;
  const document = parse(
    getIntrospectionQuery({
      descriptions: true,
      specifiedByUrl: true,
      directiveIsRepeatable: true,
      schemaDescription: true,
      inputValueDeprecation: true,
    }),
  );
  const [operation] = document.definitions.filter(({ kind }) => kind === Kind.OPERATION_DEFINITION);
  const fragments = Object.fromEntries(
    document.definitions.flatMap((one) => (one.kind === Kind.FRAGMENT_DEFINITION ? [[one.name.value, one]] : [])),
  );
  const reading: Reading = { schema, fragments, variableValues: { sources: {}, coerced: {} } };
  // The document above has one.
  const cost = introspectionCost(reading, operation as OperationDefinitionNode, Number.POSITIVE_INFINITY);
  usual.set(schema, cost);
  return cost;
}

const introspecting = new WeakMap<DocumentNode, boolean>();

/** Whether a document contains introspection. Parsed documents are cached, so each is searched once. */
export function introspects(document: DocumentNode): boolean {
  const before = introspecting.get(document);
  if (before !== undefined) return before;
  let found = false;
  visit(document, {
    Field({ name }) {
      if (ASKED.has(name.value)) found = true;
    },
  });
  introspecting.set(document, found);
  return found;
}
