/**
 * A page of https://www.example.com that logs in at https://api.example.com. The refresh token is a cookie of the server:
 * no script ever sees it. The short token is in the memory of the page, and a page that was loaded anew asks for another.
 */
export function createCookieSession(url: string, fetch = globalThis.fetch) {
  let jwt: string | undefined;

  async function ask<Data>(query: string, variables: object = {}): Promise<Data | undefined> {
    const response = await fetch(url, {
      method: 'POST',
      credentials: 'include', // also in the HttpLink of Apollo Client, and in the fetchOptions of urql
      headers: { 'Content-Type': 'application/json', ...(jwt !== undefined && { Authorization: `Bearer ${jwt}` }) },
      body: JSON.stringify({ query, variables }),
    });
    const { data } = (await response.json()) as { data?: Data };
    return data;
  }

  return {
    ask,
    async logIn(identifier: string, password: string): Promise<boolean> {
      const login = `mutation ($input: UsersPermissionsLoginInput!) { login(input: $input) { jwt } }`;
      const data = await ask<{ login: { jwt: string } | null }>(login, { input: { identifier, password } });
      jwt = data?.login?.jwt;
      return jwt !== undefined;
    },
    /** When the page is loaded, and when a token has expired. */
    async refresh(): Promise<boolean> {
      const data = await ask<{ refresh: { jwt: string } | null }>('mutation { refresh { jwt } }');
      jwt = data?.refresh?.jwt;
      return jwt !== undefined;
    },
    async logOut(): Promise<void> {
      await ask('mutation { logout { ok } }');
      jwt = undefined;
    },
  };
}
