/** Site facts: what only the operator knows of their networks, as the rest of the program uses it. */
import type { SharedAddressSpace } from "../net/model.ts";
import type { IpRange, Prefix } from "../net/prefix.ts";

/** A dated allowance. Every criterion that is given must hold; a list holds when one of its items does. */
export interface Exception {
  readonly id: string;
  /** Rule ids or names. */
  readonly rule?: readonly string[] | undefined;
  readonly source?: readonly IpRange[] | undefined;
  readonly destination?: readonly IpRange[] | undefined;
  /** Server names; `*.` in front stands for one label or more. Lower case. */
  readonly domain?: readonly string[] | undefined;
  readonly port?: readonly number[] | undefined;
  /** Application names, lower case. */
  readonly application?: readonly string[] | undefined;
  readonly reason: string;
  readonly owner: string;
  /** Days as YYYY-MM-DD, in UTC. It holds from the start of `created` until the start of `expires`. */
  readonly created: string;
  readonly expires: string;
}

/** Where log times without a zone were written: `match` is a format's name or a glob over paths. */
interface SiteZone {
  readonly match: string;
  readonly zone: string;
}

/** The content of a site file. */
export interface Site {
  /** null where there is no site file. */
  readonly file: string | null;
  readonly internal: readonly IpRange[];
  readonly internalOnly: boolean;
  readonly nat64: readonly Prefix[];
  readonly sharedAddressSpace: SharedAddressSpace;
  /** In the order of the file: the first that matches is used. */
  readonly zones: readonly SiteZone[];
  readonly exceptions: readonly Exception[];
}

/** The site of those who have no site file. */
export const EMPTY_SITE: Site = {
  file: null,
  internal: [],
  internalOnly: false,
  nat64: [],
  sharedAddressSpace: "internal",
  zones: [],
  exceptions: [],
};

/**
 * The time zone of a file's times, where the site file names one.
 * Shape: a glob without a slash looks at the file's name, one with a slash at the end of its path.
 */
export function zoneOf(site: Site, formatName: string, path: string): string | undefined {
  const plain = path.replaceAll("\\", "/");
  return site.zones.find(({ match }) => match === formatName || pathGlob(match).test(plain))?.zone;
}

/** `*` and `?` stay inside a folder's name, `**` crosses folders. */
function pathGlob(glob: string): RegExp {
  const pattern = glob.replace(/^\.?\//, "").replace(/\*{2,}\/|\*{2,}|[*?]|[.+^${}()|[\]\\]/g, (part) => {
    if (part === "?") return "[^/]";
    if (part === "*") return "[^/]*";
    if (part.startsWith("**")) return part.endsWith("/") ? "(?:[^/]+/)*" : ".*";
    return `\\${part}`;
  });
  return new RegExp(`(?:^|/)${pattern}$`);
}
