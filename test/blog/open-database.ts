import {
  type Database,
  type DatabaseLocation,
  type OpenOptions,
  openDatabase as open,
} from '../../src/database/open.ts';
import { models } from '../../src/generated/models.ts';

/** Opens a database with the models that tests and bench work with. */
export function openDatabase(location: DatabaseLocation, options: OpenOptions = {}): Promise<Database> {
  return open(location, models, options);
}
