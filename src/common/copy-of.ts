/** A copy of a value of an input, with copies of the lists and objects in it. What is neither, such as a Date, is the same. */
export function copyOf<Value>(value: Value): Value {
  // The shape stays what it is.
  if (Array.isArray(value)) return value.map(copyOf) as Value;
  if (!isPlain(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, copyOf(one)])) as Value;
}

/** Objects of GraphQL's inputs have no prototype. */
function isPlain(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}
