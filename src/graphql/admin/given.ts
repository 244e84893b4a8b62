/** Treats null as absent, for fields that cannot be cleared. */
export function given<T>(value: T | null | undefined): T | undefined {
  return value ?? undefined;
}
