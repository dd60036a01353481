/** Texts that outlive their chunk. */

/** Shorter texts are copied by the engine anyway. Source: V8's minimum length of a sliced string. */
const SLICED_FROM = 13;

/**
 * Copies a text that was cut out of a larger one, so that keeping it does not keep the whole chunk alive:
 * the engine represents a slice as a view of its parent.
 */
export function ownText(text: string): string {
  return text.length < SLICED_FROM ? text : ` ${text}`.slice(1);
}
