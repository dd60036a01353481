/** UUIDs by name: the published vectors, and Node's own SHA-1 as the judge. */
import { createHash } from "node:crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { sha1, uuid5 } from "./uuid5.ts";

const DNS = "6ba7b810-9dad-11d1-80b4-00c04fd430c8";
const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString("hex");

test.each([
  ["abc", "a9993e364706816aba3e25717850c26c9cd0d89d"],
  ["", "da39a3ee5e6b4b0d3255bfef95601890afd80709"],
])("SHA-1 of %j is that of RFC 3174", (text, digest) => {
  expect(hex(sha1(new TextEncoder().encode(text)))).toBe(digest);
});

test("SHA-1 agrees with Node's on any bytes", () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
      expect(hex(sha1(bytes))).toBe(createHash("sha1").update(bytes).digest("hex"));
    }),
  );
});

test.each([
  ["www.example.com", "2ed6657d-e927-568b-95e1-2665a8aea6a2"],
  ["python.org", "886313e1-3b8a-5372-9b90-0c9aee199e5d"],
])("the name %s in the DNS namespace has its known UUID", (name, uuid) => {
  expect(uuid5(DNS, name)).toBe(uuid);
});
