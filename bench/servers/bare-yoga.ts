// A floor: Yoga with resolvers that have the answer in memory. No database.
import { listen } from './listen.ts';
import { plainYoga } from './plain-yoga.ts';
import { serve } from './serve.ts';

export interface BareYogaOptions {
  readonly schema: string;
  /** The answer to each root field. */
  readonly data: Readonly<Record<string, unknown>>;
}

serve(({ schema, data }: BareYogaOptions) => listen(plainYoga(schema, (field) => data[field])));
