import { readFileSync } from 'node:fs';
import { buildSchema, parse, validate } from 'graphql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type CodeBlock, codeBlocksIn, pages } from '../support/documents.ts';
import { startServer, type TestServer } from '../support/start.ts';

const schemas = {
  public: buildSchema(readFileSync('schema.graphql', 'utf8')),
  admin: buildSchema(readFileSync('schema.admin.graphql', 'utf8')),
};

/** A block of GraphQL, and the blocks of JSON right behind it: its variables, and what comes of it. */
interface Example {
  readonly page: string;
  readonly document: string;
  readonly words: readonly string[];
  readonly json: Readonly<Record<string, string>>;
}

const examples = pages.flatMap(examplesIn);
const executed = examples.filter(({ words }) => viewerOf(words) !== undefined);

function examplesIn(page: string): Example[] {
  const blocks = codeBlocksIn(page);
  return blocks.flatMap(({ language, label, text }, index) => {
    if (language !== 'graphql') return [];
    const behind = takeWhile(blocks.slice(index + 1), (block) => block.language === 'json');
    const json = Object.fromEntries(behind.map((block) => [block.label, block.text]));
    return [{ page, document: text, words: label.split(' '), json }];
  });
}

function takeWhile(blocks: readonly CodeBlock[], wanted: (block: CodeBlock) => boolean): readonly CodeBlock[] {
  const end = blocks.findIndex((block) => !wanted(block));
  return end < 0 ? blocks : blocks.slice(0, end);
}

function viewerOf(words: readonly string[]): string | undefined {
  return words.find((word) => word.startsWith('as='))?.slice('as='.length);
}

// A recipe's operation is for a type that the blog does not have: content-type-recipe.test.ts and adopt.test.ts execute them.
test.each(examples.filter(({ words }) => !words.includes('recipe') && !words.includes('strapi-4')))(
  'an operation of $page fits the schema: $document',
  ({ document, words }) => {
    const schema = words.includes('admin') ? schemas.admin : schemas.public;
    expect(validate(schema, parse(document)).map(({ message }) => message)).toEqual([]);
  },
);

test.each(examples.filter(({ words }) => words.includes('strapi-4')))(
  'an operation of Strapi 4 on $page has to change: $document',
  ({ document }) => {
    expect(validate(schemas.public, parse(document))).not.toEqual([]);
  },
);

describe('what a page executes has the outcome that stands there', () => {
  let server: TestServer;
  beforeAll(async () => {
    server = await startServer();
  });
  afterAll(() => server?.close());

  test.each(executed)('$page: $document', async ({ document, words, json }) => {
    const viewer = viewerOf(words);
    const variables = JSON.parse(json['variables'] ?? '{}');
    const answer = words.includes('admin')
      ? await server.askAdmin(document, { variables, token: await server.adminToken() })
      : await server.ask(document, {
          variables,
          token: viewer === 'public' ? undefined : await server.tokenOf(viewer ?? ''),
        });
    const { data, errors } = answer;
    if (json['errors'] !== undefined) {
      expect(errors?.[0]?.extensions.error.details.errors).toEqual(JSON.parse(json['errors']));
    } else {
      expect(errors, answer.text).toBeUndefined();
      if (json['response'] !== undefined) expect({ data }).toEqual(JSON.parse(json['response']));
    }
  });

  test('that is so of more than one', () => {
    expect(executed.length).toBeGreaterThan(2);
  });
});

test('a block of JSON behind an operation says what it is', () => {
  const labels = examples.flatMap(({ json }) => Object.keys(json));
  expect(labels.filter((label) => !['variables', 'response', 'errors'].includes(label))).toEqual([]);
});
