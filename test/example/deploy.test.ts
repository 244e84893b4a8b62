import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { parse } from 'yaml';
import { readConfig } from '../../src/config/config.ts';
import { variableNames } from '../../src/config/environment-schema.ts';
import { runSteps, stagesOf, variablesOf, wordsOf } from '../support/dockerfile.ts';
import { createPlace, type Place, runToEnd, SECRETS, type ServerProcess, startProcess } from '../support/process.ts';
import { hardLinkPackages } from '../support/project-copy.ts';
import { send } from '../support/start.ts';

const DOCKERFILE = 'deploy/Dockerfile';
const stages = stagesOf(DOCKERFILE);
const last = stages.at(-1) as (typeof stages)[number]; // it has one, or nothing here passes
const stepOf = (keyword: string) => last.steps.findLast((step) => step.getKeyword() === keyword);
const start = wordsOf(stepOf('CMD'));

/** The variables among these that Gatehouse does not have. */
function unknown(variables: Readonly<Record<string, string>>): string[] {
  return Object.keys(variables).filter((name) => !variableNames().includes(name));
}

describe('the Dockerfile', () => {
  test('keeps of what builds the server only what runs it', () => {
    expect(stages.map(({ name }) => name)).toEqual(['build', '']);
    const copied = last.steps.filter((step) => step.getKeyword() === 'COPY');
    expect(copied.map((step) => step.getArguments()[0]?.getValue())).toEqual([
      '/app/package.json',
      '/app/node_modules',
      '/app/prisma',
      '/app/scripts',
      '/app/dist',
      '/app/src/app',
      '/app/src/generated',
    ]);
  });

  test('runs the server as another user than root, as the process that receives the signals', () => {
    expect(stepOf('USER')?.getArgumentsContent()).toBe('node');
    expect(start).toEqual(['node', 'dist/main.js']);
    expect(stepOf('STOPSIGNAL')?.getArgumentsContent()).toBe('SIGTERM');
    expect(stepOf('ENTRYPOINT')).toBeUndefined();
  });

  test('has a Node that can run it', () => {
    const { engines } = JSON.parse(readFileSync('package.json', 'utf8'));
    const oldest = Number(engines.node.replace('>=', ''));
    for (const { image } of stages) expect(Number(/^node:(\d+)/.exec(image)?.[1])).toBeGreaterThanOrEqual(oldest);
  });

  test('sets only variables that there are', () => {
    expect(unknown(variablesOf(last))).toEqual([]);
    expect(() => readConfig({ ...variablesOf(last), ...SECRETS })).not.toThrow();
  });
});

if (inject('databaseKind') === 'embedded') {
  describe('its steps make a server', () => {
    let place: Place;
    let root: string;
    let directory: string;
    let server: ServerProcess;
    let environment: Record<string, string>;

    beforeAll(async () => {
      place = await createPlace({ used: true });
      root = mkdtempSync(join(tmpdir(), 'gatehouse-image-'));
      directory = runSteps(DOCKERFILE, {
        root,
        environment: { PATH: process.env['PATH'] ?? '', HOME: root },
        instead: {
          'npm ci --include=dev --no-audit --no-fund': (app) =>
            hardLinkPackages('node_modules', join(app, 'node_modules')),
          'install --directory --owner=node --group=node --mode=700 /data': () => {},
        },
      });
      environment = { ...variablesOf(last), ...SECRETS, ...place.environment, HOST: '127.0.0.1', PORT: '0' };
      server = await startProcess(environment, start.slice(1), directory);
    });
    afterAll(async () => {
      await server?.stop();
      await place?.remove();
      if (root) rmSync(root, { recursive: true, force: true });
    });

    test('without TypeScript, generators and another Node', () => {
      for (const name of ['typescript-compiler', 'prisma-cli', 'node', 'vitest', 'typescript', 'prisma']) {
        expect(existsSync(join(directory, 'node_modules', name)), name).toBe(false);
      }
      expect(readdirSync(join(directory, 'src')).toSorted()).toEqual(['app', 'generated']);
    });

    test('with at most 250 MB of packages', () => {
      const [kilobytes] = execFileSync('du', ['-sk', join(directory, 'node_modules')], { encoding: 'utf8' }).split(
        '\t',
      );
      expect(Number(kilobytes) / 1024).toBeLessThan(250);
    });

    test('that people log in to', async () => {
      const register = 'mutation ($me: UsersPermissionsRegisterInput!) { register(input: $me) { jwt } }';
      const me = { username: 'somebody', email: 'somebody@example.com', password: 'a password of somebody' };
      const { data } = await send(server.url, register, { variables: { me } });
      const login = `mutation { login(input: { identifier: "${me.email}", password: "${me.password}" }) { jwt } }`;
      expect((await send(server.url, login)).data.login.jwt).toMatch(/^ey/);
      const { data: mine } = await send(server.url, '{ me { username } }', { token: data.register.jwt });
      expect(mine.me.username).toBe(me.username);
    });

    test('that is healthy while it answers, and not when it is stopped', async () => {
      const check = wordsOf(stepOf('HEALTHCHECK')).slice(1);
      const { port } = new URL(server.url);
      expect((await runToEnd({ PORT: port }, check, directory)).code).toBe(0);
      expect(await server.stop('SIGTERM')).toEqual({ code: 0, signal: null });
      expect((await runToEnd({ PORT: port }, check, directory)).code).toBe(1);
    });

    test('with a command line', async () => {
      const { code, output } = await runToEnd(environment, ['dist/command-line/main.js', 'audit', 'verify'], directory);
      expect(output).toContain('as written');
      expect(code).toBe(0);
    });
  });
}

describe('compose.yaml', () => {
  const { services, volumes } = parse(readFileSync('deploy/compose.yaml', 'utf8'));

  test('has a database, a mail catcher, and the server with variables that there are', () => {
    expect(Object.keys(services)).toEqual(['gatehouse', 'postgres', 'mailpit']);
    const given = { POSTGRES_PASSWORD: 'a1b2c3', ...SECRETS } as Readonly<Record<string, string>>;
    const environment = Object.fromEntries(
      Object.entries<string>(services.gatehouse.environment).map(([name, value]) => [
        name,
        value.replaceAll(/\$\{(\w+):[?-][^}]*\}/g, (_, variable: string) => given[variable] ?? ''),
      ]),
    );
    expect(unknown(environment)).toEqual([]);
    const config = readConfig({ ...variablesOf(last), ...environment });
    expect(config).toMatchObject({ production: true, database: { kind: 'server' }, publicUrlIsSet: true });
    expect(new URL(environment['DATABASE_URL'] ?? '').hostname in services).toBe(true);
    expect(new URL(environment['SMTP_URL'] ?? '').hostname in services).toBe(true);
  });

  test('starts the server after the database, and gives it the time to stop', () => {
    const { gatehouse, postgres } = services;
    expect(existsSync(join('deploy', gatehouse.build.context, gatehouse.build.dockerfile))).toBe(true);
    expect(gatehouse.depends_on.postgres.condition).toBe('service_healthy');
    expect(postgres.healthcheck.test[1]).toBe('pg_isready');
    expect(gatehouse.stop_grace_period).toBe('30s');
    // Nothing is written but what lies in a volume.
    expect(gatehouse.read_only).toBe(true);
    expect(gatehouse.volumes).toEqual([`data:${variablesOf(last)['DATA_DIR']}`]);
    expect(Object.keys(volumes)).toEqual(['data', 'postgres']);
    for (const { ports = [] } of Object.values<{ ports?: string[] }>(services)) {
      for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:/);
    }
  });
});

describe('gatehouse.service', () => {
  const unit = sectionsOf(readFileSync('deploy/gatehouse.service', 'utf8'));
  const service = unit['Service'] ?? {};

  test('has the sections and directives of systemd', () => {
    expect(Object.keys(unit)).toEqual(['Unit', 'Service', 'Install']);
    expect(Object.keys(service).filter((name) => !DIRECTIVES.includes(name))).toEqual([]);
  });

  test('starts what is built, in production, and waits until it has stopped', () => {
    const [, ...words] = service['ExecStart']?.split(' ') ?? [];
    expect(words).toEqual(start.slice(1));
    const variables = Object.fromEntries((service['Environment'] ?? '').split(' ').map((pair) => pair.split('=')));
    expect(unknown(variables)).toEqual([]);
    expect(variables).toEqual({ NODE_ENV: 'production', DATA_DIR: `/var/lib/${service['StateDirectory']}` });
    expect(service).toMatchObject({ KillMode: 'mixed', KillSignal: 'SIGTERM', TimeoutStopSec: '30' });
  });

  test('lets it write only to its own directory, as nobody else', () => {
    expect(service).toMatchObject({ DynamicUser: 'yes', ProtectSystem: 'strict', ProtectHome: 'yes' });
    expect(service).toMatchObject({ NoNewPrivileges: 'yes', CapabilityBoundingSet: '' });
    // V8 would not start.
    expect(service).not.toHaveProperty('MemoryDenyWriteExecute');
  });
});

/** The directives that it uses, as systemd.service(5), systemd.exec(5) and systemd.kill(5) spell them. */
const DIRECTIVES = `
  ExecStart Restart RestartSec TimeoutStopSec KillMode KillSignal
  WorkingDirectory Environment EnvironmentFile DynamicUser StateDirectory StateDirectoryMode UMask
  CapabilityBoundingSet NoNewPrivileges LockPersonality PrivateDevices PrivateTmp ProtectClock ProtectControlGroups
  ProtectHome ProtectHostname ProtectKernelLogs ProtectKernelModules ProtectKernelTunables ProtectProc ProtectSystem
  RemoveIPC RestrictAddressFamilies RestrictNamespaces RestrictRealtime RestrictSUIDSGID SystemCallArchitectures
  SystemCallErrorNumber SystemCallFilter
`
  .trim()
  .split(/\s+/);

function sectionsOf(text: string): Record<string, Record<string, string>> {
  const sections: Record<string, Record<string, string>> = {};
  let section: Record<string, string> = {};
  for (const line of text.split('\n')) {
    if (/^\s*(#.*)?$/.test(line)) continue;
    const [, header, name, value] = /^(?:\[(\w+)\]|(\w+)=(.*))$/.exec(line) ?? [];
    if (header) {
      section = {};
      sections[header] = section;
    } else if (name && !(name in section)) section[name] = value ?? '';
    else throw new Error(`not a line of a unit: ${line}`);
  }
  return sections;
}
