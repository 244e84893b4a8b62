// Says of each model of a Prisma schema which schema of PostgreSQL it is in. The files of prisma/schema/ stay as their authors read
// them, and as Prisma's tools in an editor check them.

/** The schemas as the generated client names them. Where a database has others, src/database/schemas.ts says so. */
const OWN = 'gatehouse';
const CONTENT = 'public';

/** The same files, where every model, view and enum is in a schema: those of gatehouse.prisma in Gatehouse's own. */
export function placeInSchemas(files) {
  const schemas = [...new Set([OWN, CONTENT, ...files.flatMap(({ text }) => schemasIn(text))])];
  const names = schemas.map((name) => JSON.stringify(name)).join(', ');
  return files.map(({ name, text }) => ({
    name,
    text: inSchema(text, name === 'gatehouse.prisma' ? OWN : CONTENT).replace(
      /^datasource \w+ \{\n/m,
      `$&  schemas  = [${names}]\n`,
    ),
  }));
}

/** The schemas that models name themselves. */
function schemasIn(text) {
  return [...text.matchAll(/^\s*@@schema\("([^"]+)"\)/gm)].map(([, name]) => name);
}

/** Those that name a schema themselves stay there. */
function inSchema(text, schema) {
  return text.replaceAll(/^(model|view|enum) (\w+) \{\r?\n([\s\S]*?)^\}/gm, (block, kind, name, body) =>
    /^\s*@@schema\(/m.test(body) ? block : `${kind} ${name} {\n${body}\n  @@schema("${schema}")\n}`,
  );
}
