import type { IncomingMessage } from 'node:http';

/**
 * A request as the Fetch standard has it, for plugins that ask for more of it than its method: it is made when one does, since
 * its objects take longer than a small operation. Its address is that of the server as its clients see it. Its body was read.
 */
export function fetchRequestOf(incoming: IncomingMessage, publicUrl: string): Request {
  // HEAD asks for what GET would answer. Yoga refuses mutations by GET, and by nothing else.
  const method = incoming.method === 'POST' ? 'POST' : 'GET';
  let made: Request | undefined;
  return new Proxy<Request>(Object.create(Request.prototype), {
    get(own, name) {
      if (name === 'method') return method;
      if (Object.hasOwn(own, name)) return Reflect.get(own, name); // a plugin has put it there
      made ??= new Request(new URL(incoming.url ?? '/', publicUrl), { method, headers: headersOf(incoming) });
      const value: unknown = Reflect.get(made, name, made);
      return typeof value === 'function' ? value.bind(made) : value;
    },
  });
}

function headersOf({ headersDistinct }: IncomingMessage): Headers {
  const headers = new Headers();
  for (const [name, values = []] of Object.entries(headersDistinct)) {
    for (const value of values) headers.append(name, value);
  }
  return headers;
}
