import { ratio, table, whole } from './markdown.ts';
import type { Step } from './steps.ts';
import type { Share, StepByStep } from './steps-summary.ts';

/** One question as two Markdown tables: each step, and what Gatehouse's time is spent on. */
export function stepTables({ question, rows, spent }: StepByStep): string {
  return `${table(
    [
      upperFirst(question),
      'req/s',
      'Gatehouse ÷ it',
      'p50 ms',
      'p99 ms',
      'SQL',
      'CPU µs',
      'CPU: Gatehouse ÷ it',
      'busy',
    ],
    rows.map(({ step, statements, figures, against }) => [
      NAMES[step],
      whole(figures.requestsPerSecond),
      ratio(against.speed),
      figures.p50.toFixed(1),
      figures.p99.toFixed(1),
      String(statements),
      whole(figures.cpu),
      ratio(against.cpu),
      figures.busy.toFixed(2),
    ]),
  )}

${table(
  ['Where Gatehouse spends its time', 'µs', 'share', 'CPU µs', 'share'],
  spent.map(({ step, time, cpu }) => [SPENT_ON[step], ...cells(time), ...cells(cpu)]),
)}`;
}

const NAMES: Readonly<Record<Step, string>> = {
  http: 'node:http, response in memory',
  byHand: 'SQL by hand',
  gatehouses: "Gatehouse's SQL by hand",
  yoga: "Yoga, Gatehouse's SQL by hand",
  open: 'Gatehouse, authorization taken out',
  gatehouse: 'Gatehouse',
};

const SPENT_ON: Readonly<Record<Step, string>> = {
  http: 'HTTP',
  byHand: 'the database: driver, SQL, rows',
  gatehouses: 'the SQL that Gatehouse writes instead',
  yoga: 'Yoga and graphql-js',
  open: 'Gatehouse: limits, Pothos, writing the SQL',
  gatehouse: 'viewer and permissions',
};

function cells({ microseconds, share }: Share): string[] {
  return [whole(microseconds), `${Math.round(share * 100)}%`];
}

function upperFirst(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
