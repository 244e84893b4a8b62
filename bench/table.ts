import { ratio, table, whole } from './markdown.ts';
import type { ServerName } from './servers.ts';
import { stepTables } from './steps-table.ts';
import type { Row, Summary } from './summary.ts';

/** A run as Markdown tables: Gatehouse, its floors, the memory of each, and one question step by step. */
export function asTable({ database, node, connections, rounds, seconds, rows, memory, stepByStep }: Summary): string {
  return `
${database}, Node ${node}, ${connections} connections, medians of ${rounds} rounds of about ${seconds} s

${table(
  [
    'Gatehouse',
    'req/s',
    '÷ open',
    '÷ Yoga',
    '÷ node:http',
    'p50 ms',
    'p99 ms',
    'SQL',
    'CPU µs',
    'CPU ÷ open',
    'CPU ÷ Yoga',
    'busy',
  ],
  rows.map(({ question, statements, servers: { gatehouse }, against: { open, yoga, http } }) => [
    question,
    whole(gatehouse.requestsPerSecond),
    ratio(open.speed),
    ratio(yoga.speed),
    ratio(http.speed),
    gatehouse.p50.toFixed(1),
    gatehouse.p99.toFixed(1),
    String(statements),
    whole(gatehouse.cpu),
    ratio(open.cpu),
    ratio(yoga.cpu),
    gatehouse.busy.toFixed(2),
  ]),
)}

${table(
  ['Floors', 'Yoga req/s', 'p99 ms', 'CPU µs', 'busy', 'node:http req/s', 'p99 ms', 'CPU µs', 'busy'],
  rows.map((row) => [row.question, ...floor(row, 'yoga'), ...floor(row, 'http')]),
)}

${table(
  ['Memory, MB', 'idle, warm', 'at the end'],
  SERVERS.map(([server, name]) => [name, megabytes(memory[server].idle), megabytes(memory[server].end)]),
)}

${stepTables(stepByStep)}
`;
}

const SERVERS: readonly (readonly [ServerName, string])[] = [
  ['gatehouse', 'Gatehouse'],
  ['open', 'Gatehouse, authorization taken out'],
  ['yoga', 'Yoga'],
  ['http', 'node:http'],
];

function floor({ servers }: Row, server: ServerName): string[] {
  const { requestsPerSecond, p99, cpu, busy } = servers[server];
  return [whole(requestsPerSecond), p99.toFixed(1), whole(cpu), busy.toFixed(2)];
}

function megabytes(bytes: number): string {
  return whole(bytes / 1_000_000);
}
