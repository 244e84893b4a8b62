import type { ServerName } from './servers.ts';
import type { Row, Summary } from './summary.ts';

/** A run as three Markdown tables: Gatehouse, its floors, the memory of each. */
export function asTable({ database, node, connections, rounds, seconds, rows, memory }: Summary): string {
  return `
${database}, Node ${node}, ${connections} connections, medians of ${rounds} rounds of about ${seconds} s

${table(
  ['Gatehouse', 'req/s', '÷ Yoga', '÷ node:http', 'p50 ms', 'p99 ms', 'SQL', 'CPU µs', 'CPU ÷ Yoga', 'busy'],
  rows.map(({ question, statements, servers: { gatehouse }, against: { yoga, http } }) => [
    question,
    whole(gatehouse.requestsPerSecond),
    ratio(yoga.speed),
    ratio(http.speed),
    gatehouse.p50.toFixed(1),
    gatehouse.p99.toFixed(1),
    String(statements),
    whole(gatehouse.cpu),
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
`;
}

const SERVERS: readonly (readonly [ServerName, string])[] = [
  ['gatehouse', 'Gatehouse'],
  ['yoga', 'Yoga'],
  ['http', 'node:http'],
];

function floor({ servers }: Row, server: ServerName): string[] {
  const { requestsPerSecond, p99, cpu, busy } = servers[server];
  return [whole(requestsPerSecond), p99.toFixed(1), whole(cpu), busy.toFixed(2)];
}

function whole(value: number): string {
  return Math.round(value).toLocaleString('en');
}

/** Two digits that count: 0.12, 0.0034. */
function ratio(value: number): string {
  return value >= 10 ? whole(value) : String(Number(value.toPrecision(2)));
}

function megabytes(bytes: number): string {
  return whole(bytes / 1_000_000);
}

/** Names to the left, numbers to the right. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, column) =>
    Math.max(...[title, ...rows.map((row) => row[column] ?? '')].map(({ length }) => length)),
  );
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0))).join(' | ')} |`;
  const rule = `|${widths.map((width, column) => (column === 0 ? '-'.repeat(width + 2) : `${'-'.repeat(width + 1)}:`)).join('|')}|`;
  return [line(head), rule, ...rows.map(line)].join('\n');
}
