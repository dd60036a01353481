/** `sallyport advisory list | show | responses`: the threat feed, with coverage from a scan of the logs that are named. */
import type { Advisory } from "../advisories/advisory.ts";
import { type AdvisoryCoverage, advisoryCoverage, type Scanned } from "../advisories/coverage.ts";
import { renderResponses } from "../advisories/responses.ts";
import { stixBundle } from "../advisories/stix.ts";
import { SallyportError } from "../errors.ts";
import type { IpAddress } from "../net/address.ts";
import { parseIp } from "../net/parse-ip.ts";
import { readWithWorkers } from "../node/workers.ts";
import { compileRequest } from "../pipeline/compile-request.ts";
import { prepare } from "../pipeline/prepare.ts";
import type { ScanRequest } from "../pipeline/request.ts";
import { scan } from "../scan.ts";
import { jsonFeed, rssFeed } from "../sinks/advisory-feeds.ts";
import { advisoryHtml } from "../sinks/advisory-html.ts";
import {
  advisoryListText,
  advisoryMarkdown,
  advisoryText,
  responsesMarkdown,
  responsesText,
} from "../sinks/advisory-text.ts";
import { collectFindings } from "../sinks/collect.ts";
import { jsonText } from "../sinks/inert.ts";
import { loadAdvisories, loadResponses } from "./guidance.ts";
import { gatherInputs } from "./inputs.ts";
import { type ScanFlags, toRequest } from "./request.ts";
import { lookAtTerminal } from "./terminal.ts";

/** Flags of the advisory commands, by camel-cased name. */
export interface AdvisoryFlags extends Omit<ScanFlags, "output"> {
  readonly output: string;
  readonly advisories?: readonly string[];
  readonly baseUrl?: string;
}

interface Result {
  readonly text: string;
  readonly code: number;
}

const OTHER_WIDTH = 100;

/** `advisory list`: all advisories. Errors: SallyportError. */
export async function listAdvisories(flags: AdvisoryFlags): Promise<Result> {
  const advisories = await loadAdvisories(flags.advisories);
  return { text: listText(advisories, flags), code: 0 };
}

function listText(advisories: readonly Advisory[], { output, baseUrl }: AdvisoryFlags): string {
  if (output === "json") return `${jsonText(advisories.map(summaryOf), 2)}\n`;
  return feedText(advisories, output, baseUrl) ?? advisoryListText(advisories, width());
}

/** The outputs that hold one advisory as well as many; undefined for any other. */
function feedText(
  advisories: readonly Advisory[],
  output: string,
  baseUrl: string | undefined,
): string | undefined {
  if (output === "jsonfeed") return jsonFeed(advisories, baseUrl === undefined ? null : toBase(baseUrl));
  if (output === "stix") return `${jsonText(stixBundle(advisories), 2)}\n`;
  if (output !== "rss") return undefined;
  if (baseUrl !== undefined) return rssFeed(advisories, toBase(baseUrl));
  throw new SallyportError("usage", {
    detail: "An RSS feed names the place where it is published",
    hint: "Name it with --base-url, such as --base-url https://soc.example.com/advisories/",
  });
}

function toBase(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.search !== "" || url.hash !== "") {
    throw new SallyportError("option_invalid", {
      detail: `--base-url ${text}: not the http or https address of a folder`,
      hint: "Write it in full, such as https://soc.example.com/advisories/",
    });
  }
  return url.href.endsWith("/") ? url.href : `${url.href}/`;
}

function summaryOf({ sections, file, ...head }: Advisory) {
  return { ...head, sections: Object.keys(sections), file };
}

/** `advisory show`: one advisory, with the coverage that a scan of the inputs gives. Errors: SallyportError. */
export async function showAdvisory(
  id: string,
  inputs: readonly string[],
  flags: AdvisoryFlags,
): Promise<Result> {
  const advisories = await loadAdvisories(flags.advisories);
  const advisory = advisories.find((candidate) => candidate.id === id);
  if (advisory === undefined) {
    throw new SallyportError("option_invalid", {
      detail: `${id}: no such advisory`,
      hint: `Advisories here: ${advisories.map((candidate) => candidate.id).join(", ")}.`,
    });
  }
  const feed = feedText([advisory], flags.output, flags.baseUrl);
  if (feed !== undefined) return { text: feed, code: 0 };
  const { output: _, ...scanFlags } = flags;
  const request = await toRequest(scanFlags);
  const scanned = inputs.length === 0 ? null : await scanInputs(inputs, request);
  const { rules, datasets } = prepare(await compileRequest(request));
  const coverage = advisoryCoverage(advisory, rules, datasets, scanned);
  const unread = scanned?.report.coverage.inputs.some(({ status }) => UNREAD.has(status)) ?? false;
  return { text: await showText(advisory, coverage, request, flags.output), code: unread ? 3 : 0 };
}

const UNREAD: ReadonlySet<string> = new Set(["unreadable", "incomplete", "not-recognised"]);

async function showText(
  advisory: Advisory,
  coverage: AdvisoryCoverage,
  request: ScanRequest,
  output: string,
): Promise<string> {
  switch (output) {
    case "json":
      return `${jsonText({ schema: "sallyport.advisory/1", now: timeOf(request), advisory, coverage }, 2)}\n`;
    case "markdown":
      return advisoryMarkdown(advisory, coverage);
    case "html": {
      const responses = renderResponses(await loadResponses(), { destinations: [] });
      return advisoryHtml({ advisory, coverage, responses, version: request.version, now: timeOf(request) });
    }
    default:
      return advisoryText(advisory, coverage, width());
  }
}

function timeOf({ nowMs }: ScanRequest): string {
  return new Date(nowMs).toISOString();
}

/** A scan whose rows nobody prints. */
async function scanInputs(inputs: readonly string[], request: ScanRequest): Promise<Scanned> {
  const { sources, unread } = await gatherInputs(inputs, request);
  for (const { path, reason } of unread) process.stderr.write(`sallyport: ${path}: ${reason}\n`);
  const { findings, sink } = collectFindings();
  const { report } = await scan(sources, request, {
    openSink: () => sink,
    unread,
    readInputs: readWithWorkers(undefined),
  });
  return { findings, report };
}

export interface ResponseFlags {
  readonly output: string;
  readonly destination?: readonly string[];
  readonly source?: string;
  readonly vendor?: string;
}

/** `advisory responses`: block rules for some addresses, or for the whole Internet. Errors: SallyportError. */
export async function listResponses(flags: ResponseFlags): Promise<Result> {
  const all = await loadResponses();
  const wanted = flags.vendor?.toLowerCase();
  const templates = all.filter(({ id }) => wanted === undefined || id.includes(wanted));
  if (templates.length === 0) {
    throw new SallyportError("option_invalid", {
      detail: `--vendor ${flags.vendor}: no block rules for it`,
      hint: `There are some for ${all.map(({ id }) => id).join(", ")}.`,
    });
  }
  const responses = renderResponses(templates, {
    destinations: (flags.destination ?? []).map((text) => toIp(text, "--destination")),
    source: flags.source === undefined ? undefined : toIp(flags.source, "--source"),
  });
  if (flags.output === "json") return { text: `${jsonText(responses, 2)}\n`, code: 0 };
  if (flags.output === "markdown") return { text: responsesMarkdown(responses), code: 0 };
  return { text: responsesText(responses, width()), code: 0 };
}

function toIp(text: string, option: string): IpAddress {
  const ip = parseIp(text);
  if (ip !== undefined) return ip;
  throw new SallyportError("option_invalid", { detail: `${option} ${text}: not an IP address` });
}

function width(): number {
  const terminal = lookAtTerminal("never");
  return terminal.stdoutIsTty ? terminal.width : OTHER_WIDTH;
}
