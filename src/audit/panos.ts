/** PAN-OS running configuration: security rules of each vsys or device group, in the order they are looked at. */
import { SallyportError } from "../errors.ts";
import {
  type PanosScope,
  panosAddress,
  panosApplication,
  panosScope,
  panosService,
} from "./panos-objects.ts";
import {
  type Action,
  ALWAYS,
  type AuditRule,
  all,
  any,
  anyOfMany,
  type Chain,
  type Condition,
  type End,
  NEVER,
  not,
  type Ruleset,
  unknown,
  zone,
} from "./ruleset.ts";
import { childOf, childrenOf, membersOf, parseXml, textAt, type XmlElement } from "./xml.ts";

/** Tells whether a text is a configuration in XML. */
export function looksLikePanos(text: string): boolean {
  return /^\s*</.test(text) && /<config[\s>]/.test(text);
}

/** A rulebase's place, with what stands around it from the outside in. */
interface Place {
  readonly name: string;
  readonly isGroup: boolean;
  readonly around: readonly XmlElement[];
}

/** Reads a configuration. Errors: config_unrecognised for other XML, or where there is no rulebase. */
export function readPanos(text: string, file: string): readonly Ruleset[] {
  const root = parseXml(text, file);
  const config = root.name === "config" ? root : childOf(root, "result", "config");
  const places = config === undefined ? [] : placesOf(config);
  if (places.length === 0) {
    throw new SallyportError("config_unrecognised", {
      detail: "No vsys and no device group with security rules",
      at: { file },
      hint: "Give the running configuration as XML: 'show config merged' or an export of running-config.xml.",
    });
  }
  return places.map((place) => rulesetOf(place, file));
}

function placesOf(config: XmlElement): readonly Place[] {
  const shared = childrenOf(config, "shared");
  const pushed = childrenOf(config, "panorama");
  const devices = childrenOf(config, "devices", "entry");
  const vsys = devices.flatMap((device) =>
    childrenOf(device, "vsys", "entry").map((entry): Place => {
      const twin = pushed
        .flatMap((one) => childrenOf(one, "vsys", "entry"))
        .filter((one) => nameOf(one) === nameOf(entry));
      return { name: nameOf(entry), isGroup: false, around: [...shared, ...pushed, ...twin, entry] };
    }),
  );
  const groups = devices.flatMap((device) => childrenOf(device, "device-group", "entry"));
  const parents = new Map(
    childrenOf(config, "readonly", "devices", "entry")
      .flatMap((device) => childrenOf(device, "device-group", "entry"))
      .map((entry) => [nameOf(entry), textAt(entry, "parent-dg")]),
  );
  return [
    ...vsys,
    ...groups.map(
      (entry): Place => ({
        name: nameOf(entry),
        isGroup: true,
        around: [...shared, ...line(entry, groups, parents)],
      }),
    ),
  ];
}

/** A device group with those above it, the uppermost first. */
function line(
  entry: XmlElement,
  groups: readonly XmlElement[],
  parents: ReadonlyMap<string, string | undefined>,
): readonly XmlElement[] {
  const found = [entry];
  for (let up = parents.get(nameOf(entry)); up !== undefined && found.length <= groups.length; ) {
    const parent = groups.find((one) => nameOf(one) === up);
    if (parent === undefined) break;
    found.unshift(parent);
    up = parents.get(nameOf(parent));
  }
  return found;
}

function nameOf(element: XmlElement): string {
  return element.attributes.get("name") ?? "";
}

function rulesetOf({ name, isGroup, around }: Place, file: string): Ruleset {
  const inward = [...around].reverse();
  const scope = panosScope(inward);
  const from = (places: readonly XmlElement[], base: string): readonly XmlElement[] =>
    places.flatMap((place) => childrenOf(place, base, "security", "rules", "entry"));
  const entries = [
    ...from(around, "pre-rulebase"),
    ...from(inward.slice(0, 1), "rulebase"),
    ...from(inward, "post-rulebase"),
  ];
  const active = entries.filter((entry) => textAt(entry, "disabled") !== "yes");
  const defaults = defaultsOf(inward, file);
  const chain: Chain = {
    name: "security",
    rules: [...active.map((entry) => ruleOf(entry, file, scope)), defaults.intrazone],
    policy: defaults.interzone,
  };
  const zones = [
    ...active.flatMap((entry) => [...membersOf(entry, "from"), ...membersOf(entry, "to")]),
    ...around.flatMap((place) => childrenOf(place, "zone", "entry").map(nameOf)),
  ];
  return {
    file,
    format: "panos",
    name,
    families: [4, 6],
    chains: new Map([[chain.name, chain]]),
    paths: [{ name: "transit", stages: [chain.name], deciding: [chain.name] }],
    zones: [...new Set(zones)].filter((one) => one !== "any" && one !== "multicast"),
    zoneWord: "zone",
    knowsApplications: true,
    notes: [
      "Inside and outside are taken to be different zones; routing, NAT and security profiles are not looked at.",
      ...(isGroup
        ? ["Rules of the firewalls themselves stand between pre- and post-rules and are not in this file."]
        : []),
      ...(active.length < entries.length
        ? [`Left out as disabled: ${entries.length - active.length} rules.`]
        : []),
    ],
  };
}

function ruleOf(entry: XmlElement, file: string, scope: PanosScope): AuditRule {
  const verb = textAt(entry, "action") ?? "";
  const allows = verb === "allow";
  return {
    place: { file, line: entry.line },
    text: `rule "${nameOf(entry)}" (${verb})`,
    when: all(
      zoneList(entry, "from", "source"),
      zoneList(entry, "to", "destination"),
      ruleType(entry),
      addressList(entry, scope, "source"),
      addressList(entry, scope, "destination"),
      traffic(entry, scope, allows),
      ...others(entry),
    ),
    action: actionOf(verb),
  };
}

function actionOf(verb: string): Action {
  if (verb === "allow") return { do: "allow" };
  if (["deny", "drop", "reset-client", "reset-server", "reset-both"].includes(verb)) return { do: "block" };
  return { do: "undecided", why: `what the action "${verb}" does` };
}

function zoneList(entry: XmlElement, tag: "from" | "to", end: End): Condition {
  const names = membersOf(entry, tag);
  if (names.includes("any") || childOf(entry, tag) === undefined) return ALWAYS;
  return any(...names.map((name) => (name === "multicast" ? NEVER : zone(end, name))));
}

function ruleType(entry: XmlElement): Condition {
  const type = textAt(entry, "rule-type") ?? "universal";
  if (type === "universal") return ALWAYS;
  if (type === "intrazone") return { kind: "same-zone" };
  return type === "interzone" ? not({ kind: "same-zone" }) : unknown(`rule type ${type}`);
}

function addressList(entry: XmlElement, scope: PanosScope, end: End): Condition {
  const names = membersOf(entry, end);
  if (names.length === 0) return unknown(`the rule's ${end}, which is not given`);
  const held = anyOfMany(names.map((name) => panosAddress(scope, end, name)));
  return textAt(entry, `negate-${end}`) === "yes" ? not(held) : held;
}

function traffic(entry: XmlElement, scope: PanosScope, allows: boolean): Condition {
  const [applications, services] = [membersOf(entry, "application"), membersOf(entry, "service")];
  if (applications.length === 0 || services.length === 0)
    return unknown("the rule's application or service, which is not given");
  const onDefaultPorts = services.includes("application-default");
  return all(
    any(
      ...services
        .filter((name) => name !== "application-default" || onDefaultPorts)
        .map((name) => (name === "application-default" ? ALWAYS : panosService(scope, name))),
    ),
    any(...applications.map((name) => panosApplication(scope, name, { onDefaultPorts, allows }))),
  );
}

/** Parts of a rule that do not decide whether it applies, and those that are read above. */
const READ = new Set([
  "from",
  "to",
  "source",
  "destination",
  "negate-source",
  "negate-destination",
  "application",
  "service",
  "action",
  "rule-type",
  "disabled",
  "description",
  "tag",
  "group-tag",
  "log-setting",
  "log-start",
  "log-end",
  "profile-setting",
  "option",
  "icmp-unreachable",
  "qos",
  "uuid",
  "disable-inspect",
  "disable-server-response-inspection",
]);

/** Everything else that narrows a rule: users, categories, host profiles, schedules, target devices. */
function others(entry: XmlElement): readonly Condition[] {
  return entry.children
    .filter(({ name }) => !READ.has(name))
    .flatMap((part) => {
      const names = part.children.map(({ text }) => text.trim());
      const isAny =
        names.length === 0
          ? part.text.trim() === "" || part.text.trim() === "any"
          : names.every((name) => name === "any");
      if (isAny || (part.name === "target" && !part.children.some(({ name }) => name === "devices")))
        return [];
      const shown =
        names
          .filter((name) => name !== "")
          .slice(0, 3)
          .join(", ") || part.text.trim();
      return [unknown(shown === "" ? part.name : `${part.name} ${shown}`)];
    });
}

/** The last two rules, as PAN-OS brings them or as they were overridden nearest to the firewall. */
function defaultsOf(
  inward: readonly XmlElement[],
  file: string,
): { readonly intrazone: AuditRule; readonly interzone: AuditRule } {
  const overrides = inward.flatMap((place) =>
    ["rulebase", "post-rulebase", "pre-rulebase"].flatMap((base) =>
      childrenOf(place, base, "default-security-rules", "rules", "entry"),
    ),
  );
  const of = (name: string, usual: "allow" | "deny", when: Condition): AuditRule => {
    const found = overrides.find((entry) => nameOf(entry) === name && textAt(entry, "action") !== undefined);
    const verb = textAt(found, "action") ?? usual;
    return {
      place: { file, line: found?.line ?? inward[0]?.line ?? 1 },
      text: `rule "${name}" (${verb})`,
      when,
      action: actionOf(verb),
    };
  };
  return {
    intrazone: of("intrazone-default", "allow", { kind: "same-zone" }),
    interzone: of("interzone-default", "deny", ALWAYS),
  };
}
