/** PAN-OS objects: names in rules → addresses, services and applications, through groups, from the nearest place outwards. */
import { parseNetwork } from "../net/prefix.ts";
import { ALL_ADDRESSES, ipSetOf } from "./ip-set.ts";
import { addressSetOf, portRangeOf } from "./iptables-words.ts";
import {
  ALWAYS,
  addresses,
  all,
  any,
  anyOfMany,
  type Condition,
  type End,
  NEVER,
  type PortRange,
  ports,
  protocol,
  unknown,
} from "./ruleset.ts";
import { childOf, childrenOf, membersOf, textAt, type XmlElement } from "./xml.ts";

/** Where names are looked up: the vsys or device group first, then what stands around it. */
export interface PanosScope {
  find(kind: string, name: string): XmlElement | undefined;
}

export function panosScope(places: readonly XmlElement[]): PanosScope {
  const index = new Map<string, XmlElement>();
  for (const place of [...places].reverse()) {
    for (const kind of place.children) {
      for (const entry of childrenOf(place, kind.name, "entry")) {
        index.set(`${kind.name}\n${entry.attributes.get("name")}`, entry);
      }
    }
  }
  return { find: (kind, name) => index.get(`${kind}\n${name}`) };
}

/** Groups in groups in groups: deeper than this is a circle. */
const DEEPEST = 12;

/** The addresses of a rule's member. */
export function panosAddress(scope: PanosScope, end: End, name: string, depth = 0): Condition {
  if (name === "any") return addresses(end, ALL_ADDRESSES);
  const object = scope.find("address", name);
  if (object !== undefined) return addressObject(object, end, name);
  const group = scope.find("address-group", name);
  if (group !== undefined) {
    if (childOf(group, "dynamic") !== undefined) return unknown(`dynamic address group ${name}`);
    if (depth > DEEPEST) return unknown(`address group ${name}, which holds itself`);
    return anyOfMany(membersOf(group, "static").map((member) => panosAddress(scope, end, member, depth + 1)));
  }
  if (scope.find("external-list", name) !== undefined) return unknown(`external dynamic list ${name}`);
  const set = addressSetOf(name);
  if (set !== undefined) return addresses(end, set);
  return unknown(
    /^[A-Z]{2}$/.test(name) ? `region ${name}` : `address object ${name}, which is not in the file`,
  );
}

function addressObject(object: XmlElement, end: End, name: string): Condition {
  const netmask = textAt(object, "ip-netmask");
  const range = textAt(object, "ip-range");
  const found = range === undefined ? undefined : parseNetwork(range);
  const set =
    netmask === undefined ? (found === undefined ? undefined : ipSetOf([found])) : addressSetOf(netmask);
  if (set !== undefined) return addresses(end, set);
  const fqdn = textAt(object, "fqdn");
  return unknown(fqdn === undefined ? `address object ${name}` : `FQDN object ${name} (${fqdn})`);
}

/** Services that PAN-OS brings along. */
const PREDEFINED: ReadonlyMap<string, readonly number[]> = new Map([
  ["service-http", [80, 8080]],
  ["service-https", [443]],
]);

/** The ports of a rule's service; `application-default` is not one. */
export function panosService(scope: PanosScope, name: string, depth = 0): Condition {
  if (name === "any") return ALWAYS;
  const object = scope.find("service", name);
  if (object !== undefined) {
    return anyOfMany(
      (childOf(object, "protocol")?.children ?? []).map((transport) => serviceObject(transport, name)),
    );
  }
  const group = scope.find("service-group", name);
  if (group !== undefined && depth <= DEEPEST) {
    return any(...membersOf(group, "members").map((member) => panosService(scope, member, depth + 1)));
  }
  const known = PREDEFINED.get(name);
  if (known === undefined || group !== undefined) return unknown(`service ${name}, which is not in the file`);
  return all(protocol(6), ports("destination", ...known.map((port) => ({ first: port, last: port }))));
}

function serviceObject(transport: XmlElement, name: string): Condition {
  const number = transport.name === "tcp" ? 6 : transport.name === "udp" ? 17 : undefined;
  if (number === undefined) return transport.name === "sctp" ? NEVER : unknown(`service ${name}`);
  const of = (end: End, text: string | undefined): Condition => {
    if (text === undefined) return ALWAYS;
    const ranges = portList(text);
    return ranges === undefined ? unknown(`service ${name}`) : ports(end, ...ranges);
  };
  const port = textAt(transport, "port");
  if (port === undefined) return unknown(`service ${name}`);
  return all(protocol(number), of("destination", port), of("source", textAt(transport, "source-port")));
}

function portList(text: string): readonly PortRange[] | undefined {
  const ranges = text.split(",").map((part) => portRangeOf(part.trim(), "-"));
  const known = ranges.filter((range) => range !== undefined);
  return known.length === ranges.length ? known : undefined;
}

/** SMB's own applications with their default ports. Source: Applipedia, applipedia.paloaltonetworks.com. */
const SMB_APPLICATIONS: ReadonlyMap<string, Condition> = new Map([
  ["ms-ds-smbv1", smbOver(6, 139, 445)],
  ["ms-ds-smbv2", smbOver(6, 139, 445)],
  ["ms-ds-smbv3", smbOver(6, 139, 445)],
  ["netbios-ss", smbOver(6, 139)],
  ["netbios-ns", smbOver(17, 137)],
  ["netbios-dg", smbOver(17, 138)],
  ["quic", smbOver(17, 443)],
]);

/** Default ports of applications that most rulebases have; those that are not here are open. Source: Applipedia. */
const OTHER_DEFAULTS: ReadonlyMap<string, Condition> = new Map([
  ["web-browsing", smbOver(6, 80)],
  ["ssl", smbOver(6, 443)],
  ["ssh", smbOver(6, 22)],
  ["smtp", smbOver(6, 25, 587)],
  ["smtp-base", smbOver(6, 25, 587)],
  ["dns", any(smbOver(6, 53), smbOver(17, 53))],
  ["dns-base", any(smbOver(6, 53), smbOver(17, 53))],
  ["ntp", smbOver(17, 123)],
  ["ntp-base", smbOver(17, 123)],
  ["ping", NEVER],
  ["icmp", NEVER],
]);

function smbOver(number: number, ...list: readonly number[]): Condition {
  return all(protocol(number), ports("destination", ...list.map((port) => ({ first: port, last: port }))));
}

/** How a rule looks at applications. */
export interface ApplicationView {
  /** The service is `application-default`. */
  readonly onDefaultPorts: boolean;
  /** What the rule does once it applies. */
  readonly allows: boolean;
}

/** Whether traffic of the question's application meets a rule's application. */
export function panosApplication(
  scope: PanosScope,
  name: string,
  view: ApplicationView,
  depth = 0,
): Condition {
  // SMB on its own ports is on its default ports.
  if (name === "any") return ALWAYS;
  if (name === "ms-ds-smb") {
    return any(
      ...["ms-ds-smbv1", "ms-ds-smbv2", "ms-ds-smbv3"].map((one) => panosApplication(scope, one, view)),
    );
  }
  const smb = SMB_APPLICATIONS.get(name);
  if (smb !== undefined) {
    const is: Condition = { kind: "application", name };
    return view.onDefaultPorts ? all(is, smb) : is;
  }
  if (name === "ms-ds-smb-base")
    return all(
      smbOver(6, 139, 445),
      unknown("application ms-ds-smb-base, which is SMB before its version is known"),
    );
  const group = scope.find("application-group", name);
  if (group !== undefined && depth <= DEEPEST) {
    return any(
      ...membersOf(group, "members").map((member) => panosApplication(scope, member, view, depth + 1)),
    );
  }
  if (group !== undefined || scope.find("application-filter", name) !== undefined)
    return unknown(`application filter ${name}`);
  return otherApplication(scope, name, view);
}

/** SMB is no other application, so it meets no other's block; another's allow lets its first packets by. */
function otherApplication(scope: PanosScope, name: string, view: ApplicationView): Condition {
  const custom = scope.find("application", name);
  if (!view.allows && custom === undefined) return NEVER;
  const open = unknown(`application ${name}: App-ID lets the first packets by until it knows what they are`);
  if (!view.onDefaultPorts) return open;
  const defaults = custom === undefined ? OTHER_DEFAULTS.get(name) : customDefaults(custom);
  return defaults === undefined ? open : all(defaults, open);
}

function customDefaults(custom: XmlElement): Condition | undefined {
  const texts = membersOf(custom, "default", "port");
  const found = texts.map((text) => {
    const [transport, list = ""] = text.split("/");
    const ranges = portList(list);
    if (ranges === undefined || (transport !== "tcp" && transport !== "udp")) return undefined;
    return all(protocol(transport === "tcp" ? 6 : 17), ports("destination", ...ranges));
  });
  const known = found.filter((one) => one !== undefined);
  return known.length === found.length && known.length > 0 ? any(...known) : undefined;
}
