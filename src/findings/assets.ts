/**
 * The asset list: whose an address is. The layout is that of Splunk's assets_by_cidr: ip, mac, nt_host, dns, owner,
 * priority, lat, long, city, country, bunit, category, pci_domain, is_expected, should_timesync, should_update,
 * requires_av. Only ip must be there; other columns are kept.
 */
import { quotesClosed, splitCsv } from "../bytes/csv.ts";
import { SallyportError } from "../errors.ts";
import type { IpAddress } from "../net/address.ts";
import { parseIp } from "../net/parse-ip.ts";
import { type IpRange, parseNetwork, whyNoNetwork } from "../net/prefix.ts";
import { createPrefixSet, type PrefixEntry } from "../net/prefix-set.ts";
import type { Asset } from "./finding.ts";

export interface AssetList {
  readonly file: string;
  /** How many rows name at least one address. */
  readonly size: number;
  /** The asset of the smallest network that holds the address; of equal ones, the first in the file. */
  lookup(ip: IpAddress): Asset | undefined;
  /** The categories of that asset, as written. */
  categories(ip: IpAddress): readonly string[];
  /** Networks of every row with the category `internal`, in any case. */
  readonly internal: readonly IpRange[];
}

/** Columns that may hold several values. */
const LISTS: ReadonlySet<string> = new Set(["ip", "category"]);

/**
 * Reads an asset list. `ip` holds prefixes, addresses and ranges, several of them split by `|` or by commas
 * inside quotes, and so does `category` its words. Rows without an address are passed over.
 * Errors: assets_invalid, with the place, for a missing header and for what is no address.
 */
export function parseAssets(text: string, file: string): AssetList {
  const rows = rowsOf(text, file);
  const header = headerOf(rows.next().value, file);
  const entries: PrefixEntry<Asset>[] = [];
  const internal: IpRange[] = [];
  let size = 0;
  for (const row of rows) {
    const asset = assetOf(header, row, file);
    const networks = networksOf(header, row, file);
    if (networks.length > 0) size++;
    for (const prefix of networks) entries.push({ prefix, row: asset });
    if (categoriesOf(asset).some((category) => category.toLowerCase() === "internal"))
      internal.push(...networks);
  }
  const set = createPrefixSet(entries);
  return {
    file,
    size,
    internal,
    lookup: (ip) => set.lookup(ip),
    categories: (ip) => categoriesOf(set.lookup(ip)),
  };
}

/** What the list knows of an end: of its effective address, else of the one as written. */
export function assetAt(
  { ip, effective }: { readonly ip: string; readonly effective: string },
  assets: AssetList | null,
): Asset | null {
  if (assets === null) return null;
  for (const text of [effective, ip]) {
    const address = parseIp(text);
    const asset = address === undefined ? undefined : assets.lookup(address);
    if (asset !== undefined) return asset;
  }
  return null;
}

/** A row of the file; `text` may span lines where a quoted field does. */
interface Row {
  readonly text: string;
  /** One-based number of its first line. */
  readonly line: number;
}

function* rowsOf(text: string, file: string): Generator<Row, undefined> {
  const lines = text.replace(/^\uFEFF/, "").split(/\r?\n/);
  for (let at = 0; at < lines.length; at++) {
    const first = at;
    let isClosed = quotesClosed(lines[at] ?? "");
    // A line with an odd number of quotes closes what an earlier one opened.
    while (!isClosed && at + 1 < lines.length) isClosed = !quotesClosed(lines[++at] ?? "");
    const row = { text: lines.slice(first, at + 1).join("\n"), line: first + 1 };
    if (!isClosed) throw invalid("a quote is opened and never closed", row, row.text.indexOf('"'), file);
    if (row.text.trim() !== "") yield row;
  }
}

function headerOf(row: Row | undefined, file: string): readonly string[] {
  const start: Row = row ?? { text: "", line: 1 };
  const header = splitCsv(start.text).map((name) => name.trim().toLowerCase());
  if (!header.includes("ip")) {
    throw invalid('the first line must name the columns, and "ip" must be one of them', start, 0, file);
  }
  const twice = header.findIndex((name, at) => name !== "" && header.indexOf(name) < at);
  if (twice >= 0)
    throw invalid(`the column "${header[twice]}" is named twice`, start, fieldStart(start.text, twice), file);
  return header;
}

function assetOf(header: readonly string[], row: Row, file: string): Asset {
  const fields = splitCsv(row.text);
  if (fields.length > header.length) {
    const at = fieldStart(row.text, header.length);
    throw invalid(
      `the row has ${fields.length} columns, the header ${header.length}; quote values with commas`,
      row,
      at,
      file,
    );
  }
  const asset: Record<string, string | readonly string[]> = {};
  for (const [at, name] of header.entries()) {
    const value = fields[at]?.trim() ?? "";
    if (name !== "" && value !== "") asset[name] = LISTS.has(name) ? listOf(value) : value;
  }
  return asset;
}

function networksOf(header: readonly string[], row: Row, file: string): readonly IpRange[] {
  const column = header.indexOf("ip");
  return listOf(splitCsv(row.text)[column] ?? "").map((text) => {
    const network = parseNetwork(text);
    if (network !== undefined) return network;
    const at = row.text.indexOf(text, fieldStart(row.text, column));
    throw invalid(`"${text}" is no network: ${whyNoNetwork(text)}`, row, Math.max(at, 0), file);
  });
}

function categoriesOf(asset: Asset | undefined): readonly string[] {
  const category = asset?.["category"];
  return typeof category === "string" ? [category] : (category ?? []);
}

function listOf(value: string): string[] {
  return value
    .split(/[|,\n]/)
    .map((part) => part.trim())
    .filter((part) => part !== "");
}

/** Where a field begins in its row, its quote included. */
function fieldStart(row: string, index: number): number {
  let commas = 0;
  let isQuoted = false;
  for (let at = 0; at < row.length; at++) {
    if (commas === index) return at;
    if (row[at] === '"') isQuoted = !isQuoted;
    if (row[at] === "," && !isQuoted) commas++;
  }
  return row.length;
}

function invalid(detail: string, row: Row, offset: number, file: string): SallyportError {
  const before = row.text.slice(0, offset).split("\n");
  const down = before.length - 1;
  return new SallyportError("assets_invalid", {
    detail,
    at: {
      file,
      line: row.line + down,
      column: (before[down]?.length ?? 0) + 1,
      source: row.text.split("\n")[down],
    },
  });
}
