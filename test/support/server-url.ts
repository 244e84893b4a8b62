/** The URL of the PostgreSQL server for tests, with another database where one is named. */
export function testServerUrl(database?: string): string {
  const url = new URL(process.env['TEST_DATABASE_URL'] ?? '');
  if (database) url.pathname = `/${database}`;
  return url.href;
}
