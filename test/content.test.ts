import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startServer, type TestServer } from './support/start.ts';

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server?.close());

describe('what a list costs', () => {
  test.each([1, 10, 100])(
    '%i posts with author and category: three statements, and one for who asks',
    async (limit) => {
      server.statements.length = 0;
      const { data, errors } = await server.ask(
        'query ($limit: Int!) { posts(pagination: { limit: $limit }) { title author { name } category { name } } }',
        { variables: { limit } },
      );
      expect(errors).toBeUndefined();
      expect(data.posts).toHaveLength(Math.min(limit, 50));
      expect(server.statements.length).toBeLessThanOrEqual(4);
    },
  );
});
