/** Bytes of what a hook adds to the file of a user, as JSON. */
export const MAX_EXPORT = 1_048_576;

/**
 * What a hook returned for the file of a user, as JSON has it.
 *
 * @throws Error for what is no JSON, and for too much.
 */
export function checkedExport(returned: unknown): unknown {
  if (returned === undefined) return undefined;
  const json = JSON.stringify(returned);
  if (json === undefined) throw new Error('exportUser returned what is no JSON');
  const bytes = Buffer.byteLength(json);
  if (bytes > MAX_EXPORT)
    throw new Error(`exportUser returned ${bytes} bytes as JSON. At most ${MAX_EXPORT} are possible`);
  return JSON.parse(json);
}
