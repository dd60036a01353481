/** Documents as they come out of Elasticsearch: bare, under `_source`, or as a flat list under `fields`. */
import type { JsonObject } from "../bytes/json.ts";
import { isJsonObject } from "../bytes/json.ts";
import type { LogRecord } from "../event/event.ts";
import { jsonRecord } from "../event/record.ts";
import type { Picked, Picker } from "./pick.ts";

/** The document inside a search result's envelope, or the object itself. */
export function unwrapDocument(object: JsonObject): JsonObject {
  const source = object["_source"];
  if (isJsonObject(source)) return source;
  const fields = object["fields"];
  return "_index" in object && isJsonObject(fields) ? fields : object;
}

/** The document as a record; the envelope's own names (`_id`, `_index`) stay reachable behind it. */
export function documentRecord(object: JsonObject): LogRecord {
  const document = unwrapDocument(object);
  if (document === object) return jsonRecord(object);
  const { _source, fields, ...envelope } = object;
  return layeredRecord(document, envelope);
}

/** The values of the document, then of the envelope around it. */
export function pickDocument(picker: Picker, object: JsonObject): Picked {
  const document = unwrapDocument(object);
  const values = picker.pick(document);
  if (document !== object) {
    const { _source, fields, ...envelope } = object;
    values.fillFrom(picker.pick(envelope));
  }
  return values;
}

/** One record of two objects: a name is looked up in the first, then in the second. */
export function layeredRecord(front: JsonObject, back: JsonObject): LogRecord {
  const [first, second] = [jsonRecord(front), jsonRecord(back)];
  return {
    get: (name) => first.get(name) ?? second.get(name),
    *entries() {
      yield* first.entries();
      yield* second.entries();
    },
  };
}
