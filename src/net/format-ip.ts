/** Canonical address text. */

/** Dotted decimal of a 32-bit value. */
export function formatIpv4(value: number): string {
  return `${value >>> 24}.${(value >>> 16) & 255}.${(value >>> 8) & 255}.${value & 255}`;
}

/**
 * Text of four words: lower case, no leading zeros, the longest run of two or more zero groups shortened
 * (the first of equals); an IPv4-mapped address ends in dotted decimal.
 * Source: RFC 5952 sections 4 and 5.
 */
export function formatIpv6(w0: number, w1: number, w2: number, w3: number): string {
  if (w0 === 0 && w1 === 0 && w2 === 0xffff) return `::ffff:${formatIpv4(w3)}`;
  const groups = [
    w0 >>> 16,
    w0 & 0xffff,
    w1 >>> 16,
    w1 & 0xffff,
    w2 >>> 16,
    w2 & 0xffff,
    w3 >>> 16,
    w3 & 0xffff,
  ];
  const [start, length] = longestZeroRun(groups);
  let text = "";
  for (let at = 0; at < 8; at++) {
    if (length > 1 && at === start) {
      text += "::";
      at += length - 1;
    } else {
      text +=
        at === 0 || (length > 1 && at === start + length) ? hexText(groups[at]) : `:${hexText(groups[at])}`;
    }
  }
  return text;
}

function hexText(group: number | undefined): string {
  return (group ?? 0).toString(16);
}

function longestZeroRun(groups: readonly number[]): readonly [start: number, length: number] {
  let best = 0;
  let bestStart = 0;
  let length = 0;
  for (let at = 0; at < groups.length; at++) {
    length = groups[at] === 0 ? length + 1 : 0;
    if (length > best) {
      best = length;
      bestStart = at - length + 1;
    }
  }
  return [bestStart, best];
}
