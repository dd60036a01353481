/** Parsed rules as JSON and back, so that rules which never change need not be parsed at every start. */
import type { Detection, Filter, Rule, Selection, SigmaDocuments } from "./rule.ts";

/** Documents as plain JSON: the selections of a detection as pairs of name and body. */
export interface StoredDocuments {
  readonly rules: readonly Stored<Rule>[];
  readonly filters: readonly Stored<Filter>[];
}

type Stored<D extends { readonly detection: Detection }> = Omit<D, "detection"> & {
  readonly detection: StoredDetection;
};

interface StoredDetection extends Omit<Detection, "selections"> {
  readonly selections: readonly (readonly [string, Selection])[];
}

/** Makes documents storable. */
export function storeDocuments({ rules, filters }: SigmaDocuments): StoredDocuments {
  return { rules: rules.map(store), filters: filters.map(store) };
}

/** Makes documents of what was stored. */
export function restoreDocuments({ rules, filters }: StoredDocuments): SigmaDocuments {
  return { rules: rules.map(restore), filters: filters.map(restore) };
}

function store<D extends { readonly detection: Detection }>(document: D): Stored<D> {
  const { selections, condition } = document.detection;
  return { ...document, detection: { selections: [...selections], condition } };
}

function restore<D extends { readonly detection: StoredDetection }>(
  document: D,
): Omit<D, "detection"> & { readonly detection: Detection } {
  const { selections, condition } = document.detection;
  return { ...document, detection: { selections: new Map(selections), condition } };
}
