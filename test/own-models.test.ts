import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { OWN_MODELS } from '../src/graphql/content-type/rules/rule-models.ts';

test('conditions know every model of Gatehouse: one that is not in their list would be open to them, as the project’s are', () => {
  const schema = readFileSync('prisma/schema/gatehouse.prisma', 'utf8');
  const models = [...schema.matchAll(/^model (\w+) \{/gm)].map(([, name]) => name);
  expect(models.length).toBeGreaterThan(15);
  expect([...OWN_MODELS].sort()).toEqual(models.sort());
});
