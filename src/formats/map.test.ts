/** Maps: a format's field table, compiled once, sets what a record has. */
import { expect, test } from "vitest";
import type { NetworkEvent } from "../event/event.ts";
import { jsonRecord } from "../event/record.ts";
import { formatTimestamp, timestampFromMs } from "../event/timestamp.ts";
import { compileMap, firstOf, type TimeReader } from "./map.ts";

const TABLE = {
  "@timestamp": ["time", "ts"],
  "event.end": ["end"],
  "source.ip": ["src_ip", "src"],
  "source.port": ["sport"],
  "source.nat.ip": ["nat"],
  "source.bytes": ["out"],
  "process.pid": ["pid"],
  "network.transport": ["proto"],
  "network.protocol": ["app"],
  "network.application": ["app"],
  "event.category": ["category"],
  "sallyport.auth.success": ["ok"],
  "rule.name": ["policy"],
} as const;

const set = compileMap(TABLE);

function mapped(object: Record<string, unknown>, readTime?: TimeReader): NetworkEvent {
  const event: NetworkEvent = { format: "f", dataset: "d", record: jsonRecord(object), offset: 0 };
  set(event, event.record, readTime);
  return event;
}

test("every field is set with the type that the vocabulary gives it", () => {
  const {
    record: _,
    "@timestamp": time,
    "source.ip": ip,
    "source.nat.ip": nat,
    ...event
  } = mapped({
    time: "2026-03-01T10:00:00.5Z",
    src_ip: "10.1.2.3",
    sport: "50000",
    nat: "11.22.33.44",
    out: "900",
    pid: 4,
    proto: 6,
    app: ["SMB", "ntlm"],
    category: "network",
    ok: "F",
    policy: " out-any ",
  });
  expect(time && formatTimestamp(time)).toBe("2026-03-01T10:00:00.5Z");
  expect([ip?.text, nat?.text]).toEqual(["10.1.2.3", "11.22.33.44"]);
  expect(event).toEqual({
    format: "f",
    dataset: "d",
    offset: 0,
    "source.port": 50_000,
    "source.bytes": 900,
    "process.pid": 4,
    "network.transport": "tcp",
    "network.protocol": "SMB,ntlm",
    "network.application": ["smb", "ntlm"],
    "event.category": ["network"],
    "sallyport.auth.success": false,
    "rule.name": "out-any",
  });
});

test("what a record lacks stays absent, without a problem", () => {
  const event = mapped({});
  expect(Object.keys(event).sort()).toEqual(["dataset", "format", "offset", "record"]);
});

test("the first name that holds something counts", () => {
  expect(mapped({ src_ip: "", src: "10.9.9.9" })["source.ip"]?.text).toBe("10.9.9.9");
  expect(mapped({ src_ip: null, src: "10.9.9.9" })["source.ip"]?.text).toBe("10.9.9.9");
  expect(mapped({ src_ip: "10.1.2.3", src: "10.9.9.9" })["source.ip"]?.text).toBe("10.1.2.3");
  expect(firstOf(jsonRecord({ a: 0, b: 1 }), ["a", "b"])).toBe(0);
});

test("what cannot be used is absent and noted", () => {
  const event = mapped({ time: "noon", src_ip: "host", sport: "4.45e2", out: "many" });
  expect([...(event.problems ?? [])].sort()).toEqual(["invalid_address", "invalid_port", "invalid_time"]);
  expect(event["source.bytes"]).toBeUndefined();
});

test("a source may read its own times", () => {
  const event = mapped({ ts: 1000, end: [2000, 3000] }, (value) => timestampFromMs(Number(value)));
  expect([event["@timestamp"]?.ms, event["event.end"]?.ms]).toEqual([1000, 2000]);
});
