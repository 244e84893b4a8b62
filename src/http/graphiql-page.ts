import type { Graphiql } from '../graphql/graphiql.ts';

/** The GraphiQL page of a path. Loaded when first opened: it is nine megabytes, and takes fifty of memory. */
export async function graphiqlPage(path: string, graphiql: Graphiql): Promise<string> {
  const { renderGraphiQL } = await import('@graphql-yoga/render-graphiql');
  return renderGraphiQL(graphiql).replace('<head>', `<head>${scriptOfOwnStorage(path)}`);
}

/**
 * GraphiQL stores tabs and headers in the browser under the same keys at each path. Without a prefix, an administrator's token
 * would be sent to the other endpoint, and the second page would open with the first one's tabs.
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
