/** Texts and lists that many observations have in common, kept once. */
import { ownText } from "../bytes/own-text.ts";

/** So many are remembered; the rest stays with its observation. What varies more is not common. */
const MOST = 4096;

const texts = new Map<string, string>();
const lists = new Map<unknown, readonly unknown[]>();

/** The text as its first observation has it: names of products, policies and zones come with every record. */
export function sharedText(text: string): string {
  const known = texts.get(text);
  if (known !== undefined) return known;
  const own = ownText(text);
  if (texts.size < MOST) texts.set(own, own);
  return own;
}

/** The same for a list of texts or numbers. */
export function sharedList<T extends string | number>(list: readonly T[]): readonly T[] {
  const [first] = list;
  const key = list.length === 1 && typeof first === "number" ? first : JSON.stringify(list);
  const known = lists.get(key) as readonly T[] | undefined;
  if (known !== undefined) return known;
  const own = list.map((item) => (typeof item === "string" ? (sharedText(item) as T) : item));
  if (lists.size < MOST) lists.set(key, own);
  return own;
}
