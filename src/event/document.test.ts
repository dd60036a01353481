/** Documents: events as nested ECS JSON. */
import { expect, test } from "vitest";
import { parseIp } from "../net/parse-ip.ts";
import { setNested, toDocument } from "./document.ts";
import { jsonRecord } from "./record.ts";

test("an event becomes nested ECS: addresses as text, times in ISO 8601, nothing that is absent", () => {
  const document = toDocument(
    {
      format: "f",
      dataset: "d",
      record: jsonRecord({}),
      offset: 1234,
      problems: ["missing_time"],
      "@timestamp": { ms: Date.UTC(2026, 2, 1, 10), fraction: "000001" },
      "source.ip": parseIp("10.1.2.3"),
      "source.bytes": 0,
      "destination.port": undefined,
      "network.application": ["smb", "ntlm"],
      "sallyport.flipped": false,
    },
    "conn.log",
  );
  expect(document).toEqual({
    "@timestamp": "2026-03-01T10:00:00.000001Z",
    source: { ip: "10.1.2.3", bytes: 0 },
    network: { application: ["smb", "ntlm"] },
    sallyport: { flipped: false },
    log: { file: { path: "conn.log" }, offset: 1234 },
  });
});

test("a nested name is set beside its neighbours, and replaces a value that is in its way", () => {
  const document = { a: { b: 1 }, c: "text" };
  setNested(document, "a.d", 2);
  setNested(document, "c.e", 3);
  expect(document).toEqual({ a: { b: 1, d: 2 }, c: { e: 3 } });
});
