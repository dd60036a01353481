/**
 * From what a log writes to what a field holds. One function per field type; each gives undefined for
 * "absent" and notes a problem where something was there but could not be used.
 */

import type { IpAddress } from "../net/address.ts";
import { parseIp } from "../net/parse-ip.ts";
import { type EventFields, type NetworkEvent, noteProblem } from "./event.ts";
import { TRANSPORT_NAMES } from "./transports.ts";

/** The text of a scalar, trimmed; undefined for null, "", objects. A list gives its first scalar. */
export function toKeyword(value: unknown): string | undefined {
  if (typeof value === "string") {
    const text = value.trim();
    return text === "" ? undefined : text;
  }
  if (typeof value === "number" || typeof value === "boolean" || typeof value === "bigint")
    return String(value);
  let inner: unknown = value;
  while (Array.isArray(inner)) inner = inner[0];
  return inner === value ? undefined : toKeyword(inner);
}

/** A list of texts from a scalar or a list; undefined when nothing is left. */
export function toKeywords(value: unknown): readonly string[] | undefined {
  const list = (Array.isArray(value) ? value : [value]).flatMap((item) => toKeyword(item) ?? []);
  return list.length === 0 ? undefined : list;
}

/** A whole number, zero or above, quoted or not; anything else is absent. */
export function toInteger(value: unknown): number | undefined {
  if (typeof value === "number") return Number.isSafeInteger(value) && value >= 0 ? value : undefined;
  const text = toKeyword(value);
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
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
  const text = toKeyword(value)?.toLowerCase();
  if (text === undefined) return undefined;
  if (/^\d{1,3}$/.test(text)) return TRANSPORT_NAMES[Number(text)] ?? text;
  return text;
}

/** The set of application names in a source's own word: split at commas, lower case, no removed analyzers. */
export function toApplications(value: unknown): readonly string[] | undefined {
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
  event[field] = address;
  if (address.text !== text) setRecorded(event, field, text);
}

/** Sets a port field: a plain integer, quoted or not, with an optional ".0"; anything else is absent and noted. */
export function setPort(event: NetworkEvent, field: PortField, value: unknown): void {
  const text = toKeyword(value);
  if (text === undefined) return;
  const port = /^(0|[1-9]\d{0,4})(\.0)?$/.test(text) ? Number.parseInt(text, 10) : Number.NaN;
  if (port <= 65_535) event[field] = port;
  else noteProblem(event, "invalid_port");
}

function setRecorded(event: EventFields, field: IpField, text: string): void {
  if (field === "source.ip") event["recorded.source.ip"] = text;
  if (field === "destination.ip") event["recorded.destination.ip"] = text;
}
