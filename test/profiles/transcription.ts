/**
 * The profiles' row conditions once more, clause by clause over the ECS document itself: written from the text of
 * the original rules, with addresses read by another library, so that the engine has something to agree with.
 */
import ipaddr from "ipaddr.js";

type Json = { readonly [key: string]: unknown };

export interface Document {
  readonly "@timestamp": string;
  readonly event: Json;
  readonly source: Json;
  readonly destination: Json;
  readonly network?: Json;
  readonly labels?: Json;
  readonly winlog?: { readonly event_data: Json };
}

const RFC1918 = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"];

/** 23 entries: what Elastic's rule and Splunk's macro have in common. */
const SPECIAL_V4 = [
  "10.0.0.0/8",
  "127.0.0.0/8",
  "169.254.0.0/16",
  "172.16.0.0/12",
  "192.0.0.0/24",
  "192.0.0.0/29",
  "192.0.0.8/32",
  "192.0.0.9/32",
  "192.0.0.10/32",
  "192.0.0.170/32",
  "192.0.0.171/32",
  "192.0.2.0/24",
  "192.31.196.0/24",
  "192.52.193.0/24",
  "192.168.0.0/16",
  "192.88.99.0/24",
  "224.0.0.0/4",
  "100.64.0.0/10",
  "192.175.48.0/24",
  "198.18.0.0/15",
  "198.51.100.0/24",
  "203.0.113.0/24",
  "240.0.0.0/4",
];
const ELASTIC_EXCLUDED = [...SPECIAL_V4, "::1/128", "fe80::/10", "ff00::/8"];
const MACRO = [...SPECIAL_V4, "::1/128"];
const FIRST_EXCLUDED = [...RFC1918, "127.0.0.0/8", "::1/128"];
const CATEGORIES = ["network", "network_traffic"];
const DATASETS = ["network_traffic.flow", "zeek.smb_cmd", "zeek.smb_files", "zeek.smb_mapping"];

export const TRANSCRIPTIONS: Readonly<Record<string, (document: Document) => boolean>> = {
  elastic: (document) =>
    isNetwork(document) && isElasticSmb(document) && !anyIn(folded(document.destination), ELASTIC_EXCLUDED),
  "elastic-2020": (document) =>
    isElasticSmb(document) && !anyIn(folded(document.destination), FIRST_EXCLUDED),
  "splunk-2020": (document) => {
    const smb = isSmbPort(document.destination["port"]) || anyEquals(application(document), "smb");
    const blocked = anyEquals(action(document), "blocked");
    const internal = anyEquals(document.labels?.["dest_category"], "internal");
    const inRanges = anyIn(addresses(document.destination), [...RFC1918, "100.64.0.0/10"]);
    const hasSource = addresses(document.source).length > 0;
    return smb && hasSource && !(blocked || internal || inRanges);
  },
  "splunk-14": (document) => {
    const allowed = anyEquals(action(document), "allowed") || anyEquals(action(document), "allow");
    const smb = isSmbPort(document.destination["port"]) || anyEquals(application(document), "smb");
    const inside = anyIn(addresses(document.source), MACRO) && anyIn(named(document.source), MACRO);
    const outside =
      !anyIn(addresses(document.destination), MACRO) && !anyIn(named(document.destination), MACRO);
    return allowed && smb && inside && outside;
  },
  "sigma-generic": (document) => isSigmaSmb(document) && !saysNotInitiated(document),
  "sigma-panos": (document) => isPanos(document) && isSigmaSmb(document),
};

function isNetwork({ event }: Document): boolean {
  const categories = event["category"] ?? ["network"];
  return (
    CATEGORIES.some((word) => anyEquals(categories, word)) ||
    DATASETS.some((word) => anyEquals(event["dataset"], word))
  );
}

function isElasticSmb(document: Document): boolean {
  return (
    isTcp(document) && isSmbPort(document.destination["port"]) && anyIn(folded(document.source), RFC1918)
  );
}

function isSigmaSmb(document: Document): boolean {
  const leaves = isTcp(document) && isSmbPort(document.destination["port"]);
  const inside = anyIn(addresses(document.source), RFC1918);
  return leaves && inside && !anyIn(addresses(document.destination), ELASTIC_EXCLUDED);
}

/** A name, or IANA's number. */
function isTcp({ network }: Document): boolean {
  return ["tcp", "6"].includes(text(network?.["transport"]).toLowerCase());
}

function isPanos({ event }: Document): boolean {
  return text(event["dataset"]).startsWith("panw.panos");
}

function saysNotInitiated({ winlog }: Document): boolean {
  return text(winlog?.event_data["Initiated"]).toLowerCase() === "false";
}

/** The source's own word, else the normalised one. */
function action({ event }: Document): unknown {
  return isAbsent(event["provider_action"]) ? event["action"] : event["provider_action"];
}

function application({ network }: Document): unknown {
  return network?.["application"];
}

/** A port is 139 or 445 as a number or as text, with nothing but an optional ".0". */
function isSmbPort(value: unknown): boolean {
  return ["139", "445", "139.0", "445.0"].includes(text(value));
}

/** Every text of a field that is an address, read strictly. */
function addresses(end: Json): readonly string[] {
  return list(end["ip"])
    .map(text)
    .filter((one) => read(one) !== undefined);
}

/** CIM src and dest: the name that the record gives, else the address. */
function named(end: Json): readonly string[] {
  return isAbsent(end["address"]) ? addresses(end) : [text(end["address"])];
}

/** Elasticsearch's ip fields hold ::ffff:a.b.c.d as a.b.c.d. */
function folded(end: Json): readonly string[] {
  return addresses(end).map((one) => {
    const ip = read(one);
    return ip instanceof ipaddr.IPv6 && ip.isIPv4MappedAddress() ? ip.toIPv4Address().toString() : one;
  });
}

function anyIn(texts: readonly string[], networks: readonly string[]): boolean {
  return texts.some((one) => {
    const ip = read(one);
    return (
      ip !== undefined &&
      networks.some((network) => {
        const [base, bits] = ipaddr.parseCIDR(network);
        return base.kind() === ip.kind() && ip.match(base, bits);
      })
    );
  });
}

function read(written: string): ipaddr.IPv4 | ipaddr.IPv6 | undefined {
  if (ipaddr.IPv4.isValidFourPartDecimal(written)) {
    return written.split(".").some((part) => part.length > 1 && part.startsWith("0"))
      ? undefined
      : ipaddr.IPv4.parse(written);
  }
  if (!written.includes(":") || written.includes("/")) return undefined;
  const bare = (/^\[(.*)\]$/.exec(written)?.[1] ?? written).replace(/%\S+$/, "");
  return ipaddr.IPv6.isValid(bare) ? ipaddr.IPv6.parse(bare) : undefined;
}

/** Whole value, any case, any of a list. */
function anyEquals(value: unknown, word: string): boolean {
  return list(value).some((one) => text(one).toLowerCase() === word);
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [value];
}

function text(value: unknown): string {
  return value === undefined || value === null ? "" : String(value).trim();
}

function isAbsent(value: unknown): boolean {
  return list(value).every((one) => text(one) === "");
}
