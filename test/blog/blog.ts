/** The app that tests and bench work with. */
export { app as blog } from '../../src/app/app.ts';
