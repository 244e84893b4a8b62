/** Roles and permissions as people review them: stable in its order, one line an action. */
export interface PermissionsFile {
  /** What the roles were when the file was written: of others nothing is applied. */
  readonly pulledFrom: string;
  readonly roles: readonly FileRole[];
}

export interface FileRole {
  readonly type: string;
  readonly name: string;
  readonly description: string | null;
  readonly actions: readonly string[];
}

/** The file is not to be understood; the message says where. */
export class PermissionsFileError extends Error {}
