import type { Words } from '../words.ts';
import { common } from './common.ts';
import { entrance } from './entrance.ts';
import { failures } from './failures.ts';
import { shell } from './shell.ts';

/** All words of the panel in German. */
export const de: Words = { common, entrance, failures, shell };
