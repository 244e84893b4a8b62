/** A file of a Prisma schema. */
export interface SchemaText {
  readonly name: string;
  readonly text: string;
}

export function placeInSchemas(files: readonly SchemaText[]): readonly SchemaText[];
