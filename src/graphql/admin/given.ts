/** What a client gave: null is as good as absent where there is nothing to be emptied. */
export function given<T>(value: T | null | undefined): T | undefined {
  return value ?? undefined;
}
