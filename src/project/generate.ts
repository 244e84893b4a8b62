// Plain JavaScript, since it also runs before there is a client, a build or a Node.js that reads TypeScript.
export { generate } from '../../scripts/generated.mjs';
