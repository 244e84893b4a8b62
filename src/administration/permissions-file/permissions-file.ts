import type { Permission } from '../../authorization/grants.ts';

/** Roles and permissions as people review them: stable in its order, one line an action. The grants of a restricted one are on its line, too. */
export interface PermissionsFile {
  /** What the roles were when the file was written: of others nothing is applied. */
  readonly pulledFrom: string;
  readonly roles: readonly FileRole[];
}

export interface FileRole {
  readonly type: string;
  readonly name: string;
  readonly description: string | null;
  /** In the alphabetical order of their actions. */
  readonly permissions: readonly Permission[];
  /** The types of the roles that it includes, in alphabetical order. */
  readonly includes: readonly string[];
}

/** The file is not to be understood; the message says where. */
export class PermissionsFileError extends Error {}
