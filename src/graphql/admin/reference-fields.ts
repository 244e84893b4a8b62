import { invalidInput } from '../../common/errors.ts';
import type { Builder } from '../builder.ts';
import { ON_DELETE, type ReadReferences, type Reference } from '../content-type/references.ts';
import { type Cost, DATABASE_COST } from '../operation/cost.ts';

/** A count of rows for each relation, and what the database does with them. */
const REFERENCES: Cost = { once: 200, each: 0 };

/** What hangs on a document, for who is about to delete it. */
export function addReferences(
  builder: Builder,
  { types, read }: { readonly types: readonly string[]; readonly read: ReadReferences },
): void {
  const onDelete = builder.enumType('OnDelete', {
    description: 'What becomes of documents when the one that they refer to is deleted.',
    values: ON_DELETE,
  });
  const reference = builder.objectRef<Reference>('Reference').implement({
    description: 'Documents that refer to a document by one of their relations.',
    fields: (t) => ({
      type: t.exposeString('type', { nullable: false, description: 'The type of these documents.' }),
      field: t.exposeString('field', { nullable: false, description: 'Their relation to the document.' }),
      label: t.exposeString('label', { nullable: false }),
      count: t.exposeInt('count', { nullable: false, description: 'How many there are.' }),
      onDelete: t.expose('onDelete', {
        type: onDelete,
        nullable: false,
        description: 'What becomes of them when the document is deleted.',
      }),
    }),
  });
  builder.queryField('references', (t) =>
    t.field({
      type: [reference],
      nullable: { list: true, items: false },
      description:
        'What refers to a document, by type and relation, and what becomes of it. Null for a document that does not exist.',
      authScopes: { action: 'contentType.find' },
      args: {
        type: t.arg.string({ required: true, description: 'The GraphQL type of the document: `Post`, `User`.' }),
        documentId: t.arg.id({ required: true }),
      },
      extensions: { [DATABASE_COST]: () => REFERENCES },
      resolve: async (_root, { type, documentId }) => {
        if (!types.includes(type)) {
          throw invalidInput([{ path: ['type'], message: 'type has a name that is no content type' }]);
        }
        const references = await read(type, documentId);
        return references && [...references];
      },
    }),
  );
}
