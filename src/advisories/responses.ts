/** Responses: commands that block, each with its undo and a warning. They are shown to be copied, and never run. */
import type { z } from "zod";
import type { Finding } from "../findings/finding.ts";
import type { IpAddress } from "../net/address.ts";
import { parseIp } from "../net/parse-ip.ts";
import type { RESPONSE_SCHEMA } from "./response-schema.ts";

export type ResponseTemplate = z.output<typeof RESPONSE_SCHEMA> & { readonly file: string };

/** Commands that are ready to copy. */
export interface Response {
  readonly id: string;
  readonly product: string;
  readonly where: string;
  readonly warning: string;
  readonly fill_in: readonly string[];
  /** The address that is blocked; null where the commands name none. */
  readonly destination: string | null;
  readonly block: string;
  readonly undo: string;
  readonly references: readonly string[];
}

/** What is to be blocked. Addresses are parsed ones, so that no text of a log can reach a command. */
export interface Target {
  readonly destinations: readonly IpAddress[];
  readonly source?: IpAddress | undefined;
  /** TCP ports beside 139 and 445. */
  readonly ports?: readonly number[];
  /** UDP ports beside 137 and 138: 443 for SMB over QUIC. */
  readonly udpPorts?: readonly number[];
}

/** Places that a snippet may have. `name` and `short` are made of the address, for names of rules. */
export const PLACES = [
  "destination",
  "name",
  "short",
  "source",
  "number",
  "port",
  "ports",
  "ports_spaced",
  "udp_port",
  "udp_ports",
  "udp_ports_spaced",
] as const;
/** One of them in a text, or what looks like one. */
export const PLACE = /\{([a-z_]+)\}/g;

/**
 * The commands that block the far end of a finding, and the IPv4 address inside it where there is one.
 * Shape: none where the connection came in; those are closed at the edge for everybody.
 */
export function responsesFor(templates: readonly ResponseTemplate[], finding: Finding): readonly Response[] {
  const { source, destination, network } = finding;
  if (source.scope === "internet" || destination.scope !== "internet") return [];
  const destinations = [...new Set([destination.ip, destination.effective_ip])].flatMap(
    (text) => parseIp(text) ?? [],
  );
  if (destinations.length === 0) return [];
  const udp = network.transport === "udp";
  return renderResponses(templates, { destinations, [udp ? "udpPorts" : "ports"]: destination.port });
}

/**
 * Fills the templates in for one or more addresses; without any, for the whole Internet.
 * Shape: a snippet that names no address stands once, however many there are.
 */
export function renderResponses(templates: readonly ResponseTemplate[], target: Target): readonly Response[] {
  const { destinations } = target;
  return templates.flatMap((template) =>
    template.snippets.flatMap((snippet) => {
      const render = (ip: IpAddress | undefined): Response => renderSnippet(template, snippet, ip, target);
      if (snippet.scope === "destination") {
        return destinations.filter((ip) => fits(snippet.family, ip)).map(render);
      }
      return snippet.scope === "any" || destinations.length === 0 ? [render(undefined)] : [];
    }),
  );
}

type Snippet = ResponseTemplate["snippets"][number];

function renderSnippet(
  template: ResponseTemplate,
  { block, undo, family }: Snippet,
  destination: IpAddress | undefined,
  target: Target,
): Response {
  const values = valuesOf(template, family, destination, target);
  const fill = (text: string): string => fillIn(text, values, template.number ?? 1);
  const { id, product, where, warning, fill_in, references } = template;
  return {
    ...{ id, product, where, warning, fill_in, references },
    destination: destination?.text ?? null,
    block: fill(block),
    undo: fill(undo),
  };
}

type Family = Snippet["family"];

function fits(family: Family, ip: IpAddress): boolean {
  return family === "any" || (family === "ipv4") === (ip.family === 4);
}

interface Values {
  readonly words: Readonly<Record<string, string>>;
  readonly ports: readonly number[];
  readonly udpPorts: readonly number[];
}

/** Names of FortiOS policies end at 35 characters, those of older PAN-OS at 31. */
const SHORT_NAME = 20;

function valuesOf(
  template: ResponseTemplate,
  family: Family,
  ip: IpAddress | undefined,
  target: Target,
): Values {
  const ports = portsOf([139, 445], target.ports);
  const udpPorts = portsOf([137, 138], target.udpPorts);
  const name = (ip?.text ?? "internet").replace(/[^0-9a-z]+/g, "_").replace(/^_|_$/g, "");
  return {
    ports,
    udpPorts,
    words: {
      destination: ip?.text ?? "",
      name,
      short: name.slice(-SHORT_NAME).replace(/^_/, ""),
      source: sourceWord(template, family, ip, target.source),
      ports: ports.join(","),
      ports_spaced: ports.join(" "),
      udp_ports: udpPorts.join(","),
      udp_ports_spaced: udpPorts.join(" "),
    },
  };
}

function portsOf(always: readonly number[], more: readonly number[] = []): readonly number[] {
  const extra = more.filter((port) => Number.isInteger(port) && port > 0 && port < 65_536);
  return [...new Set([...always, ...extra])].sort((a, b) => a - b);
}

/** A source of the other address family can never be this connection's, so that any is said instead. */
function sourceWord(
  { source }: ResponseTemplate,
  family: Family,
  ip: IpAddress | undefined,
  one: IpAddress | undefined,
): string {
  if (source === undefined) return "";
  const wanted = ip === undefined ? (family === "any" ? undefined : family === "ipv4" ? 4 : 6) : ip.family;
  if (one !== undefined && (wanted === undefined || wanted === one.family))
    return source.one.replace("{ip}", one.text);
  return wanted === undefined ? source.any : wanted === 4 ? source.ipv4 : source.ipv6;
}

/** A line with {port} or {udp_port} stands once for every port; {number} counts the lines that have it. */
function fillIn(text: string, { words, ports, udpPorts }: Values, firstNumber: number): string {
  let number = firstNumber;
  const each = (line: string): readonly Readonly<Record<string, string>>[] => {
    if (line.includes("{port}")) return ports.map((port) => ({ port: String(port) }));
    if (line.includes("{udp_port}")) return udpPorts.map((port) => ({ udp_port: String(port) }));
    return [{}];
  };
  const lines = text
    .trimEnd()
    .split("\n")
    .flatMap((line) =>
      each(line).map((port) => {
        const own: Readonly<Record<string, string>> = { ...words, ...port, number: String(number) };
        if (line.includes("{number}")) number++;
        return line.replace(PLACE, (place, name: string) => own[name] ?? place).trimEnd();
      }),
    );
  return lines.join("\n");
}
