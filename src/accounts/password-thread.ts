// What a thread of password-threads.ts runs.
import { keepCompiled } from '../common/compile-cache.ts';

keepCompiled();
const { default: work } = await import('./password-work.ts');
export default work;
