/** Severity and risk of a session: its outcome's base, moved by what is known about its ends. */
import { riskAt, severityAt } from "../sigma/extension.ts";
import { compareSeverity, SEVERITIES, type Severity, shiftSeverity } from "../sigma/level.ts";
import type { Rule } from "../sigma/rule.ts";
import { contradiction, isHostedShare, namesSmb } from "./applications.ts";
import type { Asset, Risk, RiskModifier } from "./finding.ts";
import { isInbound, leakOfSession } from "./leak.ts";
import { formatBytes } from "./quantity.ts";
import { representative, type Session } from "./session.ts";

/**
 * What an NTLM log-on needs at least: negotiation and two session set-ups. Calibrate on captures.
 * Units: bytes per direction.
 */
const LOGON_BYTES = { out: 800, in: 400 };

/** How far a modifier moves the confidence. Units: percentage points. */
const CONFIDENCE_STEP = 10;

export interface Scored {
  readonly severity: Severity;
  readonly risk: Risk;
}

/** What is known of a session beside its rule and its records. */
export interface ScoreContext {
  /** The rule's severity here, where more than the outcome decides it. */
  readonly severity?: Severity | undefined;
  /** Session rules that the session met as well, each with its severity here. */
  readonly raisedBy?: readonly { readonly rule: Rule; readonly severity: Severity }[] | undefined;
  /** What history and other sessions tell. */
  readonly modifiers?: readonly RiskModifier[] | undefined;
}

/**
 * Scores one session of a rule. A rule whose severity is flat keeps it whatever modifiers say; its risk still
 * moves. A session rule may raise either kind, never lower it.
 */
export function scoreSession(
  rule: Rule,
  session: Session,
  ownAsset: Asset | null,
  context: ScoreContext = {},
): Scored {
  const { impact, confidence: base } = riskAt(rule, session.outcome);
  const own = context.severity ?? severityAt(rule, session.outcome);
  const raise = raiseOf(own, context.raisedBy ?? []);
  const known = joined(modifiersOf(session, ownAsset), context.modifiers ?? []);
  const steps = known.reduce((sum, { delta }) => sum + delta, 0);
  const confidence = Math.min(Math.max(base + steps * CONFIDENCE_STEP, 0), 100);
  const severity = shiftSeverity(own, raise?.delta ?? 0);
  return {
    severity: isFlat(rule) ? severity : shiftSeverity(severity, steps),
    risk: {
      impact,
      confidence,
      score: Math.round((impact * confidence) / 10) / 10,
      modifiers: raise === undefined ? known : [raise, ...known],
    },
  };
}

/** Most sessions have no modifier: they share one empty list. */
const NO_MODIFIERS: readonly RiskModifier[] = [];

function joined(own: readonly RiskModifier[], others: readonly RiskModifier[]): readonly RiskModifier[] {
  return own.length + others.length === 0 ? NO_MODIFIERS : [...own, ...others];
}

/** The step from a rule's own severity to the highest of the session rules', if that is higher. */
function raiseOf(own: Severity, raisedBy: NonNullable<ScoreContext["raisedBy"]>): RiskModifier | undefined {
  if (raisedBy.length === 0) return undefined;
  const [highest] = [...raisedBy].sort(
    (a, b) => compareSeverity(a.severity, b.severity) || (a.rule.id < b.rule.id ? -1 : 1),
  );
  const delta = highest === undefined ? 0 : SEVERITIES.indexOf(highest.severity) - SEVERITIES.indexOf(own);
  if (highest === undefined || delta <= 0) return undefined;
  return { name: highest.rule.id, delta, why: `${highest.rule.title}: ${highest.severity}` };
}

function isFlat({ extension }: Rule): boolean {
  return typeof extension.severity === "string";
}

type Test = (session: Session, ownAsset: Asset | null) => Omit<RiskModifier, "name"> | undefined;

const MODIFIERS: Readonly<Record<string, Test>> = {
  "important source": (session, asset) => {
    const why = importance(asset, "source");
    return why === undefined || isInbound(session) ? undefined : { delta: 1, why };
  },
  "important destination": (session, asset) => {
    const why = importance(asset, "destination");
    return why === undefined || !isInbound(session) ? undefined : { delta: 1, why };
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
      ? {
          delta: -1,
          why: `${destination.effective} is ${destination.addressClass}, a special-purpose anycast service`,
        }
      : undefined;
  },
  "other application": (session) => {
    if (!["smb", "inbound"].includes(leakOfSession(session))) return undefined;
    const all = session.observations.flatMap(({ applications }) => applications);
    const other = namesSmb(all) ? undefined : contradiction(all);
    return other === undefined ? undefined : { delta: -1, why: `the sensor identified ${other}, not SMB` };
  },
  "credential-sized exchange": (session) => {
    const { auth, bytesOut = 0, bytesIn = 0 } = session;
    if (auth !== undefined || bytesOut < LOGON_BYTES.out || bytesIn < LOGON_BYTES.in) return undefined;
    if (leakOfSession(session) !== "smb") return undefined;
    const why = `${formatBytes(bytesOut)} out and ${formatBytes(bytesIn)} in are enough for an NTLM log-on, though none was recorded`;
    return { delta: 0, why };
  },
  "flipped evidence only": ({ flippedOnly }) =>
    flippedOnly ? { delta: -1, why: "only the server's half of the flow was recorded" } : undefined,
};

const PRIVILEGED = /^(administrator|admin|root|krbtgt)$/i;
const ANYCAST_CLASS = /anycast|as112|amt/;
const IMPORTANT_CATEGORY = /^(server|domain[ _-]?controller|dc|pam|jump[ _-]?host|pki|backup)s?$/i;

const TESTS = Object.entries(MODIFIERS);

function modifiersOf(session: Session, ownAsset: Asset | null): readonly RiskModifier[] {
  const modifiers: RiskModifier[] = [];
  for (const [name, test] of TESTS) {
    const found = test(session, ownAsset);
    if (found !== undefined) modifiers.push({ name, ...found });
  }
  return modifiers;
}

function importance(asset: Asset | null, end: "source" | "destination"): string | undefined {
  if (asset === null) return undefined;
  const categories = [asset["category"] ?? []].flat();
  const category = categories.find((name) => IMPORTANT_CATEGORY.test(name));
  if (category !== undefined) return `the asset list calls the ${end} ${category}`;
  const priority = [asset["priority"] ?? []].flat().find((word) => /^(critical)$/i.test(word));
  return priority === undefined ? undefined : `the asset list gives the ${end} priority ${priority}`;
}
