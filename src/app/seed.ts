// Example data and demo users for a new database. SEED_DEMO=false skips both.
import type { DemoUser } from 'gatehouse';
import type { Prisma } from '../generated/prisma/client.ts';

/** A demo user for each role except Public. */
export const demoUsers: readonly DemoUser[] = [
  { username: 'reader', email: 'reader@example.com', role: 'authenticated' },
  { username: 'editor', email: 'editor@example.com', role: 'editor' },
  { username: 'moderator', email: 'moderator@example.com', role: 'moderator' },
  { username: 'author', email: 'author@example.com', role: 'author' },
  { username: 'premium', email: 'premium@example.com', role: 'premium-user' },
];

/** Five authors, five categories, ten tags, fifty posts for everybody, ten premium posts, and the site's settings. */
export async function seed(transaction: Prisma.TransactionClient): Promise<void> {
  const authors = await transaction.author.createManyAndReturn({
    data: AUTHORS.map(([name, bio]) => ({ name, bio, email: `${name.split(' ')[0]?.toLowerCase()}@example.com` })),
  });
  const categories = await transaction.category.createManyAndReturn({
    data: CATEGORIES.map(([name, slug, description]) => ({ name, slug, description })),
  });
  const tags = await transaction.tag.createManyAndReturn({ data: TAGS.map((name) => ({ name })) });

  for (let number = 0; number < 60; number++) {
    const premium = number >= 50;
    const part = Math.floor(number / SUBJECTS.length) + 1;
    const subject = pick(SUBJECTS, number);
    const day = premium ? (number - 50) * 6 + 3 : number * 6;
    const title = premium ? `${subject}, in depth` : `${subject}${part > 1 ? `, part ${part}` : ''}`;
    await transaction.post.create({
      data: {
        title,
        slug: title.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-'),
        content: `${title}. An example post, so that there is something to read, to filter and to sort.`,
        kind: pick(KINDS, number),
        featured: number % 7 === 0,
        views: (number * 137) % 1_000,
        rating: number % 4 === 3 ? null : 1 + ((number * 7) % 41) / 10,
        premium,
        publishedAt: number % 10 === 9 ? null : new Date(FIRST_DAY + day * DAY),
        authorId: pick(authors, number).id,
        categoryId: pick(categories, Math.floor(number / 2)).id,
        tags: {
          connect: [0, 1, 2].slice(0, 1 + (number % 3)).map((step) => ({ id: pick(tags, number + step * 3).id })),
        },
      },
    });
  }
  await transaction.siteSetting.create({
    data: { id: 1, siteName: 'The Gatehouse blog', tagline: 'Who may come in, and why' },
  });
}

const AUTHORS = [
  ['Ada Moreau', 'Writes about gates, locks and the people who keep them.'],
  ['Bram Okafor', 'Learned SQL before he learned to drive.'],
  ['Chiyo Lindqvist', 'Front ends, typography, and long walks.'],
  ['Dario Petrov', 'Runs servers that nobody notices.'],
  ['Esther Nakamura', 'Reads error messages for a living.'],
] as const;

const CATEGORIES = [
  ['Guides', 'guides', 'One task, from beginning to end.'],
  ['Ideas', 'ideas', 'Why things are as they are.'],
  ['News', 'news', 'What changed.'],
  ['Practice', 'practice', 'What we learned by doing it.'],
  ['People', 'people', 'Who does the work.'],
] as const;

const TAGS = [
  'access',
  'api',
  'clients',
  'database',
  'graphql',
  'mail',
  'roles',
  'schema',
  'security',
  'tokens',
] as const;

const SUBJECTS = [
  'A role for every reader',
  'What a token may do',
  'Ten posts in one query',
  'Deny first, ask later',
  'The mail that never came',
  'Passwords people can keep',
  'One file for each type',
  'When an error is an answer',
  'A schema you can review',
  'Locks that let go',
] as const;

const KINDS = ['article', 'tutorial', 'news'] as const;
const DAY = 86_400_000;
const FIRST_DAY = Date.UTC(2026, 0, 5, 9);

/** The item at a position, modulo the length of the list. */
function pick<Item>(items: readonly Item[], position: number): Item {
  return items[position % items.length] as Item; // no list here is empty
}
