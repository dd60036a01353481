/** `sallyport classify`: what an address is, and by which row. */
import { REGISTRY_DATE } from "../net/iana.ts";
import type { AddressModel, Classified } from "../net/model.ts";
import { parseIp } from "../net/parse-ip.ts";
import { whyNoAddress } from "../net/why-no-address.ts";

export interface ClassifyResult {
  readonly text: string;
  /** At least one argument is no address. */
  readonly failed: boolean;
}

/** Classifies addresses for a person or a program. The rows are in the order of the arguments. */
export function classifyCommand(
  addresses: readonly string[],
  model: AddressModel,
  output: "table" | "json",
): ClassifyResult {
  const rows = addresses.map((address) => rowOf(address, model));
  const failed = rows.some((row) => "error" in row);
  return { failed, text: output === "json" ? `${JSON.stringify(rows, null, 2)}\n` : tableOf(rows) };
}

interface Failure {
  readonly address: string;
  readonly error: string;
}

interface AddressRow {
  readonly address: string;
  readonly ip: string;
  readonly scope: string;
  readonly address_class: string;
  readonly registry: {
    readonly prefix: string;
    readonly name: string;
    readonly rfc: string;
    readonly globally_reachable: boolean | null;
    /** The day of the registry that the row is from. */
    readonly updated: string;
  } | null;
  readonly embedded: {
    readonly kind: string;
    readonly ip: string;
    readonly prefix: string;
    readonly server?: string;
  } | null;
  readonly effective_ip: string;
  readonly network: string | null;
  readonly note: string | null;
}

const NOTES: Readonly<Record<string, string>> = {
  embedded_not_global: "the IPv4 address inside is not on the Internet",
  unconfigured_nat64: "name the translator's prefix under nat64 in the site file",
};

function rowOf(address: string, model: AddressModel): AddressRow | Failure {
  const ip = parseIp(address);
  if (ip === undefined) return { address, error: `no address: ${whyNoAddress(address)}` };
  const found = model.classify(ip);
  return {
    address,
    ip: ip.text,
    scope: found.scope,
    address_class: found.addressClass,
    registry: registryOf(found),
    embedded: embeddedOf(found),
    effective_ip: found.effective?.text ?? ip.text,
    network: found.network ?? null,
    note: found.note === undefined ? null : (NOTES[found.note] ?? null),
  };
}

function registryOf({ row }: Classified): AddressRow["registry"] {
  if (row === undefined) return null;
  return {
    prefix: row.prefix,
    name: row.registryName,
    rfc: row.rfc,
    globally_reachable: row.globallyReachable,
    updated: REGISTRY_DATE,
  };
}

function embeddedOf({ embedded }: Classified): AddressRow["embedded"] {
  if (embedded === undefined) return null;
  const { kind, ip, prefix, server } = embedded;
  return { kind, ip: ip.text, prefix, ...(server === undefined ? {} : { server: server.text }) };
}

const HEADER = ["ADDRESS", "SCOPE", "CLASS", "REGISTRY ROW", "RFC", "EMBEDDED", "NETWORK", "NOTE"];

function tableOf(rows: readonly (AddressRow | Failure)[]): string {
  const cells = rows.map(cellsOf);
  const full = [HEADER, ...cells.filter((row) => row.length === HEADER.length)];
  const widths = HEADER.map((_, at) => Math.max(...full.map((row) => row[at]?.length ?? 0)));
  const first = Math.max(widths[0] ?? 0, ...cells.map((row) => row[0]?.length ?? 0));
  const lines = [HEADER, ...cells].map((row) =>
    row
      .map((cell, at) => cell.padEnd(at === 0 ? first : (widths[at] ?? 0)))
      .join("  ")
      .trimEnd(),
  );
  return `${lines.join("\n")}\n`;
}

/** A row of the table; one that failed has its reason in place of all other columns. */
function cellsOf(row: AddressRow | Failure): readonly string[] {
  if ("error" in row) return [printable(row.address), row.error];
  const { registry, embedded } = row;
  return [
    row.address,
    row.scope,
    row.address_class,
    registry === null ? "-" : `${registry.prefix} ${registry.name}`,
    registry?.rfc ?? "-",
    embedded === null ? "-" : `${embedded.kind} ${embedded.ip}`,
    row.network ?? "-",
    row.note ?? "",
  ];
}

/** What was typed, without anything that a terminal would act on. */
function printable(text: string): string {
  return text === "" ? '""' : text.replace(/[\p{Cc}\p{Cf}]/gu, "?");
}
