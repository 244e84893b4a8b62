// A floor: Node's own HTTP server, which reads a request and sends bytes that it was given.
import type { Answer } from '../ask.ts';
import { listen } from './listen.ts';
import { serve } from './serve.ts';

export interface NodeHttpOptions {
  /** By the query of the address that asks for them. */
  readonly answers: Readonly<Record<string, Answer>>;
}

serve(({ answers }: NodeHttpOptions) => {
  const known = new Map(
    Object.entries(answers).map(([name, { headers, body }]) => [
      `/graphql?${encodeURIComponent(name)}`,
      { headers, body: Buffer.from(body) },
    ]),
  );
  return listen((request, response) => {
    request.resume().once('end', () => {
      const answer = known.get(request.url ?? '');
      if (answer) response.writeHead(200, answer.headers).end(answer.body);
      else response.writeHead(404).end();
    });
  });
});
