/** Colour on a terminal. Colour only repeats what a word or a symbol says already. */

/** SGR codes. Source: ECMA-48, 8.3.117. */
const CODES = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  blue: [34, 39],
  cyan: [36, 39],
} as const;

export type Paint = keyof typeof CODES;

/** Paints a text, or leaves it as it is. */
export type Painter = (text: string, ...paints: readonly Paint[]) => string;

/** A painter that paints only when `color` is on. */
export function createPainter(color: boolean): Painter {
  if (!color) return (text) => text;
  return (text, ...paints) =>
    paints.reduce((painted, paint) => `\u001b[${CODES[paint][0]}m${painted}\u001b[${CODES[paint][1]}m`, text);
}
