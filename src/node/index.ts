/** sallyport/node: sources from files, folders, globs and standard input; the content that ships with the package. */
export { readRuleFiles, readText, shippedRules, type TextFile } from "./content.ts";
export { splitDuplicates } from "./duplicates.ts";
export { type ResolvedInputs, type ResolveOptions, resolveSources } from "./sources.ts";
