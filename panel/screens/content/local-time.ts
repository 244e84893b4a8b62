/** A time of the server as a field for local times takes it: `2026-11-22T10:30`, with seconds only where there are some. */
export function toLocal(iso: string): string {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return '';
  const pad = (number: number, length = 2) => String(number).padStart(length, '0');
  const day = `${pad(date.getFullYear(), 4)}-${pad(date.getMonth() + 1)}-${pad(date.getDate())}`;
  const [seconds, rest] = [date.getSeconds(), date.getMilliseconds()];
  const exact = seconds + rest > 0 ? `:${pad(seconds)}${rest > 0 ? `.${pad(rest, 3)}` : ''}` : '';
  return `${day}T${pad(date.getHours())}:${pad(date.getMinutes())}${exact}`;
}

/** The time in UTC that was entered in the reader's zone; undefined where it is none. */
export function fromLocal(local: string): string | undefined {
  const date = new Date(local);
  return local === '' || Number.isNaN(date.getTime()) ? undefined : date.toISOString();
}
