import { pbkdf2Sync } from 'node:crypto';
import bcrypt from 'bcrypt';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { measuringCost, paddingOf } from '../../src/accounts/even-work.ts';
import { isForeignForm, readForeignHash, strapiHash } from '../../src/accounts/foreign-hashes.ts';
import { createMemoryAllowance } from '../../src/accounts/memory-allowance.ts';
import { createPasswords } from '../../src/accounts/passwords.ts';
import { startServer, type TestServer } from '../support/start.ts';

const REGISTER = 'mutation ($input: UsersPermissionsRegisterInput!) { register(input: $input) { jwt } }';
const LOGIN = 'mutation ($input: UsersPermissionsLoginInput!) { login(input: $input) { jwt } }';
const CHANGE = `mutation ($currentPassword: String!, $password: String!) {
  changePassword(currentPassword: $currentPassword, password: $password, passwordConfirmation: $password) { jwt } }`;
const WRONG = 'Invalid identifier or password';
const TOO_LONG = 'Password must be less than 73 bytes';

const COST = 5;
let server: TestServer;
beforeAll(async () => {
  server = await startServer({ config: { bcryptCost: COST } });
});
afterAll(() => server?.close());

let username: string;
let jwt: string;
let people = 0;
beforeEach(async () => {
  username = `mover ${++people}`;
  const input = { username, email: `mover${people}@example.com`, password: 'a good password' };
  jwt = (await server.ask(REGISTER, { variables: { input } })).data.register.jwt;
});

/** A user is kept with this hash from now on. */
async function keptAs(passwordHash: string | undefined): Promise<void> {
  if (passwordHash === undefined) throw new Error('no login can compare this hash');
  await server.database.prisma.user.update({ where: { email: email() }, data: { passwordHash } });
}

const email = () => `mover${people}@example.com`;

async function kept(): Promise<string> {
  return (await server.database.prisma.user.findUniqueOrThrow({ where: { email: email() } })).passwordHash;
}

/** `in`, or the message of the refusal. */
async function login(password: string, identifier = username): Promise<string | undefined> {
  const { data, errors } = await server.ask(LOGIN, { variables: { input: { identifier, password } } });
  return data?.login ? 'in' : errors?.[0]?.message;
}

describe('a hash of Strapi', () => {
  test.each([
    ['a short password', 'sixsix'],
    ['one with blanks around it', '  blanks around  '],
    ['one of 72 bytes', 'x'.repeat(72)],
  ])('lets in %s, and is a hash of ours from then on', async (_what, password) => {
    await keptAs(strapiHash(bcrypt.hashSync(password, COST)));
    expect(await login(`!${password}`)).not.toBe('in');
    expect(await kept()).toMatch(/^\$bcrypt\$2b\$/);
    expect(await login(password)).toBe('in');
    expect(await kept()).toMatch(/^\$2b\$05\$/);
    expect(await login(password)).toBe('in');
  });

  test.each([
    ['letters', 'a very long password '.repeat(20)],
    ['letters of several bytes, cut in the middle of one', `x${'é'.repeat(100)}`],
  ])('lets in a password of more than 72 bytes, and stays as it is: %s', async (_what, password) => {
    const cut = Buffer.from(password).subarray(0, 72);
    const form = strapiHash(bcrypt.hashSync(cut, COST).replace('$2b$', '$2a$'));
    await keptAs(form);
    expect(await login(password)).toBe('in');
    expect(await kept()).toBe(form);
    expect(await login(password)).toBe('in');
    expect(await login(`y${password}`)).toBe(TOO_LONG);
  });

  test('lets its owner choose another password, by the old one of more than 72 bytes', async () => {
    const currentPassword = 'p'.repeat(80);
    await keptAs(strapiHash(bcrypt.hashSync('p'.repeat(72), COST)));
    const change = (variables: object) =>
      server.ask(CHANGE, { token: jwt, variables: { currentPassword, password: 'another password', ...variables } });
    expect((await change({ currentPassword: 'q'.repeat(80) })).errors?.[0]?.message).toBe(TOO_LONG);
    expect((await change({ password: 'p'.repeat(80) })).errors?.[0]?.message).toBe(TOO_LONG);
    expect((await change({})).errors).toBeUndefined();
    expect(await login(currentPassword)).toBe(TOO_LONG);
    expect(await login('another password')).toBe('in');
  });

  test('shows no more about an account than before: a long password is a fault for everybody it does not let in', async () => {
    expect(await login('x'.repeat(73))).toBe(TOO_LONG);
    expect(await login('x'.repeat(73), 'nobody at all')).toBe(TOO_LONG);
    await keptAs(bcrypt.hashSync('x'.repeat(72), COST));
    expect(await login('x'.repeat(73)), 'a hash of ours').toBe(TOO_LONG);
    expect(await login('x'.repeat(72))).toBe('in');
    expect(await login('wrong')).toBe(WRONG);
  });

  test.each([
    ['', 'nothing'],
    ['$2a$10$too-short', 'too short'],
    [`$2a$15$${'a'.repeat(53)}`, 'too dear'],
    [`$2a$03$${'a'.repeat(53)}`, 'too cheap'],
    [`$2x$10$${'a'.repeat(53)}`, 'made by a bug of PHP'],
    [`$2a$10$${'a'.repeat(53)}\n`, 'more than a hash'],
  ])('%j is none: %s', (text) => {
    expect(strapiHash(text)).toBeUndefined();
  });
});

const hex = (text: string) => Buffer.from(text, 'hex').toString('base64').replaceAll('=', '');
const text = (words: string) => Buffer.from(words).toString('base64').replaceAll('=', '');

/** Published examples of each kind. */
const PUBLISHED: readonly [what: string, password: string, form: string][] = [
  [
    'scrypt, of RFC 7914',
    'password',
    `$scrypt$ln=10,r=8,p=16$${text('NaCl')}$${hex('fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b3731622eaf30d92e22a3886ff109279d9830dac727afb94a83ee6d8360cbdfa2cc0640')}`,
  ],
  [
    'scrypt, of passlib’s documentation',
    'password',
    '$scrypt$ln=16,r=8,p=1$aM15713r3Xsvxbi31lqr1Q$nFNh2CVHVjNldFVKDHDlm4CbdRSCdEBsjjJxD+iCs5E',
  ],
  [
    'Firebase’s scrypt, of github.com/firebase/scrypt',
    'user1password',
    '$firebase-scrypt$ln=14,r=8$42xEC+ixf3L2lw$Bw$jxspr8Ki0RYycVU8zykbdLGjFQ3McFUH0uiiTvC8pVMXAn210wjLNmdZJzxUECKbm0QsEmYUSDzZvpjeJ9WmXA$lSrfV15cpx95/sZS2W9c9Kp6i/LVgQNDNC/qzrCnh1SAyZvqmZqAjTdn3aoItz+VHjoZilo78198JAdRuid5lQ',
  ],
  [
    'argon2id, of the reference implementation’s tests',
    'password',
    `$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$${hex('09316115d5cf24ed5a15a31a3ba326e5cf32edc24702987c02b6566f61913cf7')}`,
  ],
  [
    'argon2i, of the reference implementation’s README',
    'password',
    `$argon2i$v=19$m=65536,t=2,p=4$c29tZXNhbHQ$${hex('45d7ac72e76f242b20b77b9bf9bf9d5915894e669a24e6c6')}`,
  ],
  [
    'PBKDF2 with SHA-1, of RFC 6070',
    'password',
    `$pbkdf2-sha1$i=4096$${text('salt')}$${hex('4b007901b765489abead49d926f721d065a429c1')}`,
  ],
  [
    'PBKDF2 with SHA-256',
    'password',
    `$pbkdf2-sha256$i=4096$${text('salt')}$${hex('c5e478d59288c841aa530db6845c4c8d962893a001ce4e11a4963873aa98134a')}`,
  ],
  [
    'PBKDF2 with SHA-512',
    'password',
    `$pbkdf2-sha512$i=1$${text('salt')}$${hex('867f70cf1ade02cff3752599a3a53dc4af34c7a669815ae5d513554e1c8cf252c02d470a285a0501bad999bfe943c08f050235d7d68b1da55e63f73b60a57fce')}`,
  ],
];

describe('a hash of another system', () => {
  test.each(PUBLISHED)(
    '%s: lets in with the password alone, and is a hash of ours from then on',
    async (_what, password, form) => {
      expect(isForeignForm(form)).toBe(true);
      await keptAs(form);
      for (const wrong of [`${password} `, password.toUpperCase(), form]) {
        expect(await login(wrong)).toBe(wrong.length > 72 ? TOO_LONG : WRONG);
      }
      expect(await kept()).toBe(form);
      expect(await login(password)).toBe('in');
      expect(await kept()).toMatch(/^\$2b\$05\$/);
      expect(await login(password)).toBe('in');
      expect(await login(form)).not.toBe('in');
    },
  );

  test('of a longer password than one of ours stays, and its owner can choose another', async () => {
    const password = 'a long password, '.repeat(50);
    const form = `$pbkdf2-sha256$i=10$c2FsdA$${pbkdf2Sync(password, 'salt', 10, 32, 'sha256').toString('base64').replaceAll('=', '')}`;
    await keptAs(form);
    expect(await login(password)).toBe('in');
    expect(await kept()).toBe(form);
    expect(await login(password.slice(0, -1))).toBe(TOO_LONG);
    const variables = { currentPassword: password, password: 'another password' };
    expect((await server.ask(CHANGE, { token: jwt, variables })).errors).toBeUndefined();
    expect(await login(password)).toBe(TOO_LONG);
    expect(await login('another password')).toBe('in');
  });

  test('knows the password as it was typed there, and as Unicode normalizes it', async () => {
    const typed = 'cafe\u0301 au lait';
    const hash = (password: string) =>
      `$pbkdf2-sha256$i=10$c2FsdA$${pbkdf2Sync(password, 'salt', 10, 32, 'sha256').toString('base64').replaceAll('=', '')}`;
    await keptAs(hash(typed));
    expect(await login(typed)).toBe('in');
    await keptAs(hash(typed.normalize('NFKC')));
    expect(await login(typed)).toBe('in');
    expect(await login('café au lait')).toBe('in');
  });

  const salt = text('some salt');
  const of = (bytes: number) => text('x'.repeat(bytes));
  test.each([
    ['scrypt of much memory', `$scrypt$ln=20,r=8,p=1$${salt}$${of(32)}`],
    ['scrypt of much work', `$scrypt$ln=10,r=8,p=1024$${salt}$${of(32)}`],
    ['scrypt of one block of much memory', `$scrypt$ln=1,r=1048576,p=1$${salt}$${of(32)}`],
    ['scrypt of many lanes', `$scrypt$ln=1,r=1,p=99999999$${salt}$${of(32)}`],
    ['Firebase’s of much memory', `$firebase-scrypt$ln=18,r=8$${salt}$Bw$${of(64)}$${of(64)}`],
    ['Firebase’s of another length than its key', `$firebase-scrypt$ln=14,r=8$${salt}$Bw$${of(64)}$${of(63)}`],
    ['argon2 of much memory', `$argon2id$v=19$m=131073,t=1,p=1$${salt}$${of(32)}`],
    ['argon2 of many passes', `$argon2id$v=19$m=8,t=70000,p=1$${salt}$${of(32)}`],
    ['argon2 of many lanes', `$argon2id$v=19$m=65536,t=1,p=17$${salt}$${of(32)}`],
    ['argon2 of less memory than its lanes need', `$argon2id$v=19$m=8,t=1,p=4$${salt}$${of(32)}`],
    ['argon2 of an older version', `$argon2id$v=16$m=65536,t=2,p=1$${salt}$${of(32)}`],
    ['argon2 with a key', `$argon2id$v=19$m=65536,t=2,p=1,keyid=YQ$${salt}$${of(32)}`],
    ['PBKDF2 of many iterations', `$pbkdf2-sha256$i=2097153$${salt}$${of(32)}`],
    ['PBKDF2 of many iterations for a long result', `$pbkdf2-sha256$i=200000$${salt}$${of(512)}`],
    ['PBKDF2 with MD5', `$pbkdf2-md5$i=1000$${salt}$${of(16)}`],
    ['a result that many passwords have', `$pbkdf2-sha256$i=1000$${salt}$${of(15)}`],
    ['a very long result', `$pbkdf2-sha256$i=1$${salt}$${of(513)}`],
    ['a very long salt', `$pbkdf2-sha256$i=1$${of(257)}$${of(32)}`],
    ['no salt', `$pbkdf2-sha256$i=1$$${of(32)}`],
    ['a number with a sign', `$pbkdf2-sha256$i=+10$${salt}$${of(32)}`],
    ['no iterations', `$pbkdf2-sha256$i=0$${salt}$${of(32)}`],
    ['base64 that is not the only one of its bytes', `$pbkdf2-sha256$i=1$${salt}$${of(32).slice(0, -1)}9`],
    ['a line more', `$pbkdf2-sha256$i=1$${salt}$${of(32)}\n`],
  ])('is none, and costs what no account costs: %s', async (_what, form) => {
    expect(isForeignForm(form)).toBe(false);
    await keptAs(form);
    expect(await login('x'.repeat(32))).toBe(WRONG);
    expect(await kept()).toBe(form);
  });

  test('can be as dear as the bounds let it, and no dearer', () => {
    for (const form of [
      `$scrypt$ln=17,r=8,p=1$${salt}$${of(32)}`,
      `$argon2id$v=19$m=131072,t=4,p=16$${salt}$${of(32)}`,
      `$pbkdf2-sha256$i=2097152$${salt}$${of(32)}`,
    ]) {
      const { memory = Number.POSITIVE_INFINITY } = readForeignHash(form) ?? {};
      expect(memory).toBeLessThanOrEqual(130 * 2 ** 20);
    }
  });
});

describe('the work of a comparison', () => {
  test('is filled up to that of a hash of ours, to within a sixty-fourth', () => {
    for (const cost of [10, 12, 14]) {
      const unit = 3;
      const measured = unit * 2 ** measuringCost(cost);
      const whole = unit * 2 ** cost;
      for (const spent of [0, whole / 100, whole / 3, whole / 2, (whole * 6) / 7, whole - measured]) {
        const padded = paddingOf(cost, { spent, measured }).reduce((sum, step) => sum + unit * 2 ** step, 0);
        const missing = whole - spent - measured - padded;
        expect(missing).toBeGreaterThanOrEqual(0);
        expect(missing).toBeLessThanOrEqual(whole / 64);
      }
      expect(paddingOf(cost, { spent: whole * 2, measured })).toEqual([]);
    }
  });

  test.each([
    ['right', 'password'],
    ['wrong', 'not the password'],
  ])('is the same where the password is %s', async (_what, password) => {
    // The processor's time stands still but for hashes of ours.
    let work = 0;
    const time = (before = { user: 0, system: 0 }) => ({ user: work - before.user, system: 0 });
    vi.spyOn(process, 'threadCpuUsage').mockImplementation(time);
    vi.spyOn(bcrypt, 'hashSync').mockImplementation((_password, rounds) => {
      work += 2 ** Number(rounds);
      return '';
    });
    try {
      const form = PUBLISHED.find(([what]) => what === 'PBKDF2 with SHA-512')?.[2];
      const { same } = await createPasswords(9).compare(password, form);
      expect(same).toBe(password === 'password');
      expect(work).toBeGreaterThanOrEqual(2 ** 9 - 2 ** 4);
      expect(work).toBeLessThanOrEqual(2 ** 9);
    } finally {
      vi.restoreAllMocks();
    }
  });
});

describe('hashes that need memory are compared', () => {
  test('no more at a time than the memory allows, in the order in which they came', async () => {
    const allowance = createMemoryAllowance(100);
    let used = 0;
    let most = 0;
    const ended: number[] = [];
    const done = [60, 60, 30, 100, 0, 10].map((bytes, index) =>
      allowance.within(bytes, async () => {
        used += bytes;
        most = Math.max(most, used);
        await new Promise(setImmediate);
        used -= bytes;
        ended.push(index);
      }),
    );
    expect(allowance.waiting).toBeGreaterThan(0);
    await Promise.all(done);
    expect(most).toBe(100);
    expect(ended).toEqual([4, 0, 1, 2, 3, 5]);
    expect(allowance.waiting).toBe(0);
  });

  test('and a failure gives its memory back', async () => {
    const allowance = createMemoryAllowance(100);
    await expect(allowance.within(100, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await allowance.within(100, async () => 'yes')).toBe('yes');
  });
});
