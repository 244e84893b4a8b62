/** A text of a Prisma schema, in quotes, as what it stands for. Its escapes are those of JSON, and it can have any other character. */
export function textIn(quoted: string): string {
  return quoted.slice(1, -1).replaceAll(/\\(?:u[\da-f]{4}|.)/gi, (one) => JSON.parse(`"${one}"`) as string); // a text
}

/** A text for a Prisma schema, in quotes. */
export function asText(text: string): string {
  return JSON.stringify(text).replaceAll(
    /[\u007f-\u009f\u2028\u2029]/g,
    (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
