/**
 * KernelPlan: what the byte kernel is told to look for, as plain data. Formats say how their raw lines produce event
 * fields, engines compose that with the rules, and the kernel executes it without knowing of either.
 */

/** How a line is framed, and what stops the kernel or sends a line on unread. */
export type KernelFraming =
  /** One flat or nested JSON object a line. */
  | { readonly kind: "json" }
  /**
   * Columns by a separator byte. A line that begins with `directive` ends the kernel's stretch; one that holds
   * `quote` before its last wanted column, or has fewer than `columns` columns, is asked.
   */
  | {
      readonly kind: "delimited";
      readonly separator: number;
      readonly columns: number;
      readonly directive: number | undefined;
      readonly quote: number | undefined;
      /** A text that means "absent" in a column, besides the empty one. */
      readonly unset: string | undefined;
    }
  /**
   * Comma-separated rows of at least `columns` columns after RFC 4180. A line that is not plainly a row ends the
   * kernel's stretch: one whose quotes stay open or stand elsewhere than around a field, one with too few columns, one
   * without any address or port in their places, or with something else there.
   */
  | { readonly kind: "csv"; readonly columns: number }
  /** Pairs key=value with blanks between them, behind the words of a header; values may be in quotes. */
  | { readonly kind: "key-value" };

/**
 * A raw value to type.
 * Shape: `port` is a plain integer of at most 65535, quoted or not, with an optional ".0"; `address` strict dotted
 * decimal, or groups of hex digits; `text` any string. Whatever is written another way is "odd", and every test on it may hold.
 */
export interface KernelSlot {
  readonly type: "port" | "address" | "text";
  /**
   * JSON and pairs: the keys that can hold it; two of them in one line make it odd. In JSON `a.b` is also the key `b` of an
   * object under `a`.
   */
  readonly keys: readonly string[];
  /** Delimited and CSV: its zero-based column. */
  readonly column: number;
  /** A line without it is asked, not ruled out: it may be another format's. */
  readonly required: boolean;
}

/** A test on one slot. An absent value fails it, unless `orAbsent`; an odd one may hold. */
export type KernelTest =
  | {
      readonly kind: "port-in";
      readonly slot: number;
      readonly values: readonly number[];
      readonly orAbsent: boolean;
    }
  | { readonly kind: "port-above"; readonly slot: number; readonly value: number; readonly orAbsent: boolean }
  /** The address's classes (a bit set, from the interval table) and these have a bit in common. */
  | { readonly kind: "class-in"; readonly slot: number; readonly mask: number; readonly orAbsent: boolean }
  /** The text holds none of these (ASCII case does not matter): the line may be of another kind. Absent: may hold. */
  | { readonly kind: "text-lacks"; readonly slot: number; readonly needles: readonly string[] }
  /** The text holds one of these, compared without regard to ASCII case. */
  | {
      readonly kind: "text-has";
      readonly slot: number;
      readonly needles: readonly string[];
      readonly orAbsent: boolean;
    };

export interface KernelPlan {
  readonly framing: KernelFraming;
  readonly slots: readonly KernelSlot[];
  /** A line is ruled out when every alternative has a test that surely fails. An empty alternative always may hold. */
  readonly alternatives: readonly (readonly KernelTest[])[];
  /**
   * Texts of which every line that may match holds at least one (ASCII case does not matter); a digits-only text counts
   * where no digit or dot stands before it and no digit after it. Null: no such texts, every line is walked.
   */
  readonly literals: readonly string[] | null;
}

/** Classes by address: sorted, disjoint intervals that cover a family. `classes[i]` holds from the start of that place on. */
export interface KernelTable {
  readonly ipv4: { readonly starts: Uint32Array; readonly classes: Uint32Array };
  /** Shape: two halves a start, the higher first. */
  readonly ipv6: { readonly starts: BigUint64Array; readonly classes: Uint32Array };
}
