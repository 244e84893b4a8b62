/** What the user is asked for: one of `methods`, which is `password`, `totp` (a code of the app) or `code` (`sendStepUpCode`). */
export type Prove = (methods: readonly string[]) => Promise<boolean>;

interface GraphQLErrors {
  readonly errors?: readonly { readonly extensions?: Readonly<Record<string, unknown>> }[];
  readonly graphQLErrors?: GraphQLErrors['errors'];
}

/**
 * Runs a mutation. If it is sensitive and needs a fresh proof of who the user is, asks for it (`prove` sends `stepUp`, and says whether that
 * succeeded) and runs it once more. Apollo Client throws its errors, urql has them in its result: both are seen.
 */
export async function withProof<Result>(run: () => Promise<Result>, prove: Prove): Promise<Result> {
  try {
    const result = await run();
    const methods = methodsIn((result as { readonly error?: unknown }).error);
    return methods && (await prove(methods)) ? run() : result;
  } catch (error) {
    const methods = methodsIn(error);
    if (!methods || !(await prove(methods))) throw error;
    return run();
  }
}

function methodsIn(error: unknown): readonly string[] | undefined {
  const { errors, graphQLErrors = errors } = (error ?? {}) as GraphQLErrors;
  const refused = graphQLErrors?.find(({ extensions }) => extensions?.['code'] === 'STEP_UP_REQUIRED');
  return refused?.extensions?.['methods'] as readonly string[] | undefined;
}
