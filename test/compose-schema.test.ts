import { describe, expect, test } from 'vitest';
// @ts-expect-error plain JavaScript, which runs before anything is installed
import { composedBeside, composeSchema } from '../scripts/compose-schema.mjs';

interface SchemaText {
  readonly name: string;
  readonly text: string;
}
const compose = composeSchema as (files: readonly SchemaText[]) => SchemaText[];

const CORE = `generator client {
  output = "../../src/generated/prisma"
}

model User {
  id    Int    @id
  email String @unique
  role  Role   @relation(fields: [roleId], references: [id])

  @@index([roleId])
  @@map("users")
}

model UserRole {
  id Int @id
}
`;
const core = { name: 'gatehouse.prisma', text: CORE };
const user = (text: string) => ({ name: 'user.prisma', text });

describe('the schema that the client is generated from', () => {
  test('has the fields of UserFields in User, and no model UserFields', () => {
    const fragment = user(`// Ours.
model UserFields {
  /// What friends call them.
  firstName String? @db.VarChar(100)
  points    Int     @default(0)

  @@index([firstName])
  @@ignore
}

enum Mood {
  good
}
`);
    const [composed, rest] = compose([core, fragment]);
    expect(composed?.text).toContain(`  role  Role   @relation(fields: [roleId], references: [id])

  /// What friends call them.
  firstName String? @db.VarChar(100)
  points    Int     @default(0)
  @@index([roleId])
  @@map("users")
  @@index([firstName])
}

model UserRole {`);
    expect(rest?.text).toBe('// Ours.\n\nenum Mood {\n  good\n}\n');
  });

  test('is what it was where there is no UserFields, or one that is a comment', () => {
    const files = [core, user('// model UserFields {\n//   firstName String?\n// }\n')];
    expect(compose(files)).toEqual(files);
  });

  test('is the same for files with the line ends of Windows', () => {
    const [composed] = compose([core, user('model UserFields {\r\n  firstName String?\r\n  @@ignore\r\n}\r\n')]);
    expect(composed?.text).toMatch(/^ {2}firstName String\?$/m);
  });

  test('writes to the folders that the generators of prisma/schema/ write to', () => {
    const [{ text }] = (composedBeside as typeof compose)([core]) as [SchemaText];
    expect(text).toContain('output = "../prisma"');
  });

  test.each([
    [
      'a field of Gatehouse',
      user('model UserFields {\n  email String?\n  @@ignore\n}\n'),
      /user.prisma: email is a field of Gatehouse/,
    ],
    [
      'two models',
      user('model UserFields {\n  a Int?\n}\nmodel UserFields {\n  b Int?\n}\n'),
      /can be one model UserFields/,
    ],
    ['no end', user('model UserFields {\n  a Int?\n'), /has no end/],
  ])('is refused with %s', (_what, fragment, message) => {
    expect(() => compose([core, fragment])).toThrow(message);
  });
});
