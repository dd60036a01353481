/** Syslog headers: takes the envelope off a line that carries another format's record. */

/** A line without its header. Units: `start` in characters of the line. */
export interface SyslogMessage {
  readonly message: string;
  readonly start: number;
  readonly host: string | undefined;
}

const PRI = "(?:<\\d{1,3}>)?";
const ISO = "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(?:[.,]\\d+)?(?:Z|[+-]\\d\\d:?\\d\\d)?";
const BSD_TIME =
  "(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) [ \\d]?\\d (?:\\d{4} )?\\d\\d:\\d\\d:\\d\\d(?:[.,]\\d+)?(?: \\d{4})?(?: [A-Z]{3,4})?:?";

/** RFC 5424: version 1, time, host, application, process, message id, structured data. */
const MODERN = new RegExp(
  `^${PRI}1 (?:-|${ISO}) (\\S+) \\S+ \\S+ \\S+ (?:-|(?:\\[(?:[^\\]\\\\]|\\\\.)*\\])+) ?\\ufeff?\\s*`,
);

/** RFC 3164 and what is really sent: a time with or without year, then perhaps a host, then perhaps a tag and a colon. */
const CLASSIC = new RegExp(
  `^${PRI}(?:${BSD_TIME}|${ISO})\\s+(?:([^\\s{,]*[^\\s{,:\\]])\\s+)?(?:(?:[^\\s{,]+\\s+)?[^\\s{,]*:\\s*)?`,
);

/** Some senders write nothing but the priority. */
const BARE = /^<\d{1,3}>\s*/;

/** What a record that is carried by syslog begins with: a JSON object, or a numbered CSV row (PAN-OS). */
const RECORD = /(?:@cee:\s*)?(?=\{|\d+,)/y;

/**
 * Strips an RFC 3164 or RFC 5424 header off a line.
 * Shape: undefined when the line does not plainly begin with one, or when no JSON object and no numbered CSV row
 * follows it; then the line has to be read as it is.
 * Source: RFC 3164 section 4.1, RFC 5424 section 6.
 */
export function stripSyslog(line: string): SyslogMessage | undefined {
  if (!mayHaveHeader(line)) return undefined;
  const modern = MODERN.exec(line);
  if (modern !== null) return messageAt(line, modern[0].length, modern[1]);
  const classic = CLASSIC.exec(line);
  if (classic !== null) return messageAt(line, classic[0].length, classic[1]);
  const bare = BARE.exec(line);
  return bare === null ? undefined : messageAt(line, bare[0].length, undefined);
}

/** Most lines have no header: tells by a character or two. */
function mayHaveHeader(line: string): boolean {
  const first = line.charCodeAt(0);
  if (first === 0x3c) return true;
  if (first >= 0x41 && first <= 0x5a) return line.charCodeAt(3) === 0x20;
  if (first >= 0x30 && first <= 0x39) return line.charCodeAt(4) === 0x2d || line.charCodeAt(1) === 0x20;
  return false;
}

function messageAt(line: string, at: number, host: string | undefined): SyslogMessage | undefined {
  RECORD.lastIndex = at;
  if (!RECORD.test(line)) return undefined;
  const start = RECORD.lastIndex;
  return { message: line.slice(start), start, host: host === "-" ? undefined : host };
}
