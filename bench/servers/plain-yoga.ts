import type { RequestListener } from 'node:http';
import { buildSchema } from 'graphql';
import { createYoga } from 'graphql-yoga';
import { readBody } from '../../src/http/read-body.ts';

/** Yoga as Gatehouse sets it up, over a schema whose root fields are answered so. No viewer, no permissions, no Pothos. */
export function plainYoga(definition: string, answer: (field: string) => unknown): RequestListener {
  const schema = buildSchema(definition);
  for (const type of [schema.getQueryType(), schema.getMutationType()]) {
    for (const field of Object.values(type?.getFields() ?? {})) field.resolve = () => answer(field.name);
  }
  const yoga = createYoga({
    schema,
    graphiql: false,
    maskedErrors: false,
    maxRequestBodySize: false, // bounded before it, as in src/http/server.ts: Yoga's own way costs three times as much
    cors: false,
    multipart: false,
    landingPage: false,
    logging: false,
  });
  return async (request, response) => {
    const body = await readBody(request);
    const answer = await yoga.fetch(
      new yoga.fetchAPI.Request(`http://localhost${request.url}`, {
        method: 'POST',
        headers: request.headers as Record<string, string>,
        body,
      }),
    );
    response.statusCode = answer.status;
    answer.headers.forEach((value, name) => void response.setHeader(name, value));
    response.end(Buffer.from(await answer.arrayBuffer()));
  };
}
