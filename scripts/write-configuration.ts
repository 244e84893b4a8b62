// npm run docs:configuration
// Writes the table of variables in docs/configuration.md, and .env.example, from src/config/variables.
import { readFileSync, writeFileSync } from 'node:fs';
import { environmentExample, withTableOfVariables } from './configuration-documents.ts';

const PAGE = 'docs/configuration.md';

writeFileSync(PAGE, withTableOfVariables(readFileSync(PAGE, 'utf8')));
writeFileSync('.env.example', environmentExample());
