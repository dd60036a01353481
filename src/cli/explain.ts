/** `sallyport explain`: why an event did or did not match, clause by clause, with what stands behind each value. */
import type { Source } from "../bytes/source.ts";
import { type ExplainNode, explain, type RecordNames } from "../engines/explain.ts";
import { PROBLEMS, type ProblemCode, SallyportError } from "../errors.ts";
import type { EventBatch, NetworkEvent } from "../event/event.ts";
import type { FieldName } from "../event/fields.ts";
import { formatTimestamp } from "../event/timestamp.ts";
import { createTally, type InputTally } from "../findings/account.ts";
import { createExceptionIndex, type ExceptionIndex } from "../findings/exceptions.ts";
import { countOf } from "../findings/quantity.ts";
import { createRouter } from "../formats/detect.ts";
import { FORMATS } from "../formats/index.ts";
import type { Classified } from "../net/model.ts";
import { type ResolvedInputs, resolveSources } from "../node/sources.ts";
import type { Prepared } from "../pipeline/prepare.ts";
import { readEvents } from "../pipeline/read-events.ts";
import type { Plan } from "../sigma/plan.ts";
import { inertText } from "../sinks/inert.ts";
import { inputsOrPipe } from "./inputs.ts";
import { openOutput, withoutOutput } from "./output.ts";
import { prepareFlags } from "./prepare-flags.ts";
import type { ScanFlags } from "./request.ts";

export interface ExplainFlags extends ScanFlags {
  readonly rule?: string;
}

/** Explains every event of the inputs. Gives the exit code. */
export async function explainCommand(inputs: readonly string[], flags: ExplainFlags): Promise<number> {
  const prepared = await prepareFlags(flags);
  const plans = choosePlans(prepared, flags.rule);
  const exceptions = createExceptionIndex(prepared.site.exceptions, prepared.request.nowMs);
  const toText = (event: NetworkEvent, path: string): string =>
    flags.output === "json"
      ? `${JSON.stringify(explainAsJson(event, path, plans, prepared))}\n`
      : explainAsText(event, path, plans, prepared, exceptions);
  const sources = await resolveSources(inputsOrPipe(inputs, "explain"), {
    now: prepared.request.nowMs,
    stdin: process.stdin,
  });
  // One event after the other, as they are read.
  const output = await openOutput(flags.out, "at once");
  let unread = reportMissing(sources, inputs);
  for (const source of await withoutOutput(sources.sources, flags.out)) {
    const tally = createTally(source.path);
    for await (const batch of eventsOf(source, tally, prepared)) {
      for (const event of batch.events) await output.write(toText(event, source.path));
    }
    if (reportUnread(tally, source)) unread++;
  }
  await output.close();
  return unread > 0 ? 3 : 0;
}

function eventsOf(source: Source, tally: InputTally, prepared: Prepared): AsyncIterable<EventBatch> {
  const { path, year } = source;
  const { request, model } = prepared;
  return readEvents(source, {
    router: createRouter(FORMATS, prepared.formatsFor(path), prepared.contextFor(path, year)),
    model,
    tally,
    strict: request.strict,
  });
}

/** Says what is not there. Shape: how many inputs that is. */
function reportMissing({ sources, missing }: ResolvedInputs, inputs: readonly string[]): number {
  for (const { path, reason } of missing) sayOnStderr(`${path}: ${reason}`);
  if (sources.length + missing.length > 0) return missing.length;
  sayOnStderr(`${inputs.join(", ")}: there is no file in this folder`);
  return 1;
}

/** Of session rules, only the one that is asked for: a record alone is not what they look at. */
function choosePlans({ plans, eventPlaces }: Prepared, id: string | undefined): readonly Plan[] {
  if (id === undefined) return eventPlaces.flatMap((at) => plans[at] ?? []);
  const chosen = plans.filter(({ rule }) => [rule.id, rule.uuid, rule.title].includes(id));
  if (chosen.length > 0) return chosen;
  throw new SallyportError("option_invalid", {
    detail: `--rule ${id}: no such rule`,
    hint: `Rules here: ${plans.map(({ rule }) => rule.id).join(", ")}.`,
  });
}

/** Says on standard error what could not be read; an event that is not shown must not look like a non-match. */
function reportUnread(tally: InputTally, { named }: Source): boolean {
  const lines: string[] = [];
  if (!named && tally.decoded === 0 && tally.status === "read" && tally.rejected > 0) {
    sayOnStderr(`${tally.path}: skipped: not a log that can be read`);
    return false;
  }
  if (tally.status !== "read") lines.push(`${tally.path}: ${tally.status}: ${tally.reason ?? ""}`);
  for (const [code, { count, samples }] of Object.entries(tally.problems)) {
    const { message } = PROBLEMS[code as ProblemCode];
    lines.push(`${tally.path}: ${count} × ${message}, first at byte ${samples[0]?.offset ?? 0}`);
  }
  if (tally.events === 0) {
    const records = tally.decoded + tally.skipped + tally.rejected;
    lines.push(`${tally.path}: no network event in ${countOf(records, "record")}`);
  }
  for (const line of lines) sayOnStderr(line);
  return tally.status !== "read" || tally.rejected > 0;
}

function sayOnStderr(line: string): void {
  process.stderr.write(`sallyport: ${inertText(line)}\n`);
}

/** The record's own names, as the event's format maps them; of a flipped event the ends are the other way round. */
const recordNames: RecordNames = (field, event) => {
  const format = FORMATS.find(({ name }) => name === event.format);
  const asked = event["sallyport.flipped"] === true ? otherEnd(field) : field;
  return format?.fields[asked]?.find((name) => event.record.get(name) !== undefined);
};

function otherEnd(field: FieldName): FieldName {
  if (field.startsWith("source.")) return field.replace("source.", "destination.") as FieldName;
  return (field.startsWith("destination.") ? field.replace("destination.", "source.") : field) as FieldName;
}

function explainAsJson(event: NetworkEvent, file: string, plans: readonly Plan[], { model }: Prepared) {
  return {
    file,
    offset: event.offset,
    "@timestamp": event["@timestamp"] === undefined ? null : formatTimestamp(event["@timestamp"]),
    source: classifiedAsJson(event["source.ip"]?.text, model.classify(event["source.ip"])),
    destination: classifiedAsJson(event["destination.ip"]?.text, model.classify(event["destination.ip"])),
    outcome: event["sallyport.outcome"] ?? null,
    problems: event.problems ?? [],
    rules: plans.map((plan) => {
      const tree = explain(plan, event, recordNames);
      return { id: plan.rule.id, name: plan.rule.title, matches: tree.passed, tree };
    }),
  };
}

function classifiedAsJson(ip: string | undefined, classified: Classified) {
  return {
    ip: ip ?? null,
    effective_ip: classified.effective?.text ?? null,
    scope: classified.scope,
    address_class: classified.addressClass,
    registry_row: classified.row ?? null,
    network: classified.network ?? null,
    embedded: classified.embedded?.kind ?? null,
  };
}

function explainAsText(
  event: NetworkEvent,
  file: string,
  plans: readonly Plan[],
  { model, site }: Prepared,
  exceptions: ExceptionIndex,
): string {
  const time = event["@timestamp"] === undefined ? "no time" : formatTimestamp(event["@timestamp"]);
  const lines = [
    `${inertText(file)} byte ${event.offset}, ${time}, ${inertText(event["event.dataset"] ?? event.dataset)}`,
    addressLine("source", event["source.ip"]?.text, event["source.port"], model.classify(event["source.ip"])),
    addressLine(
      "destination",
      event["destination.ip"]?.text,
      event["destination.port"],
      model.classify(event["destination.ip"]),
    ),
    `  outcome      ${event["sallyport.outcome"] ?? "unknown"}: ${evidenceOf(event)}`,
    `  exception    ${exceptionLine(event, plans, exceptions, site.exceptions.length)}`,
  ];
  if (event["sallyport.flipped"] === true)
    lines.push("  flipped      the record has server and client the other way round");
  if (event.problems !== undefined) lines.push(`  quality      ${event.problems.join(", ")}`);
  for (const plan of plans) {
    const tree = explain(plan, event, recordNames);
    lines.push(`  ${tree.passed ? "MATCH   " : "NO MATCH"}     ${plan.rule.id} ${plan.rule.title}`);
    lines.push(...treeLines(tree, "    "));
  }
  return `${lines.join("\n")}\n\n`;
}

function addressLine(
  end: string,
  ip: string | undefined,
  port: number | undefined,
  classified: Classified,
): string {
  const { scope, addressClass, row, embedded, network, effective } = classified;
  const place = ip === undefined ? "absent" : `${ip}${port === undefined ? "" : ` port ${port}`}`;
  const registry =
    row === undefined ? "no registry row" : `registry row ${row.prefix} ${row.registryName}, ${row.rfc}`;
  const parts = [
    `${place}: scope ${scope}, class ${addressClass}`,
    ip === undefined ? undefined : registry,
    network === undefined ? undefined : `in our network ${network}`,
    embedded === undefined ? undefined : `${embedded.kind}, effective address ${effective?.text}`,
  ];
  return `  ${end.padEnd(12)} ${parts.filter((part) => part !== undefined).join("; ")}`;
}

function evidenceOf(event: NetworkEvent): string {
  const parts = [
    event["event.action"] === undefined ? "no verdict" : `verdict ${event["event.action"]}`,
    event["event.provider_action"] === undefined ? undefined : `written ${event["event.provider_action"]}`,
    event["sallyport.state"] === undefined ? "no state" : `state ${event["sallyport.state"]}`,
    event["source.bytes"] === undefined ? undefined : `${event["source.bytes"]} bytes out`,
    event["destination.bytes"] === undefined ? undefined : `${event["destination.bytes"]} bytes in`,
    event["sallyport.auth.protocol"] === undefined
      ? undefined
      : `${event["sallyport.auth.protocol"]} credentials`,
    event["sallyport.transfer"],
    event["network.transport"] === undefined ? "no transport" : undefined,
  ];
  return inertText(parts.filter((part) => part !== undefined).join(", "));
}

function exceptionLine(
  event: NetworkEvent,
  plans: readonly Plan[],
  exceptions: ExceptionIndex,
  total: number,
): string {
  const [source, destination] = [event["source.ip"], event["destination.ip"]];
  if (source === undefined || destination === undefined || total === 0) return `none applies, of ${total}`;
  const found = exceptions.match({
    ruleIds: plans.map(({ rule }) => rule.id),
    source,
    destination,
    effectiveSource: event["source.effective_ip"] ?? source,
    effectiveDestination: event["destination.effective_ip"] ?? destination,
    domain: event["destination.domain"],
    port: event["destination.port"],
    applications: event["network.application"] ?? [],
    timeMs: event["@timestamp"]?.ms,
  });
  return found === undefined
    ? `none applies, of ${total}`
    : `${found.id}: ${found.reason} (until ${found.expires})`;
}

function treeLines(node: ExplainNode, indent: string): readonly string[] {
  const value = node.field === undefined ? "" : ` ${clauseValue(node)}`;
  const detail = node.detail === undefined ? "" : ` (${node.detail})`;
  const own = `${indent}${node.result.padEnd(8)} ${inertText(`${node.label}${value}${detail}`)}`;
  return [own, ...node.children.flatMap((child) => treeLines(child, `${indent}  `))];
}

function clauseValue({ field, value, recordName }: ExplainNode): string {
  const name = recordName === undefined || recordName === field ? "" : `, in the record ${recordName}`;
  return value === undefined ? `— absent${name}` : `— is ${value}${name}`;
}
