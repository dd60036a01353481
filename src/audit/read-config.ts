/** From texts to rulesets: each file's format told by its content; sets and prefix lists serve all files. */
import { SallyportError } from "../errors.ts";
import { looksLikeAws, looksLikePrefixList, readAws, readPrefixLists } from "./aws.ts";
import { readIpSets } from "./ipset.ts";
import { looksLikeIptables, readIptables } from "./iptables.ts";
import { parseJsonTree } from "./json-tree.ts";
import { looksLikeNft, readNft } from "./nft.ts";
import { looksLikePanos, readPanos } from "./panos.ts";
import type { Ruleset } from "./ruleset.ts";

/** A configuration's text, and the path it goes by. */
export interface ConfigText {
  readonly file: string;
  readonly text: string;
}

/** A file that could not be used; the others still are. */
export interface ConfigProblem {
  readonly file: string;
  readonly error: SallyportError;
}

export interface ReadConfigs {
  readonly rulesets: readonly Ruleset[];
  readonly problems: readonly ConfigProblem[];
}

type Reader = (shared: Shared) => readonly Ruleset[];

interface Shared {
  readonly sets: ReturnType<typeof readIpSets>;
  readonly lists: ReturnType<typeof readPrefixLists>;
}

/** Reads all files of one review together. */
export function readConfigs(texts: readonly ConfigText[]): ReadConfigs {
  const problems: ConfigProblem[] = [];
  const readers: { readonly file: string; readonly read: Reader }[] = [];
  const lists = new Map<string, readonly string[]>();
  const guarded = (file: string, work: () => void): void => {
    try {
      work();
    } catch (error) {
      if (!(error instanceof SallyportError)) throw error;
      problems.push({ file, error });
    }
  };
  for (const config of texts) {
    guarded(config.file, () => readers.push({ file: config.file, read: readerOf(config, lists) }));
  }
  const shared = { sets: readIpSets(texts.map(({ text }) => text)), lists };
  const rulesets: Ruleset[] = [];
  for (const { file, read } of readers) guarded(file, () => rulesets.push(...read(shared)));
  return { rulesets: rulesets.map((ruleset) => withOtherFamily(ruleset, rulesets)), problems };
}

/** iptables has one program per family, so that half of the answer may be missing. */
function withOtherFamily(ruleset: Ruleset, rulesets: readonly Ruleset[]): Ruleset {
  const own = rulesets.filter(({ format }) => format === "iptables");
  if (ruleset.format !== "iptables") return ruleset;
  const missing = ([4, 6] as const).filter(
    (family) => !own.some(({ families }) => families.includes(family)),
  );
  const notes = missing.map(
    (family) =>
      `IPv${family} is not answered: give the output of ip${family === 6 ? "6" : ""}tables-save too.`,
  );
  return { ...ruleset, notes: [...notes, ...ruleset.notes] };
}

/** How to read a file. Prefix lists go to `lists` at once. Errors: config_unrecognised. */
function readerOf({ file, text }: ConfigText, lists: Map<string, readonly string[]>): Reader {
  const plain = text.replace(/^\uFEFF/, "");
  if (looksLikePanos(plain)) return () => readPanos(plain, file);
  if (/^\s*\{/.test(plain)) {
    const tree = parseJsonTree(plain, file);
    if (looksLikeNft(tree)) return () => readNft(tree, file);
    if (looksLikeAws(tree)) return (shared) => readAws(tree, file, shared.lists);
    if (looksLikePrefixList(tree)) {
      for (const [id, entries] of readPrefixLists(tree, file)) lists.set(id, entries);
      return () => [];
    }
  }
  if (looksLikeIptables(plain)) return (shared) => readIptables(plain, file, shared.sets);
  if (/^create \S+ \S+/m.test(plain)) return () => [];
  throw new SallyportError("config_unrecognised", {
    detail: "The content is of no firewall that is known here",
    at: { file },
  });
}
