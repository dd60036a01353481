/** Vendors' words for a verdict, and what they mean: allowed, blocked, or a word that is no verdict. */

/** The values of event.action. */
export type Verdict = "allowed" | "blocked" | "unknown";

const WORDS: Readonly<Record<Verdict, readonly string[]>> = {
  allowed: [
    ..."allowed allow accepted accept passed pass permitted permit trusted trust".split(" "),
    ..."forwarded forward built bypass bypassed encrypt decrypt".split(" "),
  ],
  blocked: [
    ..."blocked block denied deny dropped drop rejected reject prevented prevent discarded discard".split(
      " ",
    ),
    ..."reset reset-both reset-client reset-server tcp-reset drop-icmp blackhole sinkhole".split(" "),
    ..."block-with-reset interactive-block interactive-block-with-reset".split(" "),
  ],
  // How a session began or ended, or that a rule only watched: the verdict is not in the word.
  unknown: [
    ..."unknown teardown close closed timeout start started end ended open opened".split(" "),
    ..."client-rst server-rst ip-conn monitor detect detected alert".split(" "),
  ],
};

const VERDICTS: ReadonlyMap<string, Verdict> = new Map(
  (Object.entries(WORDS) as [Verdict, readonly string[]][]).flatMap(([verdict, words]) =>
    words.map((word): [string, Verdict] => [word, verdict]),
  ),
);

/** "flow_denied", "connection-dropped": a noun, then the verdict. */
const NOUN =
  /^(?:flow|connection|traffic|packet|session)-(?=(?:allowed|permitted|denied|dropped|blocked|rejected)$)/;

/**
 * Reads a vendor's word for what was done with a connection; case, blanks and underscores do not matter.
 * Shape: undefined for a word that is not known as a word for an action at all.
 */
export function verdictOf(word: string): Verdict | undefined {
  if (word !== last.word) last = { word, verdict: readWord(word) };
  return last.verdict;
}

/** The last answer: neighbours in a log mostly have the same word. */
let last: { readonly word: string; readonly verdict: Verdict | undefined } = { word: "", verdict: undefined };

function readWord(word: string): Verdict | undefined {
  const key = word
    .trim()
    .toLowerCase()
    .replace(/[\s_]+/g, "-");
  return VERDICTS.get(key) ?? VERDICTS.get(key.replace(NOUN, ""));
}

/** The verdict of several words: what all that carry one agree on, else unknown. */
export function verdictOfAll(words: readonly string[]): Verdict | undefined {
  let agreed: Verdict | undefined;
  for (const word of words) {
    const verdict = verdictOf(word);
    if (verdict === undefined || verdict === agreed) continue;
    if (agreed !== undefined) return "unknown";
    agreed = verdict;
  }
  return agreed;
}
