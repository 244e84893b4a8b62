import type { Builder } from '../builder.ts';
import {
  CONTENT_FIELD_KINDS,
  type ContentFieldDescription,
  type ContentTypeDescription,
} from '../content-type/describe-forms.ts';

/** Adds the queries of what tables and forms of content and of users need. */
export function addContentTypeDescriptions(
  builder: Builder,
  types: readonly ContentTypeDescription[],
  userFields: readonly ContentFieldDescription[],
): void {
  const kind = builder.enumType('ContentFieldKind', {
    description: 'The kind of a field of a content type.',
    values: CONTENT_FIELD_KINDS,
  });
  const field = builder.objectRef<ContentFieldDescription>('ContentFieldDescription').implement({
    description: 'A field of a content type: a column or a relation.',
    fields: (t) => ({
      name: t.exposeString('name', { nullable: false }),
      label: t.exposeString('label', { nullable: false }),
      description: t.exposeString('description', { nullable: true, description: 'What it means.' }),
      kind: t.expose('kind', { type: kind, nullable: false, description: 'What is entered, and how.' }),
      type: t.exposeString('type', {
        nullable: false,
        description: 'Its GraphQL type; of a relation, that of the documents it leads to.',
      }),
      values: t.stringList({
        nullable: true,
        description: 'The values of an enum.',
        resolve: ({ values }) => (values ? [...values] : null),
      }),
      readable: t.exposeBoolean('readable', {
        nullable: false,
        description: 'Whether it can be selected, filtered and sorted by.',
      }),
      writable: t.exposeBoolean('writable', { nullable: false, description: 'Whether the input type has it.' }),
      required: t.exposeBoolean('required', {
        nullable: false,
        description: 'Whether every document has a value. One with a default need not be sent.',
      }),
      unique: t.exposeBoolean('unique', {
        nullable: false,
        description: 'Whether no two documents have the same value.',
      }),
      hasDefault: t.exposeBoolean('hasDefault', {
        nullable: false,
        description: 'Whether a new document has a value if none is sent.',
      }),
      minLength: t.exposeInt('minLength', { nullable: true, description: 'The fewest characters.' }),
      maxLength: t.exposeInt('maxLength', { nullable: true, description: 'The most characters.' }),
      min: t.exposeFloat('min', { nullable: true, description: 'The smallest number.' }),
      max: t.exposeFloat('max', { nullable: true, description: 'The largest number.' }),
      format: t.exposeString('format', {
        nullable: true,
        description:
          '`email`, `url`, `slug` or `uuid`, or a regular expression between slashes that the whole text must match.',
      }),
    }),
  });
  const type = builder.objectRef<ContentTypeDescription>('ContentTypeDescription').implement({
    description: 'What tables and forms need to know of a content type.',
    fields: (t) => ({
      name: t.exposeString('name', { nullable: false, description: 'Its GraphQL type: `Post`.' }),
      label: t.exposeString('label', { nullable: false, description: 'What people call a document: `Site setting`.' }),
      pluralLabel: t.exposeString('pluralLabel', { nullable: false, description: 'What people call several.' }),
      actions: t.exposeString('actions', { nullable: false, description: 'The first part of its actions: `post`.' }),
      isSingle: t.exposeBoolean('isSingle', { nullable: false, description: 'Whether there is only one document.' }),
      isReadOnly: t.exposeBoolean('isReadOnly', { nullable: false, description: 'Whether it has no mutations.' }),
      one: t.exposeString('one', { nullable: false, description: 'The query for one document: `post`.' }),
      many: t.exposeString('many', { nullable: true, description: 'The query for a list: `posts`.' }),
      connection: t.exposeString('connection', {
        nullable: true,
        description: 'The query for a page and the number of rows: `posts_connection`.',
      }),
      create: t.exposeString('create', { nullable: true, description: 'The mutation that creates: `createPost`.' }),
      update: t.exposeString('update', {
        nullable: true,
        description: 'The mutation that changes, and of a single type creates: `updatePost`.',
      }),
      delete: t.exposeString('delete', { nullable: true, description: 'The mutation that deletes: `deletePost`.' }),
      writtenAt: t.exposeString('writtenAt', {
        nullable: true,
        description: 'The field that says when a document was written last. Its update takes it as `ifUpdatedAt`.',
      }),
      input: t.exposeString('input', { nullable: true, description: 'The type of `data`: `PostInput`.' }),
      filters: t.exposeString('filters', { nullable: true, description: 'The type of `filters`: `PostFiltersInput`.' }),
      title: t.exposeString('title', {
        nullable: false,
        description: 'The field that names a document for people; `documentId` if there is none.',
      }),
      search: t.stringList({
        nullable: false,
        description: 'The fields that the argument `search` searches. Empty: its lists have no such argument.',
        resolve: ({ search }) => [...search],
      }),
      fields: t.field({
        type: [field],
        nullable: false,
        description: 'Its fields, in the order of their declaration.',
        resolve: ({ fields }) => [...fields],
      }),
    }),
  });
  builder.queryField('contentTypes', (t) =>
    t.field({
      type: [type],
      nullable: { list: true, items: false },
      description: 'The content types of this server, without users and roles.',
      authScopes: { action: 'contentType.find' },
      resolve: () => [...types],
    }),
  );
  builder.queryField('userFields', (t) =>
    t.field({
      type: [field],
      nullable: { list: true, items: false },
      description:
        'The fields of users that are the application’s own, without those that are hidden from administrators.',
      authScopes: { action: 'user.find' },
      resolve: () => [...userFields],
    }),
  );
}
