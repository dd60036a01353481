/** Scopes: where an address lies, as rules and findings say it. */

/**
 * The words of `source.scope` and `destination.scope`. `internal` is ours, `local` is loopback and this
 * network, `multicast` includes broadcast, `reserved` is what the registries keep from the Internet,
 * `transition` is a translator's address whose prefix is not configured, `unknown` is no address.
 */
export const SCOPES = [
  "internal",
  "internet",
  "link-local",
  "local",
  "multicast",
  "reserved",
  "transition",
  "invalid",
  "unknown",
] as const;

export type Scope = (typeof SCOPES)[number];
