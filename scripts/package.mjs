// npm pack
// Writes what the package has beside dist/: the types, as an application sees them. They are those of Gatehouse's own models, which are
// generated for this, and of none of src/app/; an application adds its models by `Register`.
import { cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build, isBuilt } from './built.mjs';
import { filesIn } from './digest.mjs';
import { generate } from './generated.mjs';
import { nodeToRun, run } from './run.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
process.chdir(root);
if (!isBuilt()) build({ check: false });

const STAGE = 'node_modules/.cache/gatehouse-package';
rmSync(STAGE, { recursive: true, force: true });
mkdirSync(`${STAGE}/prisma/schema`, { recursive: true });
cpSync('src', `${STAGE}/src`, {
  recursive: true,
  filter: (file) => !['src/app', 'src/generated'].includes(file.replaceAll('\\', '/')),
});
// The package as it is seen from there.
cpSync('package.json', `${STAGE}/package.json`);
cpSync('scripts', `${STAGE}/scripts`, { recursive: true });
writeFileSync(
  `${STAGE}/tsconfig.json`,
  JSON.stringify({
    extends: '../../../tsconfig.build.json',
    compilerOptions: { declaration: true, emitDeclarationOnly: true, rootDir: 'src', outDir: 'dist' },
    include: ['src'],
    exclude: [],
  }),
);
process.chdir(STAGE);
generate();
process.chdir(root);
run(nodeToRun(), ['node_modules/typescript-compiler/bin/tsc', '--project', STAGE]);
for (const file of filesIn([`${STAGE}/dist`])) {
  cpSync(file, file.slice(STAGE.length + 1), { recursive: true });
}
rmSync(STAGE, { recursive: true });
