/** Time zones: from a wall clock to UTC. */

const DAY = 86_400_000;
/** Shorter than any summer time ever was (Morocco pauses it for a month), so a block holds one change at most. */
const BLOCK = 7 * DAY;
/** Times beyond this are left alone; Intl refuses them. */
const LIMIT = 8e15;
/** Blocks kept: seventy years of logs. Garbled years must not fill the memory. */
const CACHE_SIZE = 4096;

/**
 * Tells whether a text names a time zone: an IANA name, UTC, or a fixed offset such as +02:00.
 */
export function isTimeZone(zone: string): boolean {
  if (fixedOffset(zone) !== undefined) return true;
  try {
    return new Intl.DateTimeFormat("en-US", { timeZone: zone }).resolvedOptions().timeZone !== "";
  } catch {
    return false;
  }
}

/**
 * Makes the function from local wall-clock milliseconds to UTC milliseconds. A time that happens twice (the
 * clock went back) is the first one; one that never happens (the clock went forward) is read with the offset
 * before the change.
 * Errors: RangeError for a zone that `isTimeZone` refuses.
 */
export function localToUtc(zone: string): (localMs: number) => number {
  const fixed = fixedOffset(zone);
  if (fixed !== undefined) return (localMs) => localMs - fixed;
  const offsetAt = changesOf(zone);
  const steady = new Map<number, number | null>();
  return (localMs) => {
    if (!(Math.abs(localMs) < LIMIT)) return localMs;
    const block = Math.floor(localMs / BLOCK);
    let offset = steady.get(block);
    if (offset === undefined) {
      if (steady.size >= CACHE_SIZE) steady.clear();
      offset = steadyOffset(offsetAt, block);
      steady.set(block, offset);
    }
    return offset === null ? nearChange(offsetAt, localMs) : localMs - offset;
  };
}

/**
 * Makes the function from UTC milliseconds to what a clock in the zone shows, as 2026-03-01T09:00:00.
 * Errors: RangeError for a zone that `isTimeZone` refuses.
 */
export function clockText(zone: string): (utcMs: number) => string {
  const fixed = fixedOffset(zone);
  const offsetAt = fixed === undefined ? changesOf(zone) : () => fixed;
  return (utcMs) => new Date(utcMs + offsetAt(utcMs)).toISOString().slice(0, 19);
}

type OffsetAt = (utcMs: number) => number;

/** The one offset of a block of local time and a day on each side; null where a change is near. */
function steadyOffset(offsetAt: OffsetAt, block: number): number | null {
  const start = block * BLOCK - DAY;
  const offset = offsetAt(start);
  const isSteady = [4.5, 9].every((days) => offsetAt(start + days * DAY) === offset);
  return isSteady ? offset : null;
}

/** No zone is more than a day away from UTC, so a day back and a day on are before and after the change. */
function nearChange(offsetAt: OffsetAt, localMs: number): number {
  const before = localMs - offsetAt(localMs - DAY);
  const after = localMs - offsetAt(localMs + DAY);
  const isBefore = localMs - offsetAt(before) === before;
  return isBefore || localMs - offsetAt(after) !== after ? before : after;
}

interface Block {
  readonly before: number;
  /** When the offset changes, exact to the millisecond. */
  readonly change: number;
  readonly after: number;
}

/** The offset of a zone at a point in UTC. Blocks are looked up once and their change found by halving. */
function changesOf(zone: string): OffsetAt {
  const clock = wallClock(zone);
  const blocks = new Map<number, Block>();
  return (utcMs) => {
    const index = Math.floor(utcMs / BLOCK);
    let block = blocks.get(index);
    if (block === undefined) {
      if (blocks.size >= CACHE_SIZE) blocks.clear();
      block = findChange(clock, index * BLOCK);
      blocks.set(index, block);
    }
    return utcMs < block.change ? block.before : block.after;
  };
}

function findChange(clock: OffsetAt, start: number): Block {
  let low = start;
  let high = start + BLOCK;
  const before = clock(low);
  const after = clock(high);
  if (before === after) return { before, change: high, after };
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (clock(middle) === before) low = middle;
    else high = middle;
  }
  return { before, change: high, after };
}

/** The offset by Intl: right, and slow. */
function wallClock(zone: string): OffsetAt {
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone: zone,
    hourCycle: "h23",
    era: "short",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  });
  return (utcMs) => {
    const second = Math.floor(utcMs / 1000) * 1000;
    const parts = new Map(format.formatToParts(second).map(({ type, value }) => [type, value]));
    const number = (type: Intl.DateTimeFormatPartTypes): number => Number(parts.get(type));
    const year = parts.get("era") === "BC" ? 1 - number("year") : number("year");
    const wall = new Date(0);
    wall.setUTCFullYear(year, number("month") - 1, number("day"));
    wall.setUTCHours(number("hour"), number("minute"), number("second"));
    return wall.getTime() - second;
  };
}

/** Milliseconds of UTC, Z, +02:00, -0330, +2. */
function fixedOffset(zone: string): number | undefined {
  if (/^(?:UTC|Z)$/i.test(zone)) return 0;
  const match = /^([+-])(\d{1,2})(?::?([0-5]\d))?$/.exec(zone);
  if (match === null || Number(match[2]) > 14) return undefined;
  const minutes = Number(match[2]) * 60 + Number(match[3] ?? 0);
  return (match[1] === "-" ? -minutes : minutes) * 60_000;
}
