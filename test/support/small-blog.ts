import type { Database } from '../blog/open-database.ts';

/** Rows of a blog as plain objects, tied together as the database ties them: what filters are checked against. */
export interface BlogRow {
  readonly id: number;
  readonly documentId: string;
  readonly [name: string]: unknown;
}

export interface SmallBlog {
  readonly posts: readonly BlogRow[];
  readonly authors: readonly BlogRow[];
  readonly categories: readonly BlogRow[];
  readonly tags: readonly BlogRow[];
}

/** Texts with everything in them that a pattern, a case or an alphabet can trip over. */
export const TEXTS = [
  'apple',
  'Apple',
  'APPLE PIE',
  'a%b',
  'a_b',
  'axb',
  'a\\b',
  '%',
  '',
  'Straße',
  'STRASSE',
  'ÉCLAIR',
  'éclair',
  'ΟΔΟΣ',
  'οδος',
  'ΟΔΟΣΑ',
  'Жук',
  'жук',
  '🦉 owl',
] as const;

const KINDS = ['article', 'tutorial', 'news'] as const;
const RATINGS = [null, 0, 0.1, 1.5, 4.25, -2.5, 1e21, 1e-7];
const DATES = [null, '2026-01-05T09:00:00.000Z', '2026-11-22T09:30:00.123Z', '1999-12-31T23:59:59.999Z'];

/** Replaces the example blog by rows that hold every kind of value, and nothing in every place that may hold nothing. */
export async function replaceBlog({ prisma }: Database): Promise<SmallBlog> {
  await prisma.post.deleteMany();
  await prisma.author.deleteMany();
  await prisma.category.deleteMany();
  await prisma.tag.deleteMany();

  const at = (index: number) => new Date(Date.UTC(2026, 0, 1 + (index % 3)));
  const named = (kind: string, count: number) =>
    Array.from({ length: count }, (_, index) => ({
      id: index + 1,
      documentId: `${kind}${index + 1}`,
      createdAt: at(index),
      updatedAt: at(index),
    }));
  const authors = named('author', 4).map((row, index) => ({
    ...row,
    name: ['Ada', 'ada', 'Éloïse', 'Žižek'][index] ?? '',
    bio: [null, 'a%b', null, 'ΟΔΟΣ'][index] ?? null,
    email: `secret${index}@example.com`,
  }));
  const categories = named('category', 3).map((row, index) => ({
    ...row,
    name: `Category ${index}`,
    slug: `category-${index}`,
    description: index === 1 ? null : 'Described',
  }));
  const tags = named('tag', 5).map((row, index) => ({
    ...row,
    name: ['api', 'API 2', 'access', '%', 'é'][index] ?? '',
  }));
  const posts = named('post', 30).map((row, index) => ({
    ...row,
    title: TEXTS[(index * 7) % TEXTS.length] ?? '',
    slug: index % 4 === 0 ? null : `slug-${index}`,
    content: index % 5 === 0 ? null : (TEXTS[index % TEXTS.length] ?? ''),
    kind: KINDS[index % 3] ?? 'news',
    featured: index % 2 === 0,
    views: [0, 7, 42, 420, -1][index % 5] ?? 0,
    rating: RATINGS[index % RATINGS.length] ?? null,
    publishedAt: dateOf(DATES[index % DATES.length]),
    authorId: index % 6 === 5 ? null : (index % 3) + 1, // the fourth author has no posts
    categoryId: index % 3 === 2 ? null : (index % 2) + 1,
  }));
  const tagsOf = (index: number) => tags.filter(({ id }) => id !== 5 && index % 7 !== 0 && (index + id) % 3 === 0);

  await prisma.author.createMany({ data: authors });
  await prisma.category.createMany({ data: categories });
  await prisma.tag.createMany({ data: tags });
  await prisma.post.createMany({ data: posts });
  for (const [index, { id }] of posts.entries()) {
    await prisma.post.update({ where: { id }, data: { tags: { connect: tagsOf(index).map(({ id }) => ({ id })) } } });
  }

  return tiedTogether(
    posts.map((post, index) => ({ ...post, tagIds: tagsOf(index).map(({ id }) => id) })),
    authors,
    categories,
    tags,
  );
}

function dateOf(text: string | null | undefined): Date | null {
  return text == null ? null : new Date(text);
}

function tiedTogether(
  posts: readonly (BlogRow & { authorId: number | null; categoryId: number | null; tagIds: readonly number[] })[],
  authors: readonly BlogRow[],
  categories: readonly BlogRow[],
  tags: readonly BlogRow[],
): SmallBlog {
  const of = <T extends BlogRow>(rows: readonly T[]) => rows.map((row): Record<string, unknown> & T => ({ ...row }));
  const blog = { posts: of(posts), authors: of(authors), categories: of(categories), tags: of(tags) };
  for (const post of blog.posts) {
    Object.assign(post, {
      author: blog.authors.find(({ id }) => id === post.authorId) ?? null,
      category: blog.categories.find(({ id }) => id === post.categoryId) ?? null,
      tags: blog.tags.filter(({ id }) => post.tagIds.includes(id)),
    });
  }
  for (const [rows, key] of [
    [blog.authors, 'authorId'],
    [blog.categories, 'categoryId'],
  ] as const) {
    for (const row of rows) Object.assign(row, { posts: blog.posts.filter((post) => post[key] === row.id) });
  }
  for (const tag of blog.tags)
    Object.assign(tag, { posts: blog.posts.filter(({ tagIds }) => tagIds.includes(tag.id)) });
  return blog;
}
