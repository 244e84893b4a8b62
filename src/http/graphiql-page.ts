import type { Graphiql } from '../graphql/graphiql.ts';

/** The page of GraphiQL at a path. It is loaded when it is first opened: it is nine megabytes, and takes fifty of memory. */
export async function graphiqlPage(path: string, graphiql: Graphiql): Promise<string> {
  const { renderGraphiQL } = await import('@graphql-yoga/render-graphiql');
  return renderGraphiQL(graphiql).replace('<head>', `<head>${scriptOfOwnStorage(path)}`);
}

/**
 * GraphiQL keeps tabs and headers in the browser under names that are the same at each path: an administrator's token would
 * be sent to the other endpoint, and only who opens a page first would see what it shows first.
 */
function scriptOfOwnStorage(path: string): string {
  return `<script>
for (const name of ['getItem', 'setItem', 'removeItem']) {
  const original = Storage.prototype[name];
  Storage.prototype[name] = function (key, ...value) {
    return original.call(this, ${JSON.stringify(`${path} `)} + key, ...value);
  };
}
</script>`;
}
