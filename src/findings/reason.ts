/** The reason sentence of a finding: who did what to whom, and how far it got. */
import type { Outcome } from "../event/outcome.ts";
import type { Asset } from "./finding.ts";
import { isInbound, type Leak, leakOf } from "./leak.ts";
import { countOf, formatBytes } from "./quantity.ts";
import { representative, type Session } from "./session.ts";

/** What the sentence is about: the decisive session among all of the finding. */
export interface ReasonFacts {
  readonly session: Session;
  readonly sessions: number;
  readonly sourceAsset: Asset | null;
  readonly destinationAsset?: Asset | null | undefined;
  readonly ports: readonly number[];
  readonly bytesOut: number | null;
  readonly bytesIn: number | null;
}

/** Writes the sentence. */
export function writeReason(facts: ReasonFacts): string {
  const { session, sessions } = facts;
  const seen = representative(session);
  const from = nameOf(seen.source.ip, assetName(facts.sourceAsset) ?? seen.source.address);
  const leak = leakOf(seen.source.scope, seen.transport, facts.ports);
  const effective =
    seen.destination.effective === seen.destination.ip ? undefined : `that is ${seen.destination.effective}`;
  const to = nameOf(
    seen.destination.ip,
    assetName(facts.destinationAsset ?? null) ?? seen.destination.domain ?? effective,
  );
  const port = facts.ports.length === 0 ? "" : ` port ${facts.ports.join(", ")}`;
  const middle = VERBS[leak][session.outcome](facts, `${to}${port}`);
  const more = sessions > 1 ? ` (${countOf(sessions, "session")})` : "";
  return `${from} ${middle}${more}`;
}

type Verb = (facts: ReasonFacts, target: string) => string;

type Verbs = Readonly<Record<Outcome, Verb>>;

function leaving(protocol: string): Verbs {
  return {
    transferred: (facts, target) => {
      const direction = hasFetched(facts) ? "fetched data from" : "sent data to";
      return `${direction} ${target} over ${protocol}${counted(facts)}${offered(facts)}`;
    },
    authenticated: (facts, target) =>
      `completed an ${protocol} session to ${target}${offered(facts)}${counted(facts)}`,
    established: (facts, target) => `completed an ${protocol} session to ${target}${counted(facts)}`,
    attempted: (facts, target) => `tried ${protocol} to ${target}: ${attemptDetail(facts.session)}`,
    blocked: (facts, target) => `was stopped from ${protocol} to ${target}: ${blockDetail(facts)}`,
    unknown: (_, target) =>
      `sent ${protocol} to ${target}; no record says whether it was allowed or answered`,
  };
}

const exchanged: Verb = (facts, target) => `exchanged NetBIOS datagrams with ${target}${counted(facts)}`;

const VERBS: Readonly<Record<Leak, Verbs>> = {
  smb: leaving("SMB"),
  quic: leaving("SMB-over-QUIC"),
  netbios: {
    ...leaving("NetBIOS"),
    transferred: exchanged,
    authenticated: exchanged,
    established: exchanged,
    attempted: (facts, target) => `sent NetBIOS datagrams to ${target}: ${attemptDetail(facts.session)}`,
  },
  inbound: {
    transferred: (facts, target) => {
      const direction = hasFetched(facts) ? "took data from it" : "left data there";
      return `reached ${target} over SMB and ${direction}${counted(facts)}${offered(facts)}`;
    },
    authenticated: (facts, target) => `reached ${target} over SMB${offered(facts)}${counted(facts)}`,
    established: (facts, target) => `reached ${target} over SMB${counted(facts)}`,
    attempted: (facts, target) => `tried to reach ${target} over SMB: ${attemptDetail(facts.session)}`,
    blocked: (facts, target) => `was kept from reaching ${target} over SMB: ${blockDetail(facts)}`,
    unknown: (_, target) =>
      `sent SMB to ${target} from the Internet; no record says whether it was allowed or answered`,
  },
};

/** By the counters where there are any, else by what was done to a file. */
function hasFetched({ session, bytesOut, bytesIn }: ReasonFacts): boolean {
  if (bytesOut !== null || bytesIn !== null) return (bytesIn ?? 0) > (bytesOut ?? 0);
  return !session.observations.some(({ transfer }) => transfer === "upload");
}

function attemptDetail(session: Session): string {
  const states = new Set(session.observations.map(({ state }) => state));
  if (states.has("refused")) return "refused by the destination, which is therefore reachable";
  if (states.has("no-answer")) return "no answer";
  const allowed = session.observations.find(({ action }) => action === "allowed");
  if (session.flippedOnly) return "only the answering half of the flow was recorded";
  if (allowed === undefined) return "completion not recorded";
  return `allowed by ${decider(allowed)}; completion not recorded`;
}

function blockDetail(facts: ReasonFacts): string {
  const { session } = facts;
  const { bytesOut, bytesIn } = asWeSeeIt(facts);
  const blocked = session.observations.find(({ action }) => action === "blocked") ?? representative(session);
  const left = (bytesOut ?? 0) > 0 || (bytesIn ?? 0) > 0;
  const bytes = left ? `, after ${formatBytes(bytesOut ?? 0)} out and ${formatBytes(bytesIn ?? 0)} in` : "";
  return `blocked by ${decider(blocked)}${bytes}`;
}

function decider({ observer, dataset, policy }: Session["observations"][number]): string {
  const who = observer ?? dataset;
  return policy === undefined ? who : `${who} (policy ${policy})`;
}

function offered({ session: { auth } }: ReasonFacts): string {
  if (auth === undefined) return "";
  const protocol = auth.protocol === "ntlm" ? "NTLM" : "Kerberos";
  const account = auth.domain === undefined ? auth.user : `${auth.domain}\\${auth.user ?? "?"}`;
  const whose = account === undefined ? "" : ` of ${account}`;
  const answer = auth.success === undefined ? "answer not recorded" : auth.success ? "accepted" : "rejected";
  return `, offering ${protocol} credentials${whose} (${answer})`;
}

function counted(facts: ReasonFacts): string {
  const { bytesOut, bytesIn } = asWeSeeIt(facts);
  const parts = [
    bytesOut === null ? [] : `${formatBytes(bytesOut)} out`,
    bytesIn === null ? [] : `${formatBytes(bytesIn)} in`,
  ].flat();
  return parts.length === 0 ? "" : `: ${parts.join(", ")}`;
}

/** Out is what leaves us: of a session from the Internet, what its server sends. */
function asWeSeeIt({ session, bytesOut, bytesIn }: ReasonFacts): Pick<ReasonFacts, "bytesOut" | "bytesIn"> {
  return isInbound(session) ? { bytesOut: bytesIn, bytesIn: bytesOut } : { bytesOut, bytesIn };
}

function nameOf(ip: string, name: string | undefined): string {
  return name === undefined || name === ip ? ip : `${ip} (${name})`;
}

function assetName(asset: Asset | null): string | undefined {
  return [asset?.["nt_host"] ?? asset?.["dns"] ?? []].flat()[0];
}
