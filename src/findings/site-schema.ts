/** The shape of a site file; `schemas/site.schema.json` is generated from it. */
import { z } from "zod";
import { whyNoNat64 } from "../net/embedded.ts";
import { parsePrefix, whyNoNetwork } from "../net/prefix.ts";
import { isTimeZone } from "./zone.ts";

/** A text that a function finds nothing wrong with. */
function checkedText(why: (text: string) => string | undefined) {
  return z.string().check((context) => {
    const message = why(context.value);
    if (message !== undefined) context.issues.push({ code: "custom", input: context.value, message });
  });
}

function oneOrMany<T extends z.ZodType>(item: T) {
  return z.union([item, z.array(item).min(1)]);
}

function whyNoNat64Text(text: string): string | undefined {
  const prefix = parsePrefix(text);
  return prefix === undefined ? (whyNoNetwork(text) ?? "it is a range; give a prefix") : whyNoNat64(prefix);
}

function whyNoZone(text: string): string | undefined {
  return isTimeZone(text)
    ? undefined
    : `"${text}" is no time zone; give an IANA name such as Europe/Berlin, or an offset such as +02:00`;
}

function whyNoDomain(text: string): string | undefined {
  return /^(?:\*\.)?[\p{L}\p{N}_-]+(?:\.[\p{L}\p{N}_-]+)*$/u.test(text)
    ? undefined
    : `"${text}" is no domain; give a name, or a name with "*." in front`;
}

const network = checkedText(whyNoNetwork);
const word = z.string().trim().min(1);
const day = z.iso.date();

const EXCEPTION_SCHEMA = z
  .strictObject({
    id: word.describe("A name for the exception, unique in the file; shown where it hides something."),
    rule: oneOrMany(word).optional().describe("Ids or names of the rules it holds for. Default: all."),
    source: oneOrMany(network)
      .optional()
      .describe("Client addresses: a prefix, an address, a range, or a list."),
    destination: oneOrMany(network)
      .optional()
      .describe("Server addresses: a prefix, an address, a range, or a list."),
    domain: oneOrMany(checkedText(whyNoDomain))
      .optional()
      .describe(
        "Server names, where the log has them; *.example.com stands for every name below example.com.",
      ),
    port: oneOrMany(z.int().min(0).max(65_535)).optional().describe("Server ports."),
    application: oneOrMany(word).optional().describe("Application names, any of them."),
    reason: word.describe("Why this is allowed."),
    owner: word.describe("Who answers for it."),
    created: day.describe("First day on which it holds, UTC."),
    expires: day.describe("First day on which it no longer holds, UTC."),
  })
  .check(({ value, issues }) => {
    if (
      ![value.source, value.destination, value.domain, value.application].some((given) => given !== undefined)
    ) {
      issues.push({
        code: "custom",
        input: value,
        message: "an exception needs a source, a destination, a domain or an application",
      });
    }
    if (value.expires <= value.created) {
      const message = `it expires (${value.expires}) before it begins (${value.created}); expires must be a later day`;
      issues.push({ code: "custom", input: value.expires, path: ["expires"], message });
    }
  });

/** The site file, before its texts are read. Errors: custom issues carry their sentence as message. */
export const SITE_SCHEMA = z
  .strictObject({
    internal: z
      .array(network)
      .optional()
      .describe("Networks that are ours, public ones too: prefixes, addresses or ranges."),
    internal_only: z
      .boolean()
      .optional()
      .describe("true: the list replaces RFC 1918, fc00::/7 and 100.64.0.0/10 instead of adding to them."),
    nat64: z.array(checkedText(whyNoNat64Text)).optional().describe("Prefixes of our own NAT64 translators."),
    shared_address_space: z
      .enum(["internal", "internet", "reserved"])
      .optional()
      .describe("What 100.64.0.0/10 is here. Default: internal; reserved with internal_only."),
    zones: z
      .record(z.string(), checkedText(whyNoZone))
      .optional()
      .describe("Time zones of logs whose times carry none: format name or path glob to zone."),
    exceptions: z.array(EXCEPTION_SCHEMA).optional().describe("Dated allowances."),
  })
  .check(({ value, issues }) => {
    const seen = new Set<string>();
    for (const [at, { id }] of (value.exceptions ?? []).entries()) {
      if (seen.has(id)) {
        issues.push({
          code: "custom",
          input: id,
          path: ["exceptions", at, "id"],
          message: `the id "${id}" is given twice`,
        });
      }
      seen.add(id);
    }
  });

export type SiteInput = z.infer<typeof SITE_SCHEMA>;

/** Keys that a site file may have, for suggestions. */
export const SITE_KEYS: readonly string[] = [
  ...Object.keys(SITE_SCHEMA.shape),
  ...Object.keys(EXCEPTION_SCHEMA.shape),
];
