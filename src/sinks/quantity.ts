/** Shares, durations and times for people. Never depends on the machine's locale or zone. */

/** A share in whole per cent; never 0 % or 100 % unless it is exactly that. */
export function formatShare(part: number, whole: number): string {
  if (whole === 0) return "none";
  if (part === 0 || part === whole) return `${part === 0 ? 0 : 100} %`;
  const percent = Math.round((part / whole) * 100);
  if (percent === 0) return "<1 %";
  return percent === 100 ? ">99 %" : `${percent} %`;
}

const STEPS = [
  ["d", 86_400_000],
  ["h", 3_600_000],
  ["min", 60_000],
  ["s", 1000],
] as const;

/** A duration in its two largest units: 3 d 4 h, 2 min 5 s, 250 ms. */
export function formatDuration(ms: number): string {
  const at = STEPS.findIndex(([, size]) => ms >= size);
  if (at < 0) return `${Math.round(ms)} ms`;
  const parts: string[] = [];
  let rest = ms;
  for (const [unit, size] of STEPS.slice(at, at + 2)) {
    const whole = Math.floor(rest / size);
    rest -= whole * size;
    if (whole > 0) parts.push(`${whole} ${unit}`);
  }
  return parts.join(" ");
}

/** An ISO 8601 time in UTC to the second, without zone: 2026-03-01 10:00:00. */
export function formatTime(iso: string): string {
  const parts = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d)(:\d\d)?/.exec(iso);
  return parts === null ? iso : `${parts[1]} ${parts[2]}${parts[3] ?? ""}`;
}

/** From the first to the last time, in UTC; the day is not said twice. */
export function formatSpan(first: string | null, last: string | null): string {
  if (first === null || last === null)
    return first === null && last === null ? "no time recorded" : formatTime(first ?? last ?? "");
  const [from, to] = [formatTime(first), formatTime(last)];
  if (from === to) return `${from} UTC`;
  return from.slice(0, 10) === to.slice(0, 10) ? `${from} – ${to.slice(11)} UTC` : `${from} – ${to} UTC`;
}
