/** Address translation as firewalls log it: the translated end beside the original. */
import type { NetworkEvent } from "../event/event.ts";
import { setIp, setPort, toKeyword } from "../event/values.ts";
import type { Named } from "./pick.ts";

/** Where a record has the translated address and port of an end. */
interface NatNames {
  readonly ip: string;
  readonly port: string;
}

/** Sets a translation; all zeros, or what is equal to the original, is none. */
export function setNat(
  event: NetworkEvent,
  record: Named,
  end: "source" | "destination",
  names: NatNames,
): void {
  const isSource = end === "source";
  const from = isSource ? event["source.ip"] : event["destination.ip"];
  const fromPort = isSource ? event["source.port"] : event["destination.port"];
  const ip = toKeyword(record.get(names.ip));
  const translated = ip !== undefined && ip !== "0.0.0.0" && ip !== "::" && ip !== from?.text;
  if (translated) setIp(event, isSource ? "source.nat.ip" : "destination.nat.ip", ip);
  const port = toKeyword(record.get(names.port));
  if (port === undefined || port === "0" || (!translated && port === String(fromPort))) return;
  setPort(event, isSource ? "source.nat.port" : "destination.nat.port", port);
}
