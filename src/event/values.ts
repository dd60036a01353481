/**
 * From what a log writes to what a field holds. One function per field type; each gives undefined for
 * "absent" and notes a problem where something was there but could not be used.
 */

import { ownText } from "../bytes/own-text.ts";
import type { IpAddress } from "../net/address.ts";
import { parseIp } from "../net/parse-ip.ts";
import { type NetworkEvent, noteProblem } from "./event.ts";
import { SET_FIELD } from "./set-field.ts";
import { TRANSPORT_NAMES } from "./transports.ts";

/** The text of a scalar, trimmed; undefined for null, "", objects. A list gives its first scalar. */
export function toKeyword(value: unknown): string | undefined {
  if (typeof value === "string") return trimmed(value);
  if (value === undefined || value === null) return undefined;
  if (typeof value === "number" || typeof value === "boolean" || typeof value === "bigint")
    return String(value);
  let inner: unknown = value;
  while (Array.isArray(inner)) inner = inner[0];
  return inner === value ? undefined : toKeyword(inner);
}

/** Nearly every text begins and ends with a visible ASCII character, which two looks tell without a call. */
function trimmed(value: string): string | undefined {
  if (isVisible(value.charCodeAt(0)) && isVisible(value.charCodeAt(value.length - 1))) return value;
  const text = value.trim();
  return text === "" ? undefined : text;
}

function isVisible(code: number): boolean {
  return code > 0x20 && code < 0x7f;
}

/** A list of texts from a scalar or a list; undefined when nothing is left. */
export function toKeywords(value: unknown): readonly string[] | undefined {
  if (typeof value === "string") {
    const text = trimmed(value);
    return text === undefined ? undefined : [text];
  }
  const list: string[] = [];
  for (const item of Array.isArray(value) ? value : [value]) {
    const text = toKeyword(item);
    if (text !== undefined) list.push(text);
  }
  return list.length === 0 ? undefined : list;
}

/** A whole number, zero or above, quoted or not; anything else is absent. */
export function toInteger(value: unknown): number | undefined {
  if (typeof value === "number") return Number.isSafeInteger(value) && value >= 0 ? value : undefined;
  const text = toKeyword(value);
  if (text === undefined || text.length > 15) return undefined;
  const number = digitsValue(text);
  return number < 0 ? undefined : number;
}

/** The value of a text of decimal digits; -1 for anything else. */
function digitsValue(text: string): number {
  let value = 0;
  for (let at = 0; at < text.length; at++) {
    const digit = text.charCodeAt(at) - 0x30;
    if (digit < 0 || digit > 9) return -1;
    value = value * 10 + digit;
  }
  return value;
}

/** A boolean from true, false, "true", "T", "1", "yes" and their opposites. */
export function toBoolean(value: unknown): boolean | undefined {
  if (typeof value === "boolean") return value;
  const text = toKeyword(value)?.toLowerCase();
  if (text === "true" || text === "t" || text === "1" || text === "yes") return true;
  return text === "false" || text === "f" || text === "0" || text === "no" ? false : undefined;
}

/** A transport in IANA's lower-case names, from a name or a protocol number. */
export function toTransport(value: unknown): string | undefined {
  // What nearly every record has, as Zeek and as Suricata write it.
  if (value === "tcp" || value === "TCP") return "tcp";
  if (value === "udp" || value === "UDP") return "udp";
  const text = toKeyword(value)?.toLowerCase();
  if (text === undefined) return undefined;
  if (/^\d{1,3}$/.test(text)) return TRANSPORT_NAMES[Number(text)] ?? text;
  return text;
}

/**
 * The set of application names in a source's own word: split at commas, lower case, no removed analyzers.
 * Shape: one and the same list for the same text, so that it is worked out once.
 */
export function toApplications(value: unknown): readonly string[] | undefined {
  if (typeof value !== "string" || value.length > KNOWN_LENGTH) return applicationsOf(value);
  const known = knownApplications.get(value);
  if (known !== undefined) return known;
  const text = ownText(value);
  const names = applicationsOf(text);
  if (names === undefined) return undefined;
  if (knownApplications.size >= KNOWN_WORDS) knownApplications.clear();
  knownApplications.set(text, names);
  return names;
}

/** A log has few different words; the bounds are for one that was made to have many. */
const knownApplications = new Map<string, readonly string[]>();
const KNOWN_WORDS = 1024;
const KNOWN_LENGTH = 128;

function applicationsOf(value: unknown): readonly string[] | undefined {
  const names = new Set<string>();
  for (const word of toKeywords(value) ?? []) {
    for (const part of word.split(",")) {
      const name = part.trim().toLowerCase();
      if (name !== "" && !name.startsWith("-")) names.add(name);
    }
  }
  return names.size === 0 ? undefined : [...names];
}

type IpField = "source.ip" | "destination.ip" | "source.nat.ip" | "destination.nat.ip";
type PortField = "source.port" | "destination.port" | "source.nat.port" | "destination.nat.port";

/** Sets an address field from what the log writes; strict, and a problem is noted for what is no address. */
export function setIp(event: NetworkEvent, field: IpField, value: unknown): void {
  if (Array.isArray(value) && value.length > 1) noteProblem(event, "multi_valued_address");
  const text = toKeyword(value);
  if (text === undefined) return;
  const address: IpAddress | undefined = parseIp(text);
  if (address === undefined) {
    noteProblem(event, "invalid_address");
    return;
  }
  SET_FIELD[field](event, address);
  if (address.text === text) return;
  if (field === "source.ip") event["recorded.source.ip"] = text;
  if (field === "destination.ip") event["recorded.destination.ip"] = text;
}

/** Sets a port field: a plain integer, quoted or not, with an optional ".0"; anything else is absent and noted. */
export function setPort(event: NetworkEvent, field: PortField, value: unknown): void {
  const port = typeof value === "number" ? value : portOf(toKeyword(value));
  if (port === undefined) return;
  // Adding zero makes 0 of -0, which JSON can write.
  if (port >= 0 && port <= 65_535 && Number.isInteger(port)) SET_FIELD[field](event, port + 0);
  else noteProblem(event, "invalid_port");
}

/** The number that a text gives as a port; -1 for none, undefined without a text. */
function portOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const digits = text.endsWith(".0") ? text.slice(0, -2) : text;
  const hasLeadingZero = digits.length > 1 && digits.charCodeAt(0) === 0x30;
  return digits === "" || digits.length > 5 || hasLeadingZero ? -1 : digitsValue(digits);
}
