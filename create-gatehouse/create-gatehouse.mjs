#!/usr/bin/env node
// npm create gatehouse
// Makes a folder with an application of its own, which starts with one command.
import { spawnSync } from 'node:child_process';
import { createInterface } from 'node:readline/promises';
import { parseArgs } from 'node:util';
import { EXAMPLES, writeApplication } from './application.mjs';

const HELP = `npm create gatehouse [folder] [-- options]

Makes a folder with an application of its own.

Options:
  --example <blog|empty>  the content to begin with; default: blog
  --database <url>        a PostgreSQL server; default: an embedded database in the folder
  --adopt                 make the tables of that database content types. They are only read
  --yes                   ask nothing
  --no-install            install no packages
  --gatehouse <package>   the version of Gatehouse, or the file of a package
`;

const options = {
  example: { type: 'string' },
  database: { type: 'string' },
  adopt: { type: 'boolean' },
  yes: { type: 'boolean', short: 'y' },
  install: { type: 'boolean' },
  gatehouse: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
};

function read() {
  try {
    return parseArgs({ options, allowPositionals: true, allowNegative: true });
  } catch (error) {
    return fail(`${error.message}\n\n${HELP}`);
  }
}

async function main() {
  const { values, positionals } = read();
  if (values.help) return void process.stdout.write(HELP);
  if (positionals.length > 1) fail(`Name one folder, not ${positionals.length}.\n\n${HELP}`);
  const wanted = await complete(values, positionals[0]);
  let directory;
  try {
    directory = writeApplication(wanted);
  } catch (error) {
    fail(error.message);
  }
  const steps = [INSTALL, ...(wanted.adopt ? ADOPT : [])];
  if (values.install !== false) {
    console.log('Installing the packages (once, about half a minute) …');
    for (const words of steps.splice(0)) run('npm', words, directory);
  }
  beginHistory(directory);
  const left = [`cd ${wanted.folder}`, ...steps.map((words) => ['npm', ...words].join(' ')), 'npm start'];
  console.log(`\n${wanted.folder} is ready. To start it:\n\n${left.map((line) => `  ${line}`).join('\n')}\n`);
}

const INSTALL = ['install', '--no-audit', '--no-fund', '--loglevel=error'];
const ADOPT = [
  ['run', '--silent', 'gatehouse', '--', 'adopt', '--replace'],
  ['run', '--silent', 'migrate:new', '--', 'adopted', '--existing'],
];

/** A repository of Git, where there is Git and the folder is in none. */
function beginHistory(directory) {
  const git = (...words) => spawnSync('git', words, { cwd: directory, stdio: 'ignore' }).status === 0;
  if (!git('rev-parse', '--is-inside-work-tree')) git('init', '--quiet');
}

/** What was not said is asked, where there is somebody to ask. */
async function complete({ example, database, adopt = false, yes = false, gatehouse }, folder) {
  const asks = process.stdin.isTTY && process.stdout.isTTY && !yes;
  const terminal = asks ? createInterface({ input: process.stdin, output: process.stdout }) : undefined;
  const ask = async (question, otherwise) =>
    (await terminal?.question(`${question} (${otherwise}) `))?.trim() || otherwise;
  const wanted = {
    folder: folder ?? (await ask('The folder of the application', 'gatehouse-app')),
    example: adopt ? 'empty' : (example ?? (await ask('The content to begin with: blog or empty', 'blog'))),
    database: database ?? (asks ? await ask('The URL of a PostgreSQL server', 'embedded') : 'embedded'),
    adopt,
    gatehouse,
  };
  terminal?.close();
  if (!EXAMPLES.includes(wanted.example)) fail(`--example is ${EXAMPLES.join(' or ')}.`);
  if (wanted.database === 'embedded') wanted.database = undefined;
  else if (!/^postgres(?:ql)?:\/\/[^\s'"]+$/.test(wanted.database))
    fail('--database is a URL that begins with postgresql://.');
  if (adopt && wanted.database === undefined) fail('--adopt needs the database: --database postgresql://…');
  if (adopt && example === 'blog') fail('--adopt makes the content types of its tables: without --example.');
  return wanted;
}

function run(command, words, cwd) {
  const { status } = spawnSync(command, words, { cwd, stdio: 'inherit', shell: process.platform === 'win32' });
  if (status !== 0)
    fail(`\n${[command, ...words].join(' ')} failed in ${cwd}. The files are there: mend it, and run it again.`);
}

function fail(message) {
  console.error(message);
  process.exit(1);
}

await main();
