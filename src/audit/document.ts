/** The review of firewall configurations as one document. Its JSON is published as schemas/firewall-review.schema.json. */
import { type Advice, adviceOf } from "./advice.ts";
import type { ExamplePacket } from "./example.ts";
import type { Answer, AuditVerdict, Outcome, Reason, Review } from "./review.ts";
import type { ConfigFormat, Path } from "./ruleset.ts";

/** A rule that decides a part of the packets. */
export interface DecidingRule {
  readonly outcome: Outcome;
  readonly file: string;
  readonly line: number;
  readonly text: string;
  /** What the rule asks for that the file cannot answer. */
  readonly cannot_decide: readonly string[];
  /** One of the packets. */
  readonly example: ExamplePacket;
}

/** What becomes of one kind of traffic. */
export interface AnswerDocument {
  /** Through the firewall, or from the firewall itself. */
  readonly path: Path["name"];
  readonly transport: "tcp" | "udp";
  readonly port: number;
  readonly family: "ipv4" | "ipv6";
  /** Worth knowing, but not SMB over TCP: no reason to fail. */
  readonly note: boolean;
  readonly verdict: AuditVerdict;
  readonly rules: readonly DecidingRule[];
}

export interface ConfigurationDocument {
  readonly file: string;
  readonly format: ConfigFormat;
  readonly name: string;
  /** Zones or interfaces that lead inside. */
  readonly inside: readonly string[];
  /** Zones or interfaces that lead to the Internet. */
  readonly outside: readonly string[];
  readonly answers: readonly AnswerDocument[];
  /** What would block it; null where nothing needs to be changed. */
  readonly change: Advice | null;
  /** What was taken for granted, and what the file cannot show. */
  readonly notes: readonly string[];
}

/** The document of `sallyport audit firewall -o json`. */
export interface FirewallReviewDocument {
  readonly schema: "sallyport.firewall-review/1";
  readonly configurations: readonly ConfigurationDocument[];
}

/** Makes the document of several reviews. */
export function reviewDocument(reviews: readonly Review[]): FirewallReviewDocument {
  return { schema: "sallyport.firewall-review/1", configurations: reviews.map(configurationOf) };
}

function configurationOf(review: Review): ConfigurationDocument {
  const { ruleset, sides, answers, notes } = review;
  return {
    file: ruleset.file,
    format: ruleset.format,
    name: ruleset.name,
    inside: sides.inside,
    outside: sides.outside,
    answers: answers.map(answerOf),
    change: adviceOf(review) ?? null,
    notes,
  };
}

function answerOf({ path, service, family, verdict, reasons }: Answer): AnswerDocument {
  return {
    path,
    transport: service.protocol === 6 ? "tcp" : "udp",
    port: service.port,
    family: family === 4 ? "ipv4" : "ipv6",
    note: service.isNote,
    verdict,
    rules: reasons.map(ruleOf),
  };
}

function ruleOf({ outcome, place, text, why, example }: Reason): DecidingRule {
  return { outcome, file: place.file, line: place.line, text, cannot_decide: why, example };
}
