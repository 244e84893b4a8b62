import { StartRefused } from '../../common/start-refused.ts';

/** A content type cannot be served. One line for each problem: `src/app/content/post.ts: what is wrong and what to do`. */
export class ContentTypeError extends StartRefused {}
