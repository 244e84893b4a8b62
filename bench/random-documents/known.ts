import type { Gene, Genome } from './genome.ts';

/** Shapes that were dear once: the search begins with them. */
export const KNOWN: readonly Genome[] = [
  // What an outsider sent: an `or` of four chains of relations to many.
  list({ or: Array(4).fill(chain(5, named('x'))) }),
  // Each step in an `or` of its own: planned twice, and twice in it.
  list(steps(5).reduce<Filters>((inner, step) => ({ or: [named('x'), { [step]: inner }] }), named('x'))),
  // Rows that hold nothing: a second question at each step, whether there is none.
  list(chain(5, { documentId: { null: true } })),
  // Joins that the planner may put in any order.
  list({ tags: { and: Array(16).fill({ posts: named('x') }) } }),
  list({ tags: { posts: { and: Array(8).fill({ tags: named('x') }) } } }),
  list({ and: Array(8).fill({ author: { posts: named('x') } }) }),
  // Long texts, looked through for each way that leads to them.
  list(chain(2, { or: Array(80).fill({ content: { containsi: 'zq' } }) })),
  list({ or: Array(200).fill({ content: { containsi: 'zq' } }) }),
  list({ or: Array(200).fill({ publishedAt: { contains: '2026-01-01T00:00:00.000Z' } }) }),
  list({ or: Array(20).fill({ title: { in: Array.from({ length: 100 }, (_, n) => `t${n}`) } }) }),
  // One question for each row of a page, many times.
  of({
    field: 'posts',
    args: { pagination: { limit: 100 } },
    selections: [gene('tags', 90, { pagination: { limit: 1 } }, [gene('name')])],
  }),
  of({
    field: 'posts',
    args: { pagination: { limit: 100 } },
    selections: [gene('tags_connection', 60, { pagination: { limit: 1 } }, [gene('pageInfo', 1, {}, [gene('total')])])],
  }),
  of({
    field: 'posts_connection',
    args: { filters: { or: Array(4).fill(chain(3, named('x'))) }, pagination: { limit: 1 } },
    selections: [gene('nodes', 100, {}, [gene('title')]), gene('pageInfo', 1, {}, [gene('total')])],
  }),
];

type Filters = Readonly<Record<string, unknown>>;

function steps(count: number): string[] {
  return Array.from({ length: count }, (_, index) => (index % 2 === 0 ? 'tags' : 'posts')).reverse();
}

function chain(count: number, leaf: Filters): Filters {
  return steps(count).reduce<Filters>((inner, step) => ({ [step]: inner }), leaf);
}

function named(documentId: string): Filters {
  return { documentId: { eq: documentId } };
}

function list(filters: Filters): Genome {
  return of({ field: 'posts', args: { filters, pagination: { limit: 1 } }, selections: [gene('documentId')] });
}

function of(root: Omit<Gene, 'copies'>): Genome {
  return { operation: 'query', roots: [{ ...root, copies: 1 }] };
}

function gene(field: string, copies = 1, args: Gene['args'] = {}, selections: readonly Gene[] = []): Gene {
  return { field, copies, args, selections };
}
