// Puts the Prisma schema together that everything is generated from: the files of prisma/schema/, where the fields of the
// model UserFields, which is yours, become fields of the model User, which is Gatehouse's. Functions from text to text.

/** Where the schema is put together. The client is generated from it, and migrations are written from it. */
export const COMPOSED = 'src/generated/schema';

const OPENING = (name) => new RegExp(String.raw`^[ \t]*model[ \t]+${name}[ \t]*\{[ \t]*\r?\n`, 'm');
const CLOSING = /^[ \t]*\}[ \t]*\r?$/m;

/**
 * The files of a schema, each as its name and its text, with the fields of `UserFields` in `User`.
 *
 * @throws Error for a field that Gatehouse's model has itself.
 */
export function composeSchema(files) {
  const fragments = files.filter(({ text }) => OPENING('UserFields').test(text));
  const [fragment] = fragments;
  if (!fragment) return files;
  const model = modelIn(fragment.text, 'UserFields');
  const without = `${model.before}${model.after.replace(/^\r?\n/, '')}`;
  if (fragments.length > 1 || OPENING('UserFields').test(without)) {
    throw new Error(`${fragments.map(({ name }) => name).join(', ')}: there can be one model UserFields`);
  }
  const rest = files.map((file) => (file === fragment ? { ...file, text: without } : file));
  return rest.map((file) =>
    OPENING('User').test(file.text) ? { ...file, text: withFields(file.text, model.body, fragment.name) } : file,
  );
}

/** The files of a schema, with the places that generators write to seen from the folder COMPOSED. */
export function composedBeside(files) {
  return files.map(({ name, text }) => ({ name, text: text.replaceAll('"../../src/generated/', '"../') }));
}

function withFields(text, body, from) {
  const { before, opening, body: own, after } = modelIn(text, 'User');
  const names = fieldsIn(own);
  for (const name of fieldsIn(body)) {
    if (names.includes(name))
      throw new Error(`${from}: ${name} is a field of Gatehouse's own on User. Choose another name`);
  }
  const lines = body.split(/\r?\n/).filter((line) => line.trim() !== '');
  const fields = lines.filter((line) => !/^\s*@@/.test(line));
  // @@ignore makes a model that is no table valid for editors.
  const indexes = lines.filter((line) => /^\s*@@/.test(line) && !/^\s*@@ignore\b/.test(line));
  const [ownFields, ownIndexes] = splitAt(own, own.search(/^[ \t]*@@/m));
  return `${before}${opening}${ownFields}${asLines(fields)}${ownIndexes}${asLines(indexes)}${after}`;
}

/** A model, and what is before and after it in a file. */
function modelIn(text, name) {
  const found = OPENING(name).exec(text);
  const start = found.index + found[0].length;
  const length = text.slice(start).search(CLOSING);
  if (length < 0) throw new Error(`the model ${name} has no end`);
  const after = text.slice(start + length);
  const isFragment = name === 'UserFields';
  return {
    before: text.slice(0, found.index),
    opening: found[0],
    body: text.slice(start, start + length),
    after: isFragment ? after.replace(CLOSING, '') : after,
  };
}

function fieldsIn(body) {
  return [...body.matchAll(/^[ \t]*([A-Za-z]\w*)[ \t]+\S/gm)].map(([, name]) => name);
}

function splitAt(text, index) {
  return index < 0 ? [text, ''] : [text.slice(0, index), text.slice(index)];
}

function asLines(lines) {
  return lines.map((line) => `${line}\n`).join('');
}
