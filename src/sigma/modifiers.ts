/**
 * The value modifiers of Sigma: which there are, which go together, and what they need.
 * Source: Sigma specification 2.1.0, appendix "Sigma Modifiers".
 */

interface ModifierSpec {
  /** At most one of a role may stand in one line; `flag` and `windash` combine freely. */
  readonly role: "operator" | "place" | "bytes" | "encoding" | "regex-flag" | "flag";
  /** Other modifiers that may stand beside it. */
  readonly with: readonly string[];
  /** One of these must stand beside it. */
  readonly needs?: readonly string[];
}

const TEXT_SIDE = ["contains", "startswith", "endswith", "all", "cased", "windash", "neq"] as const;
const ENCODED_SIDE = ["contains", "startswith", "endswith", "all", "cased", "neq"] as const;
const UTF16 = ["wide", "utf16", "utf16le", "utf16be"] as const;
const BASE64 = ["base64", "base64offset"] as const;

export const MODIFIERS = {
  contains: { role: "place", with: ["all", "cased", "windash", "neq", ...UTF16, ...BASE64] },
  startswith: { role: "place", with: ["all", "cased", "windash", "neq", ...UTF16, ...BASE64] },
  endswith: { role: "place", with: ["all", "cased", "windash", "neq", ...UTF16, ...BASE64] },
  windash: { role: "flag", with: ["contains", "startswith", "endswith", "all", "cased", "neq"] },
  cased: { role: "flag", with: [...TEXT_SIDE, "fieldref", ...UTF16, ...BASE64] },
  neq: {
    role: "flag",
    with: ["contains", "startswith", "endswith", "cased", "windash", "fieldref", ...UTF16, ...BASE64],
  },
  all: {
    role: "flag",
    with: [
      "contains",
      "startswith",
      "endswith",
      "cased",
      "windash",
      "cidr",
      "re",
      "i",
      "m",
      "s",
      ...UTF16,
      ...BASE64,
    ],
  },
  wide: { role: "bytes", with: [...ENCODED_SIDE, ...BASE64], needs: BASE64 },
  utf16: { role: "bytes", with: [...ENCODED_SIDE, ...BASE64], needs: BASE64 },
  utf16le: { role: "bytes", with: [...ENCODED_SIDE, ...BASE64], needs: BASE64 },
  utf16be: { role: "bytes", with: [...ENCODED_SIDE, ...BASE64], needs: BASE64 },
  base64: { role: "encoding", with: [...ENCODED_SIDE, ...UTF16] },
  base64offset: { role: "encoding", with: [...ENCODED_SIDE, ...UTF16] },
  re: { role: "operator", with: ["i", "m", "s", "all"] },
  i: { role: "regex-flag", with: ["re", "m", "s", "all"], needs: ["re"] },
  m: { role: "regex-flag", with: ["re", "i", "s", "all"], needs: ["re"] },
  s: { role: "regex-flag", with: ["re", "i", "m", "all"], needs: ["re"] },
  cidr: { role: "operator", with: ["all"] },
  exists: { role: "operator", with: [] },
  gt: { role: "operator", with: [] },
  gte: { role: "operator", with: [] },
  lt: { role: "operator", with: [] },
  lte: { role: "operator", with: [] },
  fieldref: { role: "operator", with: ["neq", "cased"] },
} as const satisfies Record<string, ModifierSpec>;

export type ModifierName = keyof typeof MODIFIERS;

/** Modifiers that the specification has and this engine refuses, with the reason. */
const REFUSED: Readonly<Record<string, string>> = {
  expand: "placeholders get their values from a processing pipeline, and there is none",
  minute: "parts of a time are not taken out of fields",
  hour: "parts of a time are not taken out of fields",
  day: "parts of a time are not taken out of fields",
  week: "parts of a time are not taken out of fields",
  month: "parts of a time are not taken out of fields",
  year: "parts of a time are not taken out of fields",
};

/** Modifiers that may not stand without a field: keywords are texts within texts. */
const NEEDS_FIELD: ReadonlySet<string> = new Set([
  "startswith",
  "endswith",
  "neq",
  "cidr",
  "exists",
  "gt",
  "gte",
  "lt",
  "lte",
  "fieldref",
]);

/** What is wrong with a chain of modifiers. */
export interface ModifierFault {
  readonly code: "rule_invalid" | "rule_unsupported";
  readonly detail: string;
}

/**
 * Checks a chain of modifiers as written.
 * Shape: the names, or what is wrong with them.
 */
export function checkModifiers(
  names: readonly string[],
  hasField: boolean,
): readonly ModifierName[] | ModifierFault {
  const known: ModifierName[] = [];
  for (const name of names) {
    const refused = REFUSED[name];
    if (refused !== undefined) return unsupported(`The modifier "${name}" is not supported: ${refused}`);
    if (!isModifier(name)) return invalid(`There is no modifier "${name}"`);
    if (known.includes(name)) return invalid(`The modifier "${name}" stands twice`);
    if (!hasField && NEEDS_FIELD.has(name)) return invalid(`The modifier "${name}" needs a field`);
    known.push(name);
  }
  return pairFault(known) ?? orderFault(known) ?? known;
}

/** Tells whether checkModifiers gave a fault. */
export function isFault(checked: readonly ModifierName[] | ModifierFault): checked is ModifierFault {
  return "code" in checked;
}

function pairFault(names: readonly ModifierName[]): ModifierFault | undefined {
  for (const name of names) {
    const spec: ModifierSpec = MODIFIERS[name];
    const stranger = names.find((other) => other !== name && !spec.with.includes(other));
    if (stranger !== undefined)
      return invalid(`The modifiers "${name}" and "${stranger}" do not go together`);
    if (spec.needs !== undefined && !spec.needs.some((need) => names.includes(need as ModifierName))) {
      return invalid(
        `The modifier "${name}" needs ${spec.needs.map((need) => `"${need}"`).join(" or ")} after it`,
      );
    }
  }
  return undefined;
}

/** Modifiers apply in the order written, so bytes come before their encoding, and an encoding before its place. */
function orderFault(names: readonly ModifierName[]): ModifierFault | undefined {
  const order = names.flatMap((name) => {
    const role: ModifierSpec["role"] = MODIFIERS[name].role;
    return role === "bytes" ? [1] : role === "encoding" ? [2] : role === "place" ? [3] : [];
  });
  const sorted = order.every((rank, at) => at === 0 || (order[at - 1] ?? 0) < rank);
  if (sorted) return undefined;
  return invalid(
    `The modifiers "${names.join("|")}" are in the wrong order: bytes, then encoding, then place`,
  );
}

function isModifier(name: string): name is ModifierName {
  return Object.hasOwn(MODIFIERS, name);
}

function invalid(detail: string): ModifierFault {
  return { code: "rule_invalid", detail };
}

function unsupported(detail: string): ModifierFault {
  return { code: "rule_unsupported", detail };
}
