import { z } from 'zod';

/** What people read about a variable, in docs/configuration.md and `.env.example`. */
export interface About {
  /** What it means, in Markdown: one sentence or two. */
  readonly description: string;
  /** A value that means the same as none: a test holds it equal to the default of the schema. */
  readonly default?: string;
  /** What applies without the variable, where that is no single value. */
  readonly otherwise?: string;
  /** A value to show, where there is no default. */
  readonly example?: string;
}

/** A variable of the environment: how its text is read, and what people read about it. */
export function variable<Schema extends z.ZodType>(schema: Schema, about: About): Schema {
  texts.add(schema, about);
  return schema;
}

/** What people read about a variable that was made by `variable`. */
export function aboutVariable(schema: z.ZodType): About | undefined {
  return texts.get(schema);
}

const texts = z.registry<About>();
