/** JSON lines: framing by first and last byte, parsing that keeps odd number spellings visible. */

/** A JSON object as parsed. */
export type JsonObject = { readonly [key: string]: unknown };

/** Tells whether a line is framed as one JSON object; blanks and a carriage return around it do not matter. */
export function isFramedObject(line: string): boolean {
  let end = line.length - 1;
  while (end >= 0 && isBlank(line.charCodeAt(end))) end--;
  let start = 0;
  while (start < end && isBlank(line.charCodeAt(start))) start++;
  return line.charCodeAt(start) === 0x7b && line.charCodeAt(end) === 0x7d && end > start;
}

/**
 * A number that JSON.parse would quietly fold into a plain integer: an exponent, or a fraction like ".00". The first
 * two are what such a number cannot be without; to look for them costs half as much as to look for the number.
 */
const EXPONENT = /\d[eE][+\-\d]/;
const ZEROS = /\.00+\s*[,\]}]/;
const ODD_NUMBER = /[:[,]\s*-?\d+(?:\.\d+)?(?:[eE][+-]?\d+|(?<=\.0)0+)\s*[,\]}]/;

/**
 * Parses one JSON object. Numbers with an exponent, or with more than one zero as their fraction, come as
 * text, so that "4.45e2" is never taken for a port.
 * Errors: undefined when the text is not one JSON object.
 */
export function parseJsonObject(line: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(line);
    if (!isJsonObject(value)) return undefined;
    return mayHaveOddNumber(line) ? (JSON.parse(quoteOddNumbers(line)) as JsonObject) : value;
  } catch {
    return undefined;
  }
}

function mayHaveOddNumber(line: string): boolean {
  return (EXPONENT.test(line) || ZEROS.test(line)) && ODD_NUMBER.test(line);
}

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

const NUMBER = /-?\d[\d.eE+-]*/g;
const IS_ODD = /[eE]|\.0{2,}$/;

/** Quotes the odd numbers of valid JSON. Strings are stepped over by hand: one may be megabytes long. */
function quoteOddNumbers(line: string): string {
  const parts: string[] = [];
  let at = 0;
  while (at < line.length) {
    const quote = line.indexOf('"', at);
    const outside = quote < 0 ? line.slice(at) : line.slice(at, quote);
    parts.push(outside.replace(NUMBER, (number) => (IS_ODD.test(number) ? `"${number}"` : number)));
    if (quote < 0) break;
    at = endOfString(line, quote);
    parts.push(line.slice(quote, at));
  }
  return parts.join("");
}

function endOfString(line: string, quote: number): number {
  let at = line.indexOf('"', quote + 1);
  while (at >= 0 && isEscaped(line, at)) at = line.indexOf('"', at + 1);
  return at < 0 ? line.length : at + 1;
}

function isEscaped(line: string, at: number): boolean {
  let slashes = 0;
  while (line.charCodeAt(at - 1 - slashes) === 0x5c) slashes++;
  return slashes % 2 === 1;
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x0d || code === 0x09 || code === 0x0a;
}
