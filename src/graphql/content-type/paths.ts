import type { GraphQLResolveInfo } from 'graphql';

/** The response path of a field, without list positions: `posts.author`. */
export function pathWithoutPositions(path: GraphQLResolveInfo['path']): string {
  const names: string[] = [];
  for (let step: GraphQLResolveInfo['path'] | undefined = path; step; step = step.prev) {
    if (typeof step.key === 'string') names.unshift(step.key);
  }
  return names.join('.');
}
