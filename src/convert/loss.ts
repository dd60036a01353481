/** Losses: what a converted rule no longer means. A closed table; docs/guide/convert.md explains each. */
import type { Rule } from "../sigma/rule.ts";

export const LOSSES = {
  "any-value": "Of several addresses in one field any may satisfy a clause; Sallyport reads the first",
  "application-list": "A comma list of applications is taken apart by wildcards only",
  "case-exact": "Text is compared with its case; words are written in lower case, as the schema asks for",
  "case-ignored": "Text is compared without its case, though the rule asks for its case",
  "direction-not-proven":
    "Records whose ends are the wrong way round are not turned, and backscatter is not dropped",
  "embedded-ipv4":
    "An IPv4 address inside a NAT64, 6to4 or Teredo address is not unwrapped; such an address counts as the Internet",
  "exceptions-not-included": "The site file's exceptions are not in the query; add them where it runs",
  "filled-fields":
    "The data model fills what an event lacks; unknown, and 0 for a port, are taken for absent",
  "mapped-ipv4": "An IPv4-mapped IPv6 address (::ffff:…) is met by no network",
  "not-normalised":
    "Values are compared as they are stored; Sallyport also reads vendors' own fields, words and protocol numbers",
  "one-address-field":
    "One field is asked for each address; Sallyport reads it from the ip field or the host field",
  "one-character-wildcard": "? stands for any text here, not for one character",
  "outcome-not-computed":
    "How far a connection got is not worked out, so severity and score are those of an unknown outcome",
  "sessions-not-merged":
    "Records of one connection are not merged into a session, and groups follow the search, not the UTC day",
  "severity-when-not-applied": "The rule's severity for special cases is not applied",
  "severity-info": "There is no severity below low; info becomes low",
  "two-fields": "Both application fields are asked; Sallyport asks the second only where the first is absent",
  "verdict-words": "Only the schema's own words for allowed and blocked are known, not each vendor's",
  "wildcard-not-escaped": "A * that the rule means literally stands for any text here",
} as const;

export type LossCode = keyof typeof LOSSES;

/** One way in which a converted rule differs from the rule itself. */
export interface Loss {
  readonly code: LossCode;
  readonly message: string;
  readonly place: { readonly rule: string; readonly file: string; readonly line: number };
}

/** Told of each loss; the same one twice is one. */
export type NoteLoss = (code: LossCode, detail?: string) => void;

/** Gathers the losses of one rule, in the order of the table. */
export function createLossList(rule: Rule): { readonly note: NoteLoss; list(): readonly Loss[] } {
  const found = new Map<LossCode, Set<string>>();
  return {
    note: (code, detail) => {
      const details = found.get(code) ?? new Set();
      if (detail !== undefined) details.add(detail);
      found.set(code, details);
    },
    list: () =>
      (Object.keys(LOSSES) as LossCode[]).flatMap((code): Loss[] => {
        const details = found.get(code);
        if (details === undefined) return [];
        const more = details.size === 0 ? "" : ` (${[...details].join(", ")})`;
        const place = { rule: rule.id, file: rule.file, line: rule.line };
        return [{ code, message: `${LOSSES[code]}${more}`, place }];
      }),
  };
}
