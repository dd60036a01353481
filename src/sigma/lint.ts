/** Lint: rules that load, but that their author should look at again. Never an error. */
import { FIELDS, type FieldName } from "../event/fields.ts";
import { OUTCOMES } from "../event/outcome.ts";
import { SCOPES } from "../net/scope.ts";
import type { FieldLeaf, Matcher } from "./leaf.ts";
import { type Plan, type PlanNode, planLeaves } from "./plan.ts";
import { literalOf } from "./text-pattern.ts";

export interface LintWarning {
  readonly code:
    | "raw-field"
    | "port-without-direction"
    | "internal-range"
    | "never-matches"
    | "missing-ipv6"
    | "missing-cannot-see"
    | "filter-idle"
    | "filter-keeps";
  readonly message: string;
  readonly file: string;
  readonly line: number;
}

type Note = readonly [code: LintWarning["code"], message: string];

/** Looks at a plan for what is legal but probably wrong. */
export function lintPlan(plan: Plan): readonly LintWarning[] {
  const { file, line } = plan.rule;
  const leaves = planLeaves(plan.condition).filter((leaf): leaf is FieldLeaf => leaf.kind === "field");
  const notes: Note[] = [
    ...portWithoutDirection(leaves),
    ...internalRanges(leaves),
    ...missingIpv6(leaves),
    ...impossibleValues(leaves),
    ...contradictions(plan.condition),
    ...missingCannotSee(plan),
  ];
  const warnings = notes.map(([code, message]): LintWarning => ({ code, message, file, line }));
  const raw = plan.warnings.map(
    (warning): LintWarning => ({
      code: "raw-field",
      message: warning.message,
      file,
      line: warning.line ?? line,
    }),
  );
  return [...raw, ...warnings];
}

const DIRECTIONAL: ReadonlySet<FieldName> = new Set<FieldName>([
  "source.scope",
  "destination.scope",
  "source.ip",
  "destination.ip",
  "source.effective_ip",
  "destination.effective_ip",
  "network.direction",
]);

function portWithoutDirection(leaves: readonly FieldLeaf[]): Note[] {
  const names = leaves.flatMap((leaf) => (leaf.field.kind === "event" ? [leaf.field.name] : []));
  if (!names.includes("destination.port") || names.some((name) => DIRECTIONAL.has(name))) return [];
  const advice = "add source.scope and destination.scope, or it fires on traffic inside as well";
  return [["port-without-direction", `The rule asks for a port but not for a direction: ${advice}`]];
}

/** Whole ranges only: a subnet of one may well be meant as it stands. */
const PRIVATE: ReadonlySet<string> = new Set([
  "10.0.0.0/8",
  "172.16.0.0/12",
  "192.168.0.0/16",
  "100.64.0.0/10",
  "fc00::/7",
]);

function internalRanges(leaves: readonly FieldLeaf[]): Note[] {
  return leaves.flatMap((leaf): Note[] => {
    // Another system's names have no scopes.
    if (leaf.field.kind === "recorded") return [];
    const found = leaf.matchers.flatMap((matcher) =>
      matcher.kind === "cidr" && PRIVATE.has(matcher.prefix.text) ? [matcher.prefix.text] : [],
    );
    if (found.length === 0) return [];
    const advice = "a scope (internal, internet) knows the site's own networks too";
    return [["internal-range", `${leaf.field.name} is compared with ${found.join(", ")}: ${advice}`]];
  });
}

function missingIpv6(leaves: readonly FieldLeaf[]): Note[] {
  const families = new Map<string, Set<number>>();
  for (const leaf of leaves) {
    if (leaf.field.kind === "recorded") continue;
    for (const matcher of leaf.matchers) {
      if (matcher.kind !== "cidr") continue;
      const seen = families.get(leaf.field.name) ?? new Set();
      families.set(leaf.field.name, seen.add(matcher.prefix.ip.family));
    }
  }
  return [...families].flatMap(([name, seen]): Note[] =>
    seen.has(6) ? [] : [["missing-ipv6", `${name} is compared with IPv4 networks only: IPv6 is not covered`]],
  );
}

/** What a field's closed list of words is, where it has one. */
const WORDS: Readonly<Partial<Record<FieldName, readonly string[]>>> = {
  "source.scope": SCOPES,
  "destination.scope": SCOPES,
  "sallyport.outcome": OUTCOMES,
  "event.action": ["allowed", "blocked", "unknown"],
};

function impossibleValues(leaves: readonly FieldLeaf[]): Note[] {
  return leaves.flatMap((leaf): Note[] => {
    if (leaf.field.kind !== "event") return [];
    const { name } = leaf.field;
    const dead = leaf.matchers.flatMap((matcher) => impossible(name, matcher) ?? []);
    return dead.length === 0 ? [] : [["never-matches", `${name} can never be ${dead.join(" or ")}`]];
  });
}

function impossible(name: FieldName, matcher: Matcher): string | undefined {
  const { type } = FIELDS[name];
  if (matcher.kind === "cidr" && type !== "ip" && type !== "keyword") return matcher.prefix.text;
  if (matcher.kind === "number" && type === "port") return isPort(matcher.value) ? undefined : matcher.text;
  const words = WORDS[name];
  if (matcher.kind !== "text" || words === undefined) return undefined;
  const literals = matcher.patterns.map(literalOf);
  const [literal] = literals;
  return literal === undefined || words.includes(literal.toLowerCase()) ? undefined : `"${literal}"`;
}

function isPort(value: number): boolean {
  return Number.isInteger(value) && value >= 0 && value <= 65_535;
}

/** A field that holds one value cannot meet two lists that share none. */
function contradictions(node: PlanNode): Note[] {
  if (node.kind === "or") return node.items.flatMap(contradictions);
  if (node.kind !== "and") return [];
  const parts = conjuncts(node);
  const leaves = parts.filter((part): part is FieldLeaf => part.kind === "field");
  return [...clashes(leaves), ...parts.flatMap((part) => (part.kind === "or" ? contradictions(part) : []))];
}

/** What must all hold, nested "and" opened up. */
function conjuncts(node: PlanNode): readonly PlanNode[] {
  return node.kind === "and" ? node.items.flatMap(conjuncts) : [node];
}

function clashes(leaves: readonly FieldLeaf[]): Note[] {
  const seen = new Map<string, ReadonlySet<string>>();
  const notes: Note[] = [];
  for (const leaf of leaves) {
    const values = fixedValues(leaf);
    if (values === undefined) continue;
    const before = seen.get(leaf.field.name);
    const isClash = leaf.every
      ? values.size > 1
      : before !== undefined && ![...values].some((v) => before.has(v));
    if (isClash)
      notes.push(["never-matches", `${leaf.field.name} is asked to be two things at once: ${leaf.label}`]);
    seen.set(leaf.field.name, values);
  }
  return notes;
}

/** The fixed values of a leaf on a single-valued event field; undefined where there is more to it. */
function fixedValues(leaf: FieldLeaf): ReadonlySet<string> | undefined {
  if (leaf.negated || leaf.field.kind !== "event" || FIELDS[leaf.field.name].type === "keywords")
    return undefined;
  const values = new Set<string>();
  for (const text of leaf.matchers.flatMap(fixedTexts)) {
    if (text === undefined) return undefined;
    values.add(text.toLowerCase());
  }
  return values;
}

/** "absent" stands for null; no literal is spelt so, since literals are marked. */
function fixedTexts(matcher: Matcher): readonly (string | undefined)[] {
  switch (matcher.kind) {
    case "number":
      return [`=${matcher.text}`];
    case "text":
      return matcher.patterns.map((pattern) => literalOf(pattern)).map((text) => text && `=${text}`);
    case "absent":
      return ["absent"];
    default:
      return [undefined];
  }
}

function missingCannotSee({ rule }: Plan): Note[] {
  if (rule.extension.cannot_see.length > 0) return [];
  return [["missing-cannot-see", "The rule does not say what it cannot see (sallyport: cannot_see)"]];
}
