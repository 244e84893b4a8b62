import { type Figures, figuresOf, type Ratio, ratioOf } from './figures.ts';
import { CONNECTIONS } from './load.ts';
import type { Measured, Memory } from './measure.ts';
import type { ServerName } from './servers.ts';
import type { Step } from './steps.ts';
import { type StepByStep, summarizeSteps } from './steps-summary.ts';

export interface Row {
  readonly question: string;
  readonly statements: number;
  readonly servers: Readonly<Record<ServerName, Figures>>;
  readonly against: Readonly<Record<Exclude<ServerName, 'gatehouse'>, Ratio>>;
}

export interface Summary {
  readonly database: string;
  readonly node: string;
  readonly connections: number;
  readonly rounds: number;
  readonly seconds: number;
  readonly rows: readonly Row[];
  /** Bytes. */
  readonly memory: Readonly<Record<ServerName, Memory>>;
  readonly stepByStep: StepByStep;
}

/** The figures of a run. */
export function summarize(
  { rounds: measured, memory }: Measured<ServerName>,
  steps: Measured<Step>,
  statements: ReadonlyMap<string, number>,
  { database, rounds, seconds }: Pick<Summary, 'database' | 'rounds' | 'seconds'>,
): Summary {
  const rows = [...measured].map(([question, samples]): Row => {
    const of = (server: ServerName) => figuresOf(samples.map((round) => round[server]));
    const against = (floor: ServerName) => ratioOf(samples, 'gatehouse', floor);
    return {
      question,
      statements: statements.get(question) ?? Number.NaN,
      servers: { gatehouse: of('gatehouse'), open: of('open'), yoga: of('yoga'), http: of('http') },
      against: { open: against('open'), yoga: against('yoga'), http: against('http') },
    };
  });
  const stepByStep = summarizeSteps(steps, statements);
  return { database, node: process.version, connections: CONNECTIONS, rounds, seconds, rows, memory, stepByStep };
}
