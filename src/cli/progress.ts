/** One line on the terminal that says how far reading has come; it is gone before anything else is written. */

/** Nothing is shown before a run has taken so long. Units: milliseconds. */
const QUIET_START = 1000;
/** Four times a second at most. Units: milliseconds. */
const INTERVAL = 250;
const DEFAULT_COLUMNS = 80;
const ERASE_LINE = "\r\x1b[2K";

export interface ProgressOptions {
  readonly stream: { write(text: string): unknown; readonly columns?: number | undefined };
  /** Whether to show anything: the stream is a terminal, and the user did not ask for quiet. */
  readonly isTty: boolean;
  /** Units: bytes as stored; null where that is not known. */
  readonly totalBytes: number | null;
  /** Units: milliseconds. */
  readonly now: () => number;
}

export interface Progress {
  /** Units: bytes as stored, of all inputs so far. */
  update(bytesDone: number, path: string): void;
  /** Takes the line away; to be called before anything else is written to the terminal. */
  clear(): void;
}

export function createProgress({ stream, isTty, totalBytes, now }: ProgressOptions): Progress {
  if (!isTty) return { update: () => {}, clear: () => {} };
  const start = now();
  let next = start + QUIET_START;
  let shown = false;
  return {
    update(bytesDone, path) {
      const time = now();
      if (time < next) return;
      next = time + INTERVAL;
      const line = progressLine(bytesDone, totalBytes, (time - start) / 1000, path);
      stream.write(ERASE_LINE + line.slice(0, (stream.columns ?? DEFAULT_COLUMNS) - 1));
      shown = true;
    },
    clear() {
      if (shown) stream.write(ERASE_LINE);
      shown = false;
    },
  };
}

function progressLine(done: number, total: number | null, seconds: number, path: string): string {
  const rate = done / seconds;
  const parts = [total === null ? formatBytes(done) : `${formatBytes(done)} of ${formatBytes(total)}`];
  if (total !== null && total > 0) parts.push(`${Math.min(100, Math.floor((done / total) * 100))} %`);
  parts.push(`${formatBytes(rate)}/s`);
  if (total !== null && rate > 0) parts.push(`${formatSeconds(Math.max(0, total - done) / rate)} left`);
  // File names come from anywhere: no control characters reach the terminal.
  parts.push(path.replace(/\p{Cc}/gu, "?"));
  return parts.join("  ");
}

function formatBytes(bytes: number): string {
  const units = ["B", "kB", "MB", "GB", "TB"];
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${value.toFixed(unit === 0 || value >= 100 ? 0 : 1)} ${units[unit]}`;
}

function formatSeconds(seconds: number): string {
  const whole = Math.ceil(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}
