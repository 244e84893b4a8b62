// npm run build
// Checks the types and writes src/ as JavaScript to dist/.
import { build } from './built.mjs';

build({ check: true });
