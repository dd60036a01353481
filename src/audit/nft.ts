/** `nft -j list ruleset`: tables, chains, sets and rules → one ruleset. */
import { SallyportError } from "../errors.ts";
import type { Family } from "./ip-set.ts";
import { itemsOf, type JsonNode, memberOf, numberOf, onlyMemberOf, textOf } from "./json-tree.ts";
import type { NftFacts, NftSet } from "./nft-match.ts";
import { nftRules } from "./nft-rule.ts";
import { ALWAYS, type AuditRule, type Chain, type Path, type Ruleset, zonesIn } from "./ruleset.ts";

/** Hooks that a packet passes, in the kernel's order. */
const HOOKS = { transit: ["prerouting", "forward", "postrouting"], host: ["output", "postrouting"] } as const;

/** Families of tables that see IP packets on these hooks. */
const FAMILIES: Readonly<Record<string, readonly Family[]>> = { ip: [4], ip6: [6], inet: [4, 6] };

/** Priorities by name. Source: nft(8), "standard priority names". */
const PRIORITIES = new Map(
  Object.entries({ raw: -300, mangle: -150, dstnat: -100, filter: 0, security: 50, srcnat: 100 }),
);

interface Listed {
  readonly kind: string;
  readonly node: JsonNode;
  /** `inet filter`. */
  readonly table: string;
  readonly name: string;
}

/** Tells whether a JSON value is a listing of nftables. */
export function looksLikeNft(tree: JsonNode): boolean {
  return memberOf(tree, "nftables")?.kind === "array";
}

/** Reads a listing. Errors: config_unrecognised for commands other than `add`. */
export function readNft(tree: JsonNode, file: string): readonly Ruleset[] {
  const listed = itemsOf(memberOf(tree, "nftables")).flatMap((item) => listedOf(item, file));
  const rules = listed.filter(({ kind }) => kind === "rule");
  const statements = rules.flatMap(({ node }) =>
    itemsOf(memberOf(node, "expr")).map((one) => onlyMemberOf(one)?.[0]),
  );
  const common = {
    untracks: statements.includes("notrack"),
    rewrites: statements.some((name) => name === "dnat" || name === "redirect" || name === "tproxy"),
  };
  const byChain = new Map<string, AuditRule[]>();
  for (const { node, table } of rules) {
    const name = `${table} ${textOf(memberOf(node, "chain"))}`;
    const facts: NftFacts = { ...common, sets: setsOf(listed, table) };
    const list = byChain.get(name) ?? [];
    byChain.set(name, list);
    list.push(...nftRules(node, { file, line: node.line }, table, facts));
  }
  const chains = new Map(chainsOf(listed, byChain, file).map((chain) => [chain.name, chain]));
  chains.set(KERNEL, kernel(file));
  return [
    {
      file,
      format: "nftables",
      name: "nftables",
      families: [4, 6],
      chains,
      paths: (["transit", "host"] as const).map((name) => pathOf(name, listed)),
      zones: zonesIn(chains.values()),
      zoneWord: "interface",
      knowsApplications: false,
      notes: notesOn(listed),
    },
  ];
}

function listedOf(item: JsonNode, file: string): readonly Listed[] {
  const [kind, node] = onlyMemberOf(item) ?? [];
  if (kind === undefined || node === undefined) return [];
  if (kind === "add") return listedOf(node, file);
  if (["insert", "delete", "replace", "flush", "destroy", "rename", "reset"].includes(kind)) {
    throw new SallyportError("config_unrecognised", {
      detail: `The command '${kind}' is not part of a listing`,
      at: { file, line: item.line },
      hint: "Give the output of 'nft -j list ruleset'.",
    });
  }
  const table = `${textOf(memberOf(node, "family"))} ${textOf(memberOf(node, "table"))}`;
  return [{ kind, node, table, name: textOf(memberOf(node, "name")) ?? "" }];
}

function familiesOf({ table }: Listed): readonly Family[] {
  const word = table.split(" ")[0] ?? "";
  return Object.hasOwn(FAMILIES, word) ? (FAMILIES[word] ?? []) : [];
}

/** The sets and maps of a table; elements may also come as items of their own. */
function setsOf(listed: readonly Listed[], table: string): ReadonlyMap<string, NftSet> {
  const own = listed.filter((one) => one.table === table);
  const added = own.filter(({ kind }) => kind === "element");
  return new Map(
    own
      .filter(({ kind }) => kind === "set" || kind === "map")
      .map(({ node, name }) => {
        const flags = memberOf(node, "flags");
        const words = [...itemsOf(flags).map(textOf), textOf(flags)];
        const more = added
          .filter((one) => one.name === name)
          .flatMap((one) => itemsOf(memberOf(one.node, "elem")));
        return [
          name,
          {
            elements: [...itemsOf(memberOf(node, "elem")), ...more],
            isDynamic: words.includes("dynamic") || words.includes("timeout"),
          },
        ];
      }),
  );
}

function chainsOf(
  listed: readonly Listed[],
  rules: ReadonlyMap<string, readonly AuditRule[]>,
  file: string,
): Chain[] {
  return listed
    .filter(({ kind }) => kind === "chain")
    .map((one): Chain => {
      const name = `${one.table} ${one.name}`;
      const families = familiesOf(one);
      const only = families.length === 1 ? families[0] : undefined;
      const isBase = memberOf(one.node, "hook") !== undefined;
      return {
        name,
        rules: rules.get(name) ?? [],
        family: only,
        policy: isBase ? policyOf(one, file) : undefined,
      };
    });
}

function policyOf({ node, table, name }: Listed, file: string): AuditRule {
  const drops = textOf(memberOf(node, "policy")) === "drop";
  return {
    place: { file, line: node.line },
    text: `${table} ${name}: policy ${drops ? "drop" : "accept"}`,
    when: ALWAYS,
    action: { do: drops ? "block" : "allow" },
  };
}

const KERNEL = "(kernel)";

/** What happens where no chain is in the way. */
function kernel(file: string): Chain {
  const text = "no chain on this hook stops it";
  return {
    name: KERNEL,
    rules: [],
    policy: { place: { file, line: 1 }, text, when: ALWAYS, action: { do: "allow" } },
  };
}

function pathOf(name: Path["name"], listed: readonly Listed[]): Path {
  const hooks: readonly string[] = HOOKS[name];
  const base = listed
    .filter((one) => one.kind === "chain" && familiesOf(one).length > 0)
    .map((one) => ({ one, hook: hooks.indexOf(textOf(memberOf(one.node, "hook")) ?? "") }))
    .filter(({ hook }) => hook >= 0)
    .sort((a, b) => a.hook - b.hook || priorityOf(a.one) - priorityOf(b.one));
  const deciding = hooks.indexOf(name === "transit" ? "forward" : "output");
  return {
    name,
    stages: [...base.map(({ one }) => `${one.table} ${one.name}`), KERNEL],
    deciding: base.filter(({ hook }) => hook === deciding).map(({ one }) => `${one.table} ${one.name}`),
  };
}

function priorityOf({ node }: Listed): number {
  const priority = memberOf(node, "prio");
  const [, word = "", offset = ""] = /^([a-z]+)\s*([+-]\s*\d+)?$/.exec(textOf(priority) ?? "") ?? [];
  return numberOf(priority) ?? (PRIORITIES.get(word) ?? 0) + Number(offset.replace(/\s/g, "") || 0);
}

function notesOn(listed: readonly Listed[]): readonly string[] {
  const unseen = listed.filter(
    (one) => one.kind === "chain" && memberOf(one.node, "hook") !== undefined && familiesOf(one).length === 0,
  );
  const names = unseen.map(({ table, name }) => `${table} ${name}`);
  return names.length === 0
    ? []
    : [`Chains that see frames or single devices are not followed: ${names.join(", ")}.`];
}
