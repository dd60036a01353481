/** FortiGate's keys: which fields they feed, what its traffic log can show, and where the kernel finds them. */
import type { Dataset } from "../event/dataset.ts";
import type { FieldName } from "../event/fields.ts";
import type { RawShape } from "../event/raw-shape.ts";
import { keyed } from "./raw-json.ts";

/** What is copied as it stands. FortiOS 5.0 says `status` where later releases say `action`. */
export const COPIED = {
  "event.code": ["logid"],
  "event.provider_action": ["action", "status"],
  "source.ip": ["srcip"],
  "source.port": ["srcport"],
  "source.bytes": ["sentbyte"],
  "source.packets": ["sentpkt"],
  "destination.ip": ["dstip"],
  "destination.port": ["dstport"],
  "destination.bytes": ["rcvdbyte"],
  "destination.packets": ["rcvdpkt"],
  "network.transport": ["proto"],
  "network.protocol": ["app", "service"],
  "observer.name": ["devname", "devid"],
  "observer.ingress.zone": ["srcintf"],
  "observer.egress.zone": ["dstintf"],
  "rule.name": ["policyname", "policyid"],
} as const satisfies Partial<Record<FieldName, readonly string[]>>;

/** What is worked out of several keys: all that can produce the field. */
export const WORKED_OUT = {
  "@timestamp": ["eventtime", "date", "time", "tz", "duration"],
  "event.start": ["eventtime", "date", "time", "tz", "duration"],
  "event.end": ["eventtime", "date", "time", "tz"],
  "event.action": ["action", "status", "utmaction", "subtype"],
  "event.reason": ["action", "status", "utmaction"],
  "source.nat.ip": ["transip"],
  "source.nat.port": ["transport"],
  "destination.nat.ip": ["tranip"],
  "destination.nat.port": ["tranport"],
  "destination.domain": ["hostname", "dstname"],
  "network.application": ["app", "appcat"],
  "network.direction": ["srcintfrole", "dstintfrole"],
  "network.session_id": ["sessionid"],
  "user.name": ["user", "unauthuser"],
  "user.domain": ["user", "unauthuser"],
  "sallyport.state": ["action", "status", "rcvdbyte", "rcvdpkt", "sentbyte"],
} as const satisfies Partial<Record<FieldName, readonly string[]>>;

/** Named as Elastic's integration names it, so that both ways to read one firewall are one observer. */
export const DATASET = "fortinet_fortigate.log";

export const DATASETS: Readonly<Record<string, Dataset>> = {
  [DATASET]: {
    title: "FortiGate traffic log",
    logsources: [
      { category: "firewall", product: "fortigate", service: "traffic" },
      { category: "firewall", product: "fortinet", service: "fortigate" },
    ],
    carries: [
      ...(Object.keys({ ...COPIED, ...WORKED_OUT }) as FieldName[]),
      "event.dataset",
      "observer.vendor",
      "observer.product",
    ],
    blindSpots: [
      "A policy logs, unless set to log all sessions, only those in which a security profile found something; the implicit deny policy logs nothing until that is turned on.",
      "A session is logged at its end, and every two minutes or so while it lasts (long-live-session-stat): a short one that is still open is not there yet.",
      "Without an application control profile on the policy the application is only the usual name of the port, and is left out.",
      "Security (utm) and event logs are passed over: what they say of a session counts as far as its traffic log repeats it (app, utmaction).",
      "A one-arm sniffer's rows carry no verdict.",
    ],
  },
};

/** Rows without an address, and lines without the keys that `claims` looks for, are decoded. */
export const SHAPE: RawShape = {
  framing: { kind: "key-value" },
  carries: DATASETS[DATASET]?.carries ?? [],
  places: {
    "source.ip": keyed(["srcip"], true),
    "destination.ip": keyed(["dstip"], true),
    "source.port": keyed(["srcport"], false),
    "destination.port": keyed(["dstport"], false),
    "network.application": keyed(["app"], false),
  },
  required: [keyed(["type"], true), keyed(["subtype"], true), keyed(["logid", "devid"], true)],
  eitherWay: false,
  marks: [],
};
