import type { IncomingMessage } from 'node:http';

/**
 * The request as a Fetch `Request`, for plugins. Created only when a plugin reads more than its method, because creating it takes
 * longer than a small operation. Its URL is the public one. Its body has been read already.
 */
export function fetchRequestOf(incoming: IncomingMessage, publicUrl: string): Request {
  // HEAD counts as GET: Yoga refuses mutations by GET only.
  const method = incoming.method === 'POST' ? 'POST' : 'GET';
  let made: Request | undefined;
  return new Proxy<Request>(Object.create(Request.prototype), {
    get(own, name) {
      if (name === 'method') return method;
      if (Object.hasOwn(own, name)) return Reflect.get(own, name); // set by a plugin
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
