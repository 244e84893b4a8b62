// What the tests of an application import from 'gatehouse/testing'.
export type { Answer, AskOptions } from './answer.ts';
export type { CapturedMail } from './captured-mails.ts';
export { NotForProduction } from './not-in-production.ts';
export type { ApiTokenWanted, Person, PersonWanted } from './people.ts';
export { startTestServer, type TestServerOptions } from './start-test-server.ts';
export type { TestServer } from './test-server.ts';
