/** Zeek JSON beyond the fixtures: what is refused, and how doubt is reported. */
import { expect, test } from "vitest";
import type { NetworkEvent } from "../event/event.ts";
import { type DecodeContext, Undecodable } from "./format.ts";
import { zeekJson } from "./zeek-json.ts";

const CONTEXT: DecodeContext = { file: "records.json", zone: (ms) => ms, year: 2026 };
const ENDS = {
  ts: 1772366400,
  uid: "C1",
  "id.orig_h": "10.1.2.3",
  "id.orig_p": 50001,
  "id.resp_h": "8.8.8.8",
  "id.resp_p": 445,
};

function decode(record: unknown, context = CONTEXT): NetworkEvent | Undecodable | undefined {
  return zeekJson.open(context).decode(typeof record === "string" ? record : JSON.stringify(record));
}

function event(record: unknown, context = CONTEXT): NetworkEvent {
  const decoded = decode(record, context);
  if (decoded === undefined || decoded instanceof Undecodable) throw new Error("no event");
  return decoded;
}

test("a record that no path, key or file name tells is refused, not guessed", () => {
  const decoded = decode({ ...ENDS, success: true });
  expect(decoded).toBeInstanceOf(Undecodable);
  expect(decoded).toMatchObject({ code: "record_invalid", detail: expect.stringContaining("_path") });
});

test("the path outranks the keys, and the keys outrank the file's name", () => {
  const context = { ...CONTEXT, file: "dns.log" };
  expect(decode({ ...ENDS, _path: "weird", conn_state: "S0" }, context)).toBeUndefined();
  expect(event({ ...ENDS, conn_state: "S0" }, context).dataset).toBe("zeek.conn");
  expect(decode({ ...ENDS, unheard_of: 1 }, context)).toBeUndefined();
});

test.each([
  ["{", "json_not_closed"],
  ["not json}", "json_not_closed"],
  ['{"ts":1}', "record"],
])("the line %s is framed as %s", (line, framed) => {
  expect(zeekJson.open(CONTEXT).frame(line)).toBe(framed);
});

test("a line that only looks like JSON is undecodable", () => {
  expect(decode('{"ts":1,}')).toMatchObject({ code: "json_invalid" });
});

test.each([
  ["445", 445],
  ["4.45e2", undefined],
  ["0445", undefined],
  ["65536", undefined],
])("the port %s is read as %s", (port, expected) => {
  const text = JSON.stringify({ ...ENDS, conn_state: "S0" }).replace(
    ":445",
    port.startsWith("0") ? `:"${port}"` : `:${port}`,
  );
  expect(event(text)["destination.port"]).toBe(expected);
});

test.each([
  [{ ts: undefined }, "missing_time"],
  [{ ts: "yesterday" }, "invalid_time"],
  [{ "id.orig_h": "10.1.2" }, "invalid_address"],
])("%o keeps the event and notes %s", (change, problem) => {
  expect(event({ ...ENDS, conn_state: "S0", ...change }).problems).toEqual([problem]);
});

test("bytes on the wire never stand in for payload", () => {
  const decoded = event({ ...ENDS, conn_state: "S1", orig_ip_bytes: 900, resp_ip_bytes: 800 });
  expect(decoded["source.bytes"]).toBeUndefined();
  expect(decoded["destination.bytes"]).toBeUndefined();
});

test("a transport that Zeek does not know is named by its number", () => {
  expect(
    event({ ...ENDS, conn_state: "OTH", proto: "unknown_transport", ip_proto: 47 })["network.transport"],
  ).toBe("gre");
  expect(
    event({ ...ENDS, conn_state: "OTH", proto: "unknown_transport" })["network.transport"],
  ).toBeUndefined();
});

test.each([
  ["a search export", JSON.stringify({ result: ENDS })],
  ["a document that quotes a record", JSON.stringify({ ts: 1, event: { original: JSON.stringify(ENDS) } })],
  [
    "Suricata",
    '{"timestamp":"2026-03-01T12:00:00.000000+0000","flow_id":1,"event_type":"flow","src_ip":"10.1.2.3"}',
  ],
  ["nothing", ""],
])("does not claim %s", (_, line) => {
  expect(zeekJson.claims(line)).toBe(false);
});
