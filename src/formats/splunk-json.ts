/** Splunk search results as JSON lines: the export's `result` envelope, bare results, and events as sent to HEC. */

import { isFramedObject, isJsonObject, type JsonObject, parseJsonObject } from "../bytes/json.ts";
import type { NetworkEvent } from "../event/event.ts";
import type { RawPlace, RawShape } from "../event/raw-shape.ts";
import { jsonRecord } from "../event/record.ts";
import { frameJson } from "./ecs.ts";
import { layeredRecord } from "./elastic-envelope.ts";
import { type DecodeContext, type Decoder, defineFormat, type Format, Undecodable } from "./format.ts";
import { Picker } from "./pick.ts";
import { ifPresent, keyed } from "./raw-json.ts";
import {
  bothWays,
  CIM_DATASETS,
  CIM_FIELDS,
  CIM_NAMES,
  CIM_REFERENCE,
  type CimReader,
  cimReader,
  cimRecord,
} from "./splunk-cim.ts";

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
    const read = cimReader(splunkJson, PICKER.slotOf, context);
    return { frame: frameJson, decode: (line) => decode(line, read), rawShape: () => SHAPE };
  },
});

const ENDS = bothWays(["src_ip", "src", "dest_ip", "dest"]);

/** A field of the model in the envelope of an export, beside which nothing else of a line counts. */
function exported(names: readonly string[], required = false): RawPlace {
  return keyed(
    bothWays(names).map((name) => `result.${name}`),
    required,
  );
}

/** Bare results and events for HEC are decoded, and so is a line that has its addresses in `src` and `dest` alone. */
const SHAPE: RawShape = {
  framing: { kind: "json" },
  carries: CIM_DATASETS["splunk.network_traffic"].carries,
  places: {
    "source.ip": exported(["src_ip"], true),
    "destination.ip": exported(["dest_ip"], true),
    "source.port": exported(CIM_FIELDS["source.port"]),
    "destination.port": exported(CIM_FIELDS["destination.port"]),
    "network.application": exported(CIM_FIELDS["network.application"]),
  },
  required: [],
  eitherWay: false,
  // Of the dotted names above each may also be one key: that is no envelope, and the ends stand beside it then.
  marks: [ifPresent("event", ...ENDS)],
};

/** An export that found nothing is one line without a result. */
function isClosing(line: string): boolean {
  return line.includes('"lastrow"') && !line.includes('"_time"');
}

const PICKER = new Picker(CIM_NAMES);

function decode(line: string, read: CimReader): NetworkEvent | Undecodable | undefined {
  const object = parseJsonObject(line);
  if (object === undefined) return new Undecodable("json_invalid");
  const { inner, envelope } = unwrap(object);
  const row = PICKER.pick(inner);
  if (envelope === undefined) return read(row.values, cimRecord(jsonRecord(inner)));
  row.fillFrom(PICKER.pick(envelope));
  return read(row.values, cimRecord(layeredRecord(inner, envelope)));
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
