/**
 * The address model: where an address lies. In: addresses, and what the operator says of their networks.
 * Out: scope, registry class and effective address. Knows nothing of events or rules.
 */
import type { IpAddress } from "./address.ts";
import {
  EMBEDDING,
  type EmbeddedIpv4,
  LOCAL_USE_NAT64,
  mappedIpv4,
  nat64Ipv4,
  transitionIpv4,
  WELL_KNOWN_NAT64,
  whyNoNat64,
} from "./embedded.ts";
import { type RegistryRow, registryRow } from "./iana.ts";
import { type IpRange, inRange, knownPrefix, type Prefix } from "./prefix.ts";
import { createPrefixSet, type PrefixEntry, type PrefixSet } from "./prefix-set.ts";
import type { Scope } from "./scope.ts";

/** What shared address space (100.64.0.0/10) is to the operator. */
export type SharedAddressSpace = "internal" | "internet" | "reserved";

export interface AddressModelOptions {
  /** Networks that are ours, public ones too. They add to DEFAULT_INTERNAL. */
  readonly internal?: readonly IpRange[] | undefined;
  /** `internal` replaces DEFAULT_INTERNAL instead. */
  readonly internalOnly?: boolean | undefined;
  /** Prefixes of the operator's own NAT64 translators. */
  readonly nat64?: readonly Prefix[] | undefined;
  /** Default: internal; reserved where `internalOnly` is set. */
  readonly sharedAddressSpace?: SharedAddressSpace | undefined;
}

/** What is known of an address. Scope, class and row are those of the effective address. */
export interface Classified {
  readonly scope: Scope;
  /** The registry row's class; `global` where no row applies, `unknown` without an address. */
  readonly addressClass: string;
  readonly row: RegistryRow | undefined;
  /** The IPv4 address inside, else the address itself. */
  readonly effective: IpAddress | undefined;
  /** The IPv4 address inside, with the registry row of the address around it. */
  readonly embedded: (EmbeddedIpv4 & { readonly row: RegistryRow | undefined }) | undefined;
  /** The network of ours, given or default, that holds the effective address. */
  readonly network: string | undefined;
  /** A special-purpose row that is globally reachable: AS112, AMT, the anycast services. */
  readonly anycast: boolean;
  readonly note: "embedded_not_global" | "unconfigured_nat64" | undefined;
}

export interface AddressModel {
  classify(ip: IpAddress | undefined): Classified;
  /** The networks that are ours, the default ones included. */
  readonly internal: readonly IpRange[];
  /** Where an address may hold an IPv4 one, which then decides. */
  readonly embedding: readonly IpRange[];
}

/** Ours unless the operator says otherwise; shared address space is the third, and has its own switch. */
const DEFAULT_INTERNAL: readonly Prefix[] = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7"].map(
  knownPrefix,
);

const SHARED = knownPrefix("100.64.0.0/10");

/** Classified addresses kept per family: bounded, and dropped whole when full. */
const CACHE_SIZE = 65_536;

const UNKNOWN: Classified = {
  scope: "unknown",
  addressClass: "unknown",
  row: undefined,
  effective: undefined,
  embedded: undefined,
  network: undefined,
  anycast: false,
  note: undefined,
};

type OperatorRow =
  | { readonly kind: "internal"; readonly text: string }
  | { readonly kind: "nat64"; readonly prefix: Prefix };

interface Facts {
  readonly operator: PrefixSet<OperatorRow>;
  readonly sharedAddressSpace: SharedAddressSpace;
}

/**
 * Creates a model of the operator's networks.
 * Errors: a NAT64 prefix of an impossible length is a bug of the caller; `whyNoNat64` checks.
 * Source: RFC 6890 and its registries; the longest prefix wins, the operator's networks before the registries.
 */
export function createAddressModel(options: AddressModelOptions = {}): AddressModel {
  const internalOnly = options.internalOnly ?? false;
  const sharedAddressSpace = options.sharedAddressSpace ?? (internalOnly ? "reserved" : "internal");
  const internal = [
    ...(options.internal ?? []),
    ...(internalOnly ? [] : DEFAULT_INTERNAL),
    ...(sharedAddressSpace === "internal" ? [SHARED] : []),
  ];
  const facts = { operator: operatorSet(internal, options.nat64 ?? []), sharedAddressSpace };
  const v4 = new Map<number, Classified>();
  const v6 = new Map<string, Classified>();
  return {
    internal,
    embedding: [...EMBEDDING, ...(options.nat64 ?? [])],
    classify: (ip) => {
      if (ip === undefined) return UNKNOWN;
      if (ip.family === 4) return v4.get(ip.w3) ?? remember(v4, ip.w3, classifyPlain(facts, ip));
      return v6.get(ip.text) ?? remember(v6, ip.text, classifyIpv6(facts, ip));
    },
  };
}

function remember<K>(cache: Map<K, Classified>, key: K, found: Classified): Classified {
  if (cache.size >= CACHE_SIZE) cache.clear();
  cache.set(key, found);
  return found;
}

/** NAT64 prefixes come first: at the same length they say more than "ours". */
function operatorSet(internal: readonly IpRange[], nat64: readonly Prefix[]): PrefixSet<OperatorRow> {
  const wrong = nat64.map((prefix) => whyNoNat64(prefix)).find((why) => why !== undefined);
  if (wrong !== undefined) throw new TypeError(wrong);
  const translators = nat64.map(
    (prefix): PrefixEntry<OperatorRow> => ({ prefix, row: { kind: "nat64", prefix } }),
  );
  const ours = internal.map(
    (prefix): PrefixEntry<OperatorRow> => ({ prefix, row: { kind: "internal", text: prefix.text } }),
  );
  return createPrefixSet([...translators, ...ours]);
}

function classifyIpv6(facts: Facts, ip: IpAddress): Classified {
  const mapped = mappedIpv4(ip);
  if (mapped !== undefined) return classifyEmbedded(facts, ip, mapped);
  const operator = facts.operator.lookup(ip);
  if (operator?.kind === "internal") return ours(ip, operator.text);
  const embedded = operator === undefined ? transitionIpv4(ip) : nat64Ipv4(ip, operator.prefix);
  if (embedded !== undefined) return classifyEmbedded(facts, ip, embedded);
  const found = classifyPlain(facts, ip);
  return inRange(LOCAL_USE_NAT64, ip) ? { ...found, note: "unconfigured_nat64" } : found;
}

function classifyEmbedded(facts: Facts, outer: IpAddress, embedded: EmbeddedIpv4): Classified {
  const inner = classifyPlain(facts, embedded.ip);
  const isStray =
    mustEmbedGlobal(outer, embedded) && inner.row !== undefined && inner.row.globallyReachable !== true;
  return {
    ...inner,
    embedded: { ...embedded, row: registryRow(outer) },
    note: isStray ? "embedded_not_global" : undefined,
  };
}

/**
 * Whether the address may only stand for an IPv4 address of the Internet. An operator's own translator may
 * lead inside, and a mapped address is just another way of writing.
 * Source: RFC 6052 section 3.1, RFC 3056 section 2, RFC 4291 section 2.5.5.1.
 */
function mustEmbedGlobal(outer: IpAddress, { kind }: EmbeddedIpv4): boolean {
  if (kind === "nat64") return inRange(WELL_KNOWN_NAT64, outer);
  return kind !== "ipv4-mapped";
}

/** The operator's networks, then the registries. */
function classifyPlain(facts: Facts, ip: IpAddress): Classified {
  const operator = facts.operator.lookup(ip);
  if (operator?.kind === "internal") return ours(ip, operator.text);
  const row = registryRow(ip);
  const scope = row?.name === "shared-address-space" ? facts.sharedAddressSpace : (row?.scope ?? "internet");
  return plain(ip, row, scope, undefined);
}

/** Ours wins over the registry's scope; the class stays the registry's. */
function ours(ip: IpAddress, network: string): Classified {
  return plain(ip, registryRow(ip), "internal", network);
}

function plain(
  ip: IpAddress,
  row: RegistryRow | undefined,
  scope: Scope,
  network: string | undefined,
): Classified {
  return {
    scope,
    addressClass: row?.name ?? "global",
    row,
    effective: ip,
    embedded: undefined,
    network,
    anycast: scope === "internet" && row?.globallyReachable === true,
    note: undefined,
  };
}
