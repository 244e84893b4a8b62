export interface Tokens {
  readonly jwt: string;
  readonly refreshToken: string | null;
}

/** The tokens of the user who is logged in, in the memory of one page. */
export function createSession(url: string) {
  let tokens: Tokens | undefined;
  let refreshing: Promise<boolean> | undefined;

  async function askForNew(): Promise<boolean> {
    const query = 'mutation ($token: String) { refresh(refreshToken: $token) { jwt refreshToken } }';
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ query, variables: { token: tokens?.refreshToken } }),
    });
    const { data } = (await response.json()) as { data?: { refresh: Tokens | null } };
    tokens = data?.refresh ?? undefined; // without new ones the session is over
    return tokens !== undefined;
  }

  return {
    get jwt() {
      return tokens?.jwt;
    },
    begin(login: Tokens) {
      tokens = login;
    },
    end() {
      tokens = undefined;
    },
    /** Once, however many operations find out at the same time that the token has expired. */
    refresh(): Promise<boolean> {
      refreshing ??= askForNew().finally(() => {
        refreshing = undefined;
      });
      return refreshing;
    },
  };
}
