import type { Answer, AskOptions, TestServer } from './start.ts';

/** What a browser keeps of an administrator's login: the token in memory, and the cookie. */
export interface AdminLogin {
  readonly jwt: string;
  /** As the header `Cookie` has it. */
  readonly cookie: string;
  readonly answer: Answer;
}

/** The cookie that an answer sets, as the header `Cookie` has it; undefined where it sets none. Empty where it clears it. */
export function cookieIn({ headers }: Pick<Answer, 'headers'>): string | undefined {
  const [set] = headers.getSetCookie();
  return set?.split(';', 1)[0];
}

/** Logs in as a page does that keeps its refresh token in a cookie. */
export async function logInWithCookie(
  { askAdmin }: Pick<TestServer, 'askAdmin'>,
  { email, password }: { readonly email: string; readonly password: string },
  options: AskOptions = {},
): Promise<AdminLogin> {
  const answer = await askAdmin(
    'mutation ($email: String!, $password: String!) { login(email: $email, password: $password, cookie: true) { jwt expiresAt sessionExpiresAt admin { email } } }',
    { ...options, variables: { email, password } },
  );
  const cookie = cookieIn(answer);
  if (!answer.data?.login || cookie === undefined) throw new Error(answer.text);
  return { jwt: answer.data.login.jwt, cookie, answer };
}
