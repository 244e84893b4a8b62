// What a thread of password-threads.ts runs. No TypeScript: each thread would load Node's compiler for itself.
import { keepCompiled } from '../common/compile-cache.mjs';

keepCompiled();
const { default: work } = await import('./password-work.ts');
export default work;
