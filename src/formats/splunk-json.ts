/** Splunk search results as JSON lines: the export's `result` envelope, bare results, and events as sent to HEC. */

import { isFramedObject, isJsonObject, type JsonObject, parseJsonObject } from "../bytes/json.ts";
import type { NetworkEvent } from "../event/event.ts";
import { jsonRecord } from "../event/record.ts";
import { frameJson } from "./ecs.ts";
import { layeredRecord } from "./elastic-envelope.ts";
import { type DecodeContext, type Decoder, defineFormat, type Format, Undecodable } from "./format.ts";
import { NESTED_JSON } from "./raw-json.ts";
import { CIM_DATASETS, CIM_FIELDS, CIM_REFERENCE, cimEvent, cimRecord } from "./splunk-cim.ts";

const RESULT = /"result"\s*:\s*\{/;
const HEC = /"event"\s*:\s*\{/;
const END = /"(?:All_Traffic\.)?(?:src|dest)(?:_ip|_port)?"\s*:/;

export const splunkJson: Format = defineFormat({
  name: "splunk-json",
  title: "Splunk CIM network traffic (JSON lines)",
  reference: CIM_REFERENCE,
  rank: "schema",
  binding: "line",
  byteCounting: "frame",
  datasets: CIM_DATASETS,
  fields: CIM_FIELDS,
  claims(line) {
    if (!isFramedObject(line)) return false;
    if (line.includes('"preview"') || line.includes('"lastrow"')) return RESULT.test(line) || isClosing(line);
    if (line.includes('"_time"') || line.includes('"All_Traffic.'))
      return END.test(line) || RESULT.test(line);
    return line.includes('"sourcetype"') && HEC.test(line) && END.test(line);
  },
  open(context: DecodeContext): Decoder {
    return { frame: frameJson, decode: (line) => decode(line, context), rawShape: () => NESTED_JSON };
  },
});

/** An export that found nothing is one line without a result. */
function isClosing(line: string): boolean {
  return line.includes('"lastrow"') && !line.includes('"_time"');
}

function decode(line: string, context: DecodeContext): NetworkEvent | Undecodable | undefined {
  const object = parseJsonObject(line);
  if (object === undefined) return new Undecodable("json_invalid");
  const { inner, envelope } = unwrap(object);
  const base = envelope === undefined ? jsonRecord(inner) : layeredRecord(inner, envelope);
  return cimEvent(splunkJson, cimRecord(base), context);
}

interface Unwrapped {
  readonly inner: JsonObject;
  /** What HEC says beside the event: time, host, sourcetype. The counters of an export are no part of a record. */
  readonly envelope?: JsonObject;
}

function unwrap(object: JsonObject): Unwrapped {
  const { result, event, ...envelope } = object;
  if (isJsonObject(result)) return { inner: result };
  return isJsonObject(event) ? { inner: event, envelope } : { inner: object };
}
