import type { IncomingMessage } from 'node:http';

/**
 * A request as the Fetch standard has it, for plugins that ask for more of it than its method: it is made when one does, since
 * its objects take longer than a small operation. Its address is that of the server as its clients see it. Its body was read.
 */
export function fetchRequestOf(incoming: IncomingMessage, publicUrl: string): Request {
  const { method = 'GET' } = incoming;
  let made: Request | undefined;
  const make = () => new Request(new URL(incoming.url ?? '/', publicUrl), { method, headers: headersOf(incoming) });
  return new Proxy(Request.prototype, {
    get(_target, name) {
      if (name === 'method') return method;
      made ??= make();
      const value: unknown = Reflect.get(made, name, made);
      return typeof value === 'function' ? value.bind(made) : value;
    },
  });
}

function headersOf({ headersDistinct }: IncomingMessage): Headers {
  const headers = new Headers();
  for (const [name, values] of Object.entries(headersDistinct)) {
    for (const value of values ?? []) headers.append(name, value);
  }
  return headers;
}
