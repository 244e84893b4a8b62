import { audit } from './audit.ts';
import { common } from './common.ts';
import { content } from './content.ts';
import { entrance } from './entrance.ts';
import { failures } from './failures.ts';
import { roles } from './roles.ts';
import { rules } from './rules.ts';
import { shell } from './shell.ts';
import { tokens } from './tokens.ts';

/** All words of the panel, by the part that says them. */
export const en = {
  audit,
  common,
  content,
  entrance,
  failures,
  roles,
  rules,
  shell,
  tokens,
};
