import type { BenchQuestion } from './questions.ts';
import type { Written } from './servers/serve.ts';

const NOT_BY = 'Ada Moreau';
const LIMIT = 10;

/** A whole tree in one question: thirty of the fifty example posts pass its filter, and none that `createPost` makes. */
export const FILTERED_POSTS: BenchQuestion = {
  name: 'ten posts, filtered and sorted',
  query: `query ($filters: PostFiltersInput!, $limit: Int!) {
    posts(filters: $filters, sort: ["publishedAt:desc"], pagination: { limit: $limit }) {
      documentId title slug publishedAt author { name } category { name } tags(sort: "name") { name }
    }
  }`,
  variables: {
    filters: { featured: { eq: false }, publishedAt: { notNull: true }, author: { name: { ne: NOT_BY } } },
    limit: LIMIT,
  },
  expected: {
    posts: [
      post('A schema you can review', 5, '2026-10-20', 'Dario Petrov', 'People', ['security']),
      post('When an error is an answer', 5, '2026-10-14', 'Chiyo Lindqvist', 'Practice', [
        'access',
        'database',
        'schema',
      ]),
      post('One file for each type', 5, '2026-10-08', 'Bram Okafor', 'Practice', ['roles', 'tokens']),
      post('The mail that never came', 5, '2026-09-26', 'Esther Nakamura', 'News', ['access', 'graphql', 'schema']),
      post('Deny first, ask later', 5, '2026-09-20', 'Dario Petrov', 'Ideas', ['database', 'roles']),
      post('What a token may do', 5, '2026-09-08', 'Bram Okafor', 'Guides', ['api', 'graphql', 'schema']),
      post('A schema you can review', 4, '2026-08-21', 'Dario Petrov', 'People', ['api', 'graphql', 'security']),
      post('When an error is an answer', 4, '2026-08-15', 'Chiyo Lindqvist', 'Practice', ['access', 'schema']),
      post('One file for each type', 4, '2026-08-09', 'Bram Okafor', 'Practice', ['roles']),
      post('The mail that never came', 4, '2026-07-28', 'Esther Nakamura', 'News', ['graphql', 'schema']),
    ],
  },
};

/** The same question as somebody would write it who has only this one. */
export const BY_HAND: Written = {
  sql: `SELECT p."documentId", p."title", p."slug", p."publishedAt",
      json_build_object('name', a."name") AS "author",
      CASE WHEN c."id" IS NOT NULL THEN json_build_object('name', c."name") END AS "category",
      (SELECT coalesce(json_agg(json_build_object('name', t."name") ORDER BY t."name", t."id"), '[]')
        FROM "_PostToTag" pt JOIN "tags" t ON t."id" = pt."B" WHERE pt."A" = p."id") AS "tags"
    FROM "posts" p
      JOIN "authors" a ON a."id" = p."authorId"
      LEFT JOIN "categories" c ON c."id" = p."categoryId"
    WHERE p."featured" = $1 AND p."publishedAt" IS NOT NULL AND a."name" <> $2
    ORDER BY p."publishedAt" DESC, p."id" LIMIT $3`,
  values: [false, NOT_BY, LIMIT],
};

function post(subject: string, part: number, day: string, author: string, category: string, tags: readonly string[]) {
  const title = `${subject}, part ${part}`;
  return {
    documentId: '*',
    title,
    slug: title.toLowerCase().replaceAll(/\W+/g, '-'),
    publishedAt: `${day}T09:00:00.000Z`,
    author: { name: author },
    category: { name: category },
    tags: tags.map((name) => ({ name })),
  };
}
