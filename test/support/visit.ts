import type { TestServer } from './start.ts';

/** A browser that only follows redirects, and keeps cookies by origin. */
export interface Visitor {
  /** Opens an address, and goes on until a page answers or the browser leaves for a front end. */
  open(url: string): Promise<Visited>;
  /** The cookies of the server. */
  readonly cookies: Map<string, string>;
}

export interface Visited {
  /** Where the browser is. */
  readonly url: URL;
  /** Undefined at a front end, which there is none of. */
  readonly response: Response | undefined;
  readonly text: string;
}

/** So many redirects are followed. */
const MOST = 20;

/** Front ends of tests are below this address. Nothing answers there. */
export const FRONT_END = 'https://app.example.com';

export function visitor({ url: endpoint, config, database }: Pick<TestServer, 'url' | 'config' | 'database'>): Visitor {
  const server = new URL(endpoint).origin;
  const jars = new Map<string, Map<string, string>>();
  const jarOf = (origin: string) => {
    const jar = jars.get(origin) ?? new Map<string, string>();
    jars.set(origin, jar);
    return jar;
  };
  return {
    cookies: jarOf(server),
    async open(address) {
      await database.changes.catchUp(); // what a test wrote by hand
      let url = new URL(address);
      for (let hops = 0; hops < MOST; hops++) {
        if (url.origin === FRONT_END) return { url, response: undefined, text: '' };
        // The server is known by its public address, and answers at another one.
        const asked = url.href.startsWith(config.publicUrl) ? url.href.replace(config.publicUrl, server) : url.href;
        const jar = jarOf(new URL(asked).origin);
        const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
        const response = await fetch(asked, { redirect: 'manual', headers: { cookie } });
        for (const line of response.headers.getSetCookie()) {
          const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
          if (/max-age=0\b|expires=Thu, 01 Jan 1970/i.test(line)) jar.delete(name);
          else jar.set(name, value);
        }
        const location = response.headers.get('location');
        if (location === null) return { url, response, text: await response.text() };
        url = new URL(location, url);
      }
      throw new Error('too many redirects');
    },
  };
}
