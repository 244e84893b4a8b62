import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type Answer, startBeside } from '../support/start.ts';
import { type Panel, usePanel } from './panel.ts';
import { addAuthenticator, type VirtualAuthenticator } from './virtual-authenticator.ts';

/* Users' passkeys with what browsers make of them: the real `navigator.credentials`, and an authenticator of the browser's. */

const REFUSED = 'The passkey was not accepted. Start again.';
const MINUTE = 60_000;

const panel: Panel = usePanel({ hostname: 'localhost' });
const frontEnd = createServer((_request, response) => {
  response.writeHead(200, { 'Content-Type': 'text/html' }).end('<!doctype html><title>App</title>');
});
let front: string;
beforeAll(async () => {
  await new Promise<void>((resolve) => frontEnd.listen(0, '127.0.0.1', resolve));
  front = `http://localhost:${(frontEnd.address() as AddressInfo).port}`;
});
afterAll(async () => {
  frontEnd.closeAllConnections();
  await new Promise((resolve) => frontEnd.close(resolve));
});

/** What a front end does, in the page: with a token, or as somebody whom the server does not know. */
class FrontEnd {
  readonly #page: Page;
  readonly #api: string;

  constructor(page: Page, api: string) {
    this.#page = page;
    this.#api = api;
  }

  ask(query: string, variables: Record<string, unknown> = {}, token?: string): Promise<Answer> {
    return this.#page.evaluate(
      async ({ api, token, ...operation }) => {
        const response = await fetch(`${api}/graphql`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
          body: JSON.stringify(operation),
        });
        return response.json();
      },
      { api: this.#api, query, variables, token },
    );
  }

  async options(purpose: 'REGISTER' | 'LOGIN' | 'STEP_UP', token?: string) {
    const asked = 'mutation ($purpose: PasskeyPurpose!) { passkeyOptions(purpose: $purpose) }';
    return (await this.ask(asked, { purpose }, token)).data.passkeyOptions;
  }

  create(options: PublicKeyCredentialCreationOptionsJSON): Promise<unknown> {
    return this.#page.evaluate(async (json) => {
      const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(json);
      return ((await navigator.credentials.create({ publicKey })) as PublicKeyCredential).toJSON();
    }, options);
  }

  get(options: PublicKeyCredentialRequestOptionsJSON): Promise<unknown> {
    return this.#page.evaluate(async (json) => {
      const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(json);
      return ((await navigator.credentials.get({ publicKey })) as PublicKeyCredential).toJSON();
    }, options);
  }

  async register(token: string): Promise<Answer> {
    const response = await this.create(await this.options('REGISTER', token));
    return this.ask(
      'mutation ($response: JSON!) { addPasskey(response: $response, name: "Laptop") { id backedUp transports } }',
      { response },
      token,
    );
  }

  send(challenge: string, response: unknown): Promise<Answer> {
    return this.ask(
      'mutation ($challenge: String!, $response: JSON!) { loginWithPasskey(challenge: $challenge, response: $response) { jwt user { email } } }',
      { challenge, response },
    );
  }

  async logIn(): Promise<Answer> {
    const options = await this.options('LOGIN');
    return this.send(options.challenge, await this.get(options));
  }
}

interface Person {
  readonly email: string;
  readonly token: string;
}

let people = 0;
async function newPerson(): Promise<Person> {
  const username = `keyholder${++people}`;
  const input = { username, email: `${username}@example.com`, password: 'a good password' };
  const register = 'mutation ($input: UsersPermissionsRegisterInput!) { register(input: $input) { jwt } }';
  const { data } = await panel.server.ask(register, { variables: { input } });
  return { email: input.email, token: data.register.jwt };
}

const faultsOf = ({ errors }: Answer) => (errors ?? []).map(({ message }) => message);

let person: Person;
let own: FrontEnd;
let authenticator: VirtualAuthenticator;
beforeEach(async () => {
  person = await newPerson();
  const { page } = await panel.visit('/');
  authenticator = await addAuthenticator(page);
  own = new FrontEnd(page, panel.origin);
});

test('a passkey is made, and logs in without a name, once for each challenge', async () => {
  const { addPasskey } = (await own.register(person.token)).data;
  expect(addPasskey).toMatchObject({ backedUp: false, transports: ['internal'] });
  expect(await authenticator.credentials()).toMatchObject([
    { isResidentCredential: true, rpId: 'localhost', userName: person.email },
  ]);
  // The browser itself keeps two passkeys of one account from one authenticator.
  await expect(own.create(await own.options('REGISTER', person.token))).rejects.toThrow(/InvalidStateError/);

  const options = await own.options('LOGIN');
  const response = await own.get(options);
  const { jwt, user } = (await own.send(options.challenge, response)).data.loginWithPasskey;
  expect(user.email).toBe(person.email);
  expect((await own.ask('{ me { email } sessions { amr } }', {}, jwt)).data).toMatchObject({
    me: { email: person.email },
    sessions: [{ amr: ['hwk'] }, { amr: ['pwd'] }],
  });
  expect(faultsOf(await own.send(options.challenge, response))).toEqual([REFUSED]);
  const next = await own.options('LOGIN');
  expect(faultsOf(await own.send(next.challenge, response))).toEqual([REFUSED]);
});

test('it proves again who its owner is, and is removed', async () => {
  const { id } = (await own.register(person.token)).data.addPasskey;
  panel.server.advance(11 * MINUTE); // what was proven counts no more
  const remove = () => own.ask('mutation ($id: ID!) { removePasskey(id: $id) { id } }', { id }, person.token);
  expect((await remove()).errors?.[0]?.extensions).toMatchObject({
    code: 'STEP_UP_REQUIRED',
    methods: ['password', 'passkey'],
  });
  const passkey = await own.get(await own.options('STEP_UP', person.token));
  const stepUp = 'mutation ($passkey: JSON!) { stepUp(input: { passkey: $passkey }) { until } }';
  expect((await own.ask(stepUp, { passkey }, person.token)).data.stepUp.until).toBeTypeOf('string');
  expect(faultsOf(await own.ask(stepUp, { passkey }, person.token))).toEqual([REFUSED]);
  expect((await remove()).data).toEqual({ removePasskey: { id } });
  // The authenticator has it still.
  expect(await authenticator.credentials()).toHaveLength(1);
  expect(faultsOf(await own.logIn())).toEqual([REFUSED]);
});

test('a browser gives none without a verified user, nor to a page of another domain', async () => {
  await own.register(person.token);
  await authenticator.setVerified(false);
  await expect(own.logIn()).rejects.toThrow(/NotAllowedError/);
  await authenticator.setVerified(true);
  const options = await own.options('LOGIN');
  await expect(own.get({ ...options, rpId: 'example.com' })).rejects.toThrow(/SecurityError/);
  expect((await own.logIn()).errors).toBeUndefined();
});

test('a front end at another origin is refused, unless WEBAUTHN_ORIGINS lists it', async () => {
  const context = await panel.browser.newContext();
  const page = await context.newPage();
  await page.goto(front);
  await addAuthenticator(page);
  const elsewhere = new FrontEnd(page, panel.origin);
  expect(faultsOf(await elsewhere.register(person.token))).toEqual([REFUSED]);
  expect(panel.server.log.join('\n')).toContain(`Unexpected registration response origin \\"${front}\\"`);

  const changes = { port: 0, webauthn: { rpId: undefined, origins: [front] } };
  await using beside = await startBeside(panel.server, changes);
  const listed = new FrontEnd(page, new URL(beside.url).origin);
  expect((await listed.register(person.token)).errors).toBeUndefined();
  expect((await listed.logIn()).data.loginWithPasskey.user.email).toBe(person.email);
  // The passkey is good; the page is not, where it is not listed.
  expect(faultsOf(await elsewhere.logIn())).toEqual([REFUSED]);
  await context.close();
});

test('a copy of a passkey on one device is refused, since its counter is behind', async () => {
  await own.register(person.token);
  const [copy] = await authenticator.credentials();
  if (!copy) throw new Error('There is no passkey');
  for (const _ of [1, 2]) expect((await own.logIn()).errors).toBeUndefined();
  await authenticator.setCounter(copy, copy.signCount);
  expect(faultsOf(await own.logIn())).toEqual([REFUSED]);
  await authenticator.setCounter(copy, copy.signCount + 9);
  expect((await own.logIn()).errors).toBeUndefined();
});

test('one that is synced counts on each device for itself, and its response still works once', async () => {
  const { page } = await panel.visit('/');
  const synced = await addAuthenticator(page, { synced: true });
  const phone = new FrontEnd(page, panel.origin);
  expect((await phone.register(person.token)).data.addPasskey.backedUp).toBe(true);
  const [copy] = await synced.credentials();
  if (!copy) throw new Error('There is no passkey');
  expect((await phone.logIn()).errors).toBeUndefined();
  await synced.setCounter(copy, copy.signCount);
  const options = await phone.options('LOGIN');
  const response = await phone.get(options);
  expect((await phone.send(options.challenge, response)).errors).toBeUndefined();
  expect(faultsOf(await phone.send(options.challenge, response))).toEqual([REFUSED]);
});
