import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { type Copy, DockerfileParser, type Env, type From, type Instruction } from 'dockerfile-ast';

/** One image that a Dockerfile describes: the last is what is kept. */
export interface Stage {
  readonly name: string;
  readonly image: string;
  readonly steps: readonly Instruction[];
}

export function stagesOf(file: string): Stage[] {
  const stages: (Stage & { readonly steps: Instruction[] })[] = [];
  for (const step of DockerfileParser.parse(readFileSync(file, 'utf8')).getInstructions()) {
    if (step.getKeyword() === 'FROM') {
      const from = step as From; // which the keyword says, as below
      stages.push({ name: from.getBuildStage() ?? '', image: from.getImage() ?? '', steps: [] });
    } else stages.at(-1)?.steps.push(step);
  }
  return stages;
}

/** The words of a step that is, or ends with, a list in brackets, such as `CMD ["node", "dist/main.js"]`. */
export function wordsOf(step: Instruction | undefined): string[] {
  return JSON.parse(/\[.*\]$/.exec(step?.getArgumentsContent() ?? '')?.[0] ?? '[]');
}

/** What `ENV` sets in a stage. */
export function variablesOf({ steps }: Stage): Record<string, string> {
  const properties = steps
    .filter((step) => step.getKeyword() === 'ENV')
    .flatMap((step) => (step as Env).getProperties());
  return Object.fromEntries(properties.map((property) => [property.getName(), property.getValue() ?? '']));
}

/** The files that a `.dockerignore` of plain names leaves out. */
function ignoredBy(file: string): string[] {
  return readFileSync(file, 'utf8').trim().split('\n');
}

export interface Build {
  /** The folder that stands for Docker's. Each stage is a folder in it. */
  readonly root: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Instead of a `RUN` that needs the network or another user. */
  readonly instead: Readonly<Record<string, (directory: string) => void>>;
}

/** Runs the `COPY` and `RUN` of a Dockerfile for this project, and returns the folder in which its last stage works. */
export function runSteps(dockerfile: string, { root, environment, instead }: Build): string {
  const context = process.cwd();
  const ignored = ignoredBy(`${dockerfile}.dockerignore`).map((name) => join(context, name));
  const inStage = (stage: string, path: string) => join(root, stage, path);
  let directory = '';
  for (const stage of stagesOf(dockerfile)) {
    const name = stage.name || 'last';
    for (const step of stage.steps) {
      const words = step.getArguments().map((word) => word.getValue());
      if (step.getKeyword() === 'WORKDIR') {
        directory = inStage(name, words[0] ?? '');
        mkdirSync(directory, { recursive: true });
      } else if (step.getKeyword() === 'COPY') {
        const from = (step as Copy).getFromFlag()?.getValue();
        const to = words.at(-1) ?? '';
        for (const path of words.slice(0, -1)) {
          const source = from ? inStage(from, path) : resolve(context, path);
          const target =
            to.endsWith('/') && path !== '.' ? join(directory, to, path.split('/').at(-1) ?? '') : join(directory, to);
          copy(source, target, ignored);
        }
      } else if (step.getKeyword() === 'RUN') {
        const command = step.getRawArgumentsContent() ?? '';
        if (instead[command]) instead[command](directory);
        else execFileSync('sh', ['-c', command], { cwd: directory, env: environment, stdio: 'pipe' });
      }
    }
  }
  return directory;
}

function copy(from: string, to: string, ignored: readonly string[]): void {
  mkdirSync(dirname(to), { recursive: true });
  const isTaken = (file: string) => !ignored.some((path) => !relative(path, file).startsWith('..'));
  cpSync(from, to, { recursive: true, verbatimSymlinks: true, filter: isTaken });
}
