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

/** A number that JSON.parse would quietly fold into a plain integer: an exponent, or a fraction like ".00". */
const ODD_NUMBER = /[:[,]\s*-?\d+(?:\.\d+)?(?:[eE][+-]?\d+|(?<=\.0)0+)/;

/**
 * Parses one JSON object. Numbers with an exponent, or with more than one zero as their fraction, come as
 * text, so that "4.45e2" is never taken for a port.
 * Errors: undefined when the text is not one JSON object.
 */
export function parseJsonObject(line: string): JsonObject | undefined {
  const text = ODD_NUMBER.test(line) ? quoteOddNumbers(line) : line;
  try {
    const value: unknown = JSON.parse(text);
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

const STRING_OR_ODD_NUMBER = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?[eE][+-]?\d+|-?\d+\.0{2,}(?![\d])/g;

function quoteOddNumbers(line: string): string {
  return line.replace(STRING_OR_ODD_NUMBER, (token) => (token.startsWith('"') ? token : `"${token}"`));
}

function isBlank(code: number): boolean {
  return code === 0x20 || code === 0x0d || code === 0x09 || code === 0x0a;
}
