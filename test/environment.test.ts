// biome-ignore-all lint/suspicious/noTemplateCurlyInString: what stands in these files is no template
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readConfig } from '../src/config/config.ts';
import { ConfigError } from '../src/config/config-error.ts';
import { UnreadableFile } from '../src/config/dot-env.ts';
import { environment } from '../src/config/environment.ts';
import { nearMisses } from '../src/config/unknown-variables.ts';
import { runToEnd } from './support/process.ts';

/** The file `.env`, and what the environment must not be taken for. */

const home = process.cwd();
let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'gatehouse-env-'));
  process.chdir(directory);
});
afterEach(() => {
  process.chdir(home);
  rmSync(directory, { recursive: true, force: true });
});

/** What a file says, beyond what is set otherwise. */
function read(content: string | Uint8Array): Record<string, string | undefined> {
  writeFileSync('.env', content);
  return Object.fromEntries(Object.entries(environment()).filter(([name]) => process.env[name] === undefined));
}

function problemsOf(content: string | Uint8Array): string {
  try {
    read(content);
  } catch (error) {
    expect(error).toBeInstanceOf(UnreadableFile);
    return (error as UnreadableFile).message;
  }
  return 'none';
}

const utf16le = (text: string) => Buffer.from(`\uFEFF${text}`, 'utf16le');

describe('a file is read as it was meant', () => {
  test.each<[what: string, content: string | Uint8Array, variables: Record<string, string>]>([
    ['nothing', '', {}],
    ['lines', 'GH_A=1\nGH_B=2', { GH_A: '1', GH_B: '2' }],
    ['a mark of UTF-8', '\uFEFFGH_A=1\nGH_B=2\n', { GH_A: '1', GH_B: '2' }],
    ['UTF-16, as PowerShell writes it', utf16le('GH_A=ä\r\nGH_B=2\r\n'), { GH_A: 'ä', GH_B: '2' }],
    ['UTF-16 the other way round', utf16le('GH_A=ä\n').swap16(), { GH_A: 'ä' }],
    ['the ends of lines of Windows', 'GH_A=1\r\nGH_B="2"\r\n\r\n', { GH_A: '1', GH_B: '2' }],
    ['those of old', 'GH_A=1\rGH_B=2\r', { GH_A: '1', GH_B: '2' }],
    ['what a shell reads', 'export GH_A=1\n  export  GH_B=2', { GH_A: '1', GH_B: '2' }],
    ['quotes', `GH_A='a # "b"'\nGH_B="it's" # why\nGH_C=\`"'\`\n`, { GH_A: 'a # "b"', GH_B: "it's", GH_C: `"'` }],
    ['a quote in a value without', "GH_A=it's\nGH_B=don't", { GH_A: "it's", GH_B: "don't" }],
    ['comments', '# one\n  # GH_C=3\nGH_A=1 # two\nGH_B= # three\n', { GH_A: '1', GH_B: '' }],
    [
      'several lines',
      'GH_A="-----BEGIN\r\nkey==\r\n-----END"\r\nGH_B=2',
      { GH_A: '-----BEGIN\nkey==\n-----END', GH_B: '2' },
    ],
    ['a line in a quoted value that looks like one of its own', 'GH_A="x\nGH_B=1"\n', { GH_A: 'x\nGH_B=1' }],
    ['an escaped new line', 'GH_A="x\\ny"\nGH_B=\'x\\ny\'', { GH_A: 'x\ny', GH_B: 'x\\ny' }],
    ['blanks', '  GH_A \t=  a b  \n\tGH_B=\t2\t\n', { GH_A: 'a b', GH_B: '2' }],
    ['blanks in quotes', 'GH_A=" a "', { GH_A: ' a ' }],
    ['empty values', "GH_A=\nGH_B=''\nGH_C=3", { GH_A: '', GH_B: '', GH_C: '3' }],
    [
      'signs',
      'GH_A=postgresql://u:p@h/d?a=b&c=d\nGH_B=a$HOME;$',
      { GH_A: 'postgresql://u:p@h/d?a=b&c=d', GH_B: 'a$HOME;$' },
    ],
    ['one value, said twice', 'GH_A=1\nGH_A=1', { GH_A: '1' }],
  ])('%s', (_what, content, variables) => {
    expect(read(content)).toEqual(variables);
  });

  test('a comment that looks like a value swallows nothing', () => {
    expect(read('  # GH_C="\nGH_A=1 # it\'s "\n#GH_D=`\nGH_B=2\n')).toEqual({ GH_A: '1', GH_B: '2' });
  });

  test('what is set otherwise goes before it', () => {
    expect(read('PATH=nowhere')).toEqual({});
    expect(environment()['PATH']).toBe(process.env['PATH']);
  });

  test('there may be none', () => {
    expect(environment()).toEqual({ ...process.env });
  });
});

describe('a file that cannot be read rightly stops the start, with its lines and without its values', () => {
  test.each<[content: string | Uint8Array, problem: string]>([
    ['A=1\nhunter2\n', 'line 2: expected NAME=value'],
    ['NODE_ENV: production hunter2', 'line 1: expected NAME=value'],
    ['set NODE_ENV=hunter2', 'line 1: expected NAME=value'],
    ['=hunter2', 'line 1: expected NAME=value'],
    ['\u200BNODE_ENV=hunter2', 'line 1: expected NAME=value'],
    ['\n\nA="hunter2\nB=2\nC=3', 'line 3: expected the quote before the value of A to be closed'],
    ['A="hunter2\\"b"', 'line 1: expected nothing after the closing quote of A'],
    ['A="b" hunter2', 'line 1: expected nothing after the closing quote of A'],
    ['A=1\r\nJWT_SECRET=hunter2#hunter2', 'line 2: expected the value of JWT_SECRET in quotes, since there is a #'],
    ['A=#hunter2', 'line 1: expected the value of A in quotes'],
    ['A=\u00A0hunter2', 'line 1: expected the value of A in quotes, since there is a # or an unusual blank'],
    ['A=1\rB=hunter2#', 'line 2: expected the value of B in quotes'],
    ['A=https://${HOST}/hunter2', 'line 1: expected no ${…} in A'],
    ['A="${HOST}hunter2"', 'line 1: expected no ${…} in A'],
    ['A=1\nA=hunter2', 'line 2: expected A once: line 1 gives it another value'],
    [Buffer.from('A=hunter2\n', 'utf16le'), 'there is a NUL: save it as UTF-8'],
    ['A=hunter2\0', 'there is a NUL: save it as UTF-8'],
    [Buffer.from('A=hunter2\xe4', 'latin1'), 'expected UTF-8'],
    [Buffer.concat([utf16le('A=hunter2'), Buffer.from([0x41])]), 'expected UTF-16LE'],
  ])('%j', (content, problem) => {
    const message = problemsOf(content);
    expect(message).toContain(problem);
    expect(message).not.toContain('hunter2');
  });

  test('every such line', () => {
    expect(problemsOf('one\nA=1\nB=x#y\n# fine\nC: 3\n').match(/line \d/g)).toEqual(['line 1', 'line 3', 'line 5']);
  });

  test('one in single quotes is meant so', () => {
    expect(read("GH_A='a${B}'")).toEqual({ GH_A: 'a${B}' });
  });

  test('a directory, and a link that leads nowhere', () => {
    mkdirSync('.env');
    expect(() => environment()).toThrow('.env cannot be read:\n  expected a file, and it is a directory');
    rmSync('.env', { recursive: true });
    symlinkSync('nowhere', '.env');
    expect(() => environment()).toThrow('expected a file, and it is a link to one that is not there');
  });

  test.each(['dist/main.js', 'dist/start/cluster.js', 'dist/command-line/main.js'])(
    '%s does not start',
    async (script) => {
      writeFileSync('.env', 'NODE_ENV production\n');
      const words = script.includes('command-line') ? ['audit', 'verify'] : [];
      const { code, output } = await runToEnd({ DATA_DIR: directory }, [join(home, script), ...words], directory);
      expect(output.trim()).toBe('.env cannot be read:\n  line 1: expected NAME=value, or # before a comment');
      expect(code).toBe(1);
    },
  );
});

describe('configuration never falls open into development', () => {
  test.each<[variables: Record<string, string>, problem: string]>([
    [{ NODE_ENV: 'Production' }, 'NODE_ENV: expected production, development or test'],
    [{ NODE_ENV: 'production ' }, 'NODE_ENV: expected production, development or test'],
    [{ NODE_ENV: 'prod' }, 'NODE_ENV: expected production, development or test'],
    [{ NODE_ENV: '' }, 'NODE_ENV: set to nothing'],
    [{ NODE_EVN: 'production' }, 'NODE_EVN: expected NODE_ENV'],
    [{ node_env: 'production' }, 'node_env: expected NODE_ENV'],
    [{ 'NODE-ENV': 'production' }, 'NODE-ENV: expected NODE_ENV'],
    [{ NODE_ENV: 'production', DATABASE_URL: '' }, 'DATABASE_URL: set to nothing'],
    [{ DATA_DIR: ' ' }, 'DATA_DIR: expected a directory'],
  ])('%o', (variables, problem) => {
    const read = () => readConfig({ DATA_DIR: directory, ...variables });
    expect(read).toThrow(ConfigError);
    expect(read).toThrow(problem);
  });

  test('a name that is nearly one of ours is named, and one of somebody else is not', () => {
    const theirs = {
      HOME: '',
      HOSTNAME: '',
      SHELL: '',
      PWD: '',
      NODE_OPTIONS: '',
      POSTGRES_PORT: '',
      REPORT: '',
      LOGNAME: '',
    };
    const nearly = {
      JWT_SECRETS: '',
      CORS_ORIGIN: '',
      jwt_expires_in: '',
      ADMIN_PASWORD: '',
      TRUSTPROXY: '',
      WORKER: '',
    };
    expect(nearMisses({ ...theirs, ...nearly }).map(({ name, meant }) => `${name} ${meant}`)).toEqual([
      'JWT_SECRETS JWT_SECRET',
      'CORS_ORIGIN CORS_ORIGINS',
      'jwt_expires_in JWT_EXPIRES_IN',
      'ADMIN_PASWORD ADMIN_PASSWORD',
      'TRUSTPROXY TRUST_PROXY',
      'WORKER WORKERS',
    ]);
    expect(nearMisses({ JWT_SECRETS: '', JWT_SECRET: '' })).toEqual([]); // nobody forgot the one
  });
});
