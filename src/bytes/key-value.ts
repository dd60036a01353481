/**
 * Lines of key=value pairs, as FortiOS writes them: bare values, values in double quotes, blanks or commas between the
 * pairs. Text that is no pair, such as a syslog header, is passed over.
 */

const TAB = 0x09;
const LINE_FEED = 0x0a;
const CARRIAGE_RETURN = 0x0d;
const SPACE = 0x20;
const QUOTE = 0x22;
const COMMA = 0x2c;
const EQUALS = 0x3d;
const BACKSLASH = 0x5c;

/** A syslog priority stands right before the first key. */
const PRIORITY = /^<\d{1,3}>/;

/** Inside quotes a backslash hides a quote or a backslash; before anything else it stands for itself. */
const ESCAPED = /\\(["\\])/g;

/**
 * Reads a line's pairs, in order. A bare value ends at a blank or a comma. Of a key that comes twice the first
 * counts. What follows a closing quote up to the next blank or comma belongs to nothing.
 * Shape: an empty value is "". A value whose quote never closes is left out: the line was cut there.
 */
export function readKeyValues(line: string): ReadonlyMap<string, string> {
  const pairs = new Map<string, string>();
  const add = (key: string, value: string): void => {
    if (!pairs.has(key)) pairs.set(key, value);
  };
  let at = PRIORITY.exec(line)?.[0].length ?? 0;
  while (at < line.length) {
    const keyEnd = endOfKey(line, at);
    if (keyEnd === at || line.charCodeAt(keyEnd) !== EQUALS) {
      at = endOfWord(line, keyEnd) + 1;
      continue;
    }
    const key = line.slice(at, keyEnd);
    const from = keyEnd + 1;
    const isQuoted = line.charCodeAt(from) === QUOTE;
    const end = isQuoted ? closingQuote(line, from + 1) : endOfWord(line, from);
    if (end < 0) break;
    add(key, isQuoted ? unescaped(line.slice(from + 1, end)) : line.slice(from, end));
    at = endOfWord(line, end) + 1;
  }
  return pairs;
}

function endOfKey(line: string, from: number): number {
  let at = from;
  while (at < line.length && line.charCodeAt(at) !== EQUALS && !isSeparator(line.charCodeAt(at))) at++;
  return at;
}

function endOfWord(line: string, from: number): number {
  let at = from;
  while (at < line.length && !isSeparator(line.charCodeAt(at))) at++;
  return at;
}

/** The next quote that no backslash hides; -1 where there is none. */
function closingQuote(line: string, from: number): number {
  let at = line.indexOf('"', from);
  while (at >= 0 && isHidden(line, at, from)) at = line.indexOf('"', at + 1);
  return at;
}

function isHidden(line: string, at: number, from: number): boolean {
  let slashes = 0;
  while (at - 1 - slashes >= from && line.charCodeAt(at - 1 - slashes) === BACKSLASH) slashes++;
  return slashes % 2 === 1;
}

function unescaped(text: string): string {
  return text.includes("\\") ? text.replace(ESCAPED, "$1") : text;
}

function isSeparator(code: number): boolean {
  return code === SPACE || code === COMMA || code === TAB || code === CARRIAGE_RETURN || code === LINE_FEED;
}
