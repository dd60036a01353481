/** Severity and risk of a session: its outcome's base, moved by what is known about its ends. */
import { riskAt, severityAt } from "../sigma/extension.ts";
import { type Severity, shiftSeverity } from "../sigma/level.ts";
import type { Rule } from "../sigma/rule.ts";
import { contradiction, isHostedShare, namesSmb } from "./applications.ts";
import type { Asset, Risk, RiskModifier } from "./finding.ts";
import { representative, type Session } from "./session.ts";

/** How far a modifier moves the confidence. Units: percentage points. */
const CONFIDENCE_STEP = 10;

export interface Scored {
  readonly severity: Severity;
  readonly risk: Risk;
}

/** Scores one session of a rule. A rule whose severity is flat keeps it; its risk still moves. */
export function scoreSession(rule: Rule, session: Session, sourceAsset: Asset | null): Scored {
  const { impact, confidence: base } = riskAt(rule, session.outcome);
  const modifiers = modifiersOf(session, sourceAsset);
  const steps = modifiers.reduce((sum, { delta }) => sum + delta, 0);
  const confidence = Math.min(Math.max(base + steps * CONFIDENCE_STEP, 0), 100);
  const severity = severityAt(rule, session.outcome);
  return {
    severity: isFlat(rule) ? severity : shiftSeverity(severity, steps),
    risk: { impact, confidence, score: Math.round((impact * confidence) / 10) / 10, modifiers },
  };
}

function isFlat({ extension }: Rule): boolean {
  return typeof extension.severity === "string";
}

type Test = (session: Session, sourceAsset: Asset | null) => Omit<RiskModifier, "name"> | undefined;

const MODIFIERS: Readonly<Record<string, Test>> = {
  "important source": (_, asset) => {
    const why = importance(asset);
    return why === undefined ? undefined : { delta: 1, why };
  },
  "privileged credentials": ({ auth }) =>
    auth?.user !== undefined && PRIVILEGED.test(auth.user)
      ? { delta: 1, why: `the account ${auth.user} is privileged` }
      : undefined,
  "hosted file share": (session) =>
    session.observations.some(({ destination }) => isHostedShare(destination.domain))
      ? { delta: -1, why: "the name is that of a cloud provider's file share: a candidate for an exception" }
      : undefined,
  "link-local source": (session) =>
    representative(session).source.scope === "link-local"
      ? { delta: -1, why: "the source has only a link-local address" }
      : undefined,
  "anycast destination": (session) => {
    const { destination } = representative(session);
    return ANYCAST_CLASS.test(destination.addressClass)
      ? { delta: -1, why: `${destination.effective} is ${destination.addressClass}, a special-purpose anycast service` }
      : undefined;
  },
  "other application": (session) => {
    const all = session.observations.flatMap(({ applications }) => applications);
    const other = namesSmb(all) ? undefined : contradiction(all);
    return other === undefined ? undefined : { delta: -1, why: `the sensor identified ${other}, not SMB` };
  },
  "flipped evidence only": ({ flippedOnly }) =>
    flippedOnly ? { delta: -1, why: "only the server's half of the flow was recorded" } : undefined,
};

const PRIVILEGED = /^(administrator|admin|root|krbtgt)$/i;
const ANYCAST_CLASS = /anycast|as112|amt/;
const IMPORTANT_CATEGORY = /^(server|domain[ _-]?controller|dc|pam|jump[ _-]?host|pki|backup)s?$/i;

function modifiersOf(session: Session, sourceAsset: Asset | null): readonly RiskModifier[] {
  return Object.entries(MODIFIERS).flatMap(([name, test]) => {
    const found = test(session, sourceAsset);
    return found === undefined ? [] : [{ name, ...found }];
  });
}

function importance(asset: Asset | null): string | undefined {
  if (asset === null) return undefined;
  const categories = [asset["category"] ?? []].flat();
  const category = categories.find((name) => IMPORTANT_CATEGORY.test(name));
  if (category !== undefined) return `the asset list calls the source ${category}`;
  const priority = [asset["priority"] ?? []].flat().find((word) => /^(critical)$/i.test(word));
  return priority === undefined ? undefined : `the asset list gives the source priority ${priority}`;
}
