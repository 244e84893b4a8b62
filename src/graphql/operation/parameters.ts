/** What a client posts (GraphQL over HTTP, 5.1). */
export interface Parameters {
  /** Undefined where the document is named by its hash. */
  readonly query: string | undefined;
  readonly operationName: string | undefined;
  readonly variables: Readonly<Record<string, unknown>> | undefined;
  readonly extensions: Readonly<Record<string, unknown>> | undefined;
}

/** Reads what was posted; undefined for anything that is not right and usual: it is for others to say what is wrong. */
export function readParameters(body: string): Parameters | undefined {
  let posted: unknown;
  try {
    posted = JSON.parse(body);
  } catch {
    return undefined;
  }
  if (!isObject(posted)) return undefined;
  const { query, operationName, variables, extensions, ...others } = posted;
  const usual =
    (typeof query === 'string' || (query == null && isObject(extensions) && isObject(extensions['persistedQuery']))) &&
    (operationName == null || typeof operationName === 'string') &&
    (variables == null || isObject(variables)) &&
    (extensions == null || isObject(extensions)) &&
    Object.keys(others).length === 0;
  if (!usual) return undefined;
  return {
    query: query as string | undefined,
    operationName: operationName ?? undefined,
    variables: (variables as Record<string, unknown> | null | undefined) ?? undefined,
    extensions: (extensions as Record<string, unknown> | null | undefined) ?? undefined,
  };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
