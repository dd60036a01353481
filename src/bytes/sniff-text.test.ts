/** The nature of a file by its first bytes, and UTF-16 turned into UTF-8. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { sniffText, transcoder } from "./sniff-text.ts";

const ascii = (text: string): number[] => [...text].map((letter) => letter.charCodeAt(0));

test.each<[string, readonly number[], string]>([
  ["nothing", [], "text"],
  ["ASCII", ascii('{"a":1}'), "text"],
  ["UTF-8 with a byte order mark", [0xef, 0xbb, 0xbf, 0x61], "text"],
  ["Latin-1", [0xe9, 0x61], "text"],
  ["a single NUL in much text", [...ascii("x".repeat(100)), 0], "text"],
  ["little-endian UTF-16", [0xff, 0xfe, 0x61, 0], "utf-16"],
  ["big-endian UTF-16", [0xfe, 0xff, 0, 0x61], "utf-16"],
  ["UTF-16 without a mark", [0x61, 0, 0x62, 0, 0x63, 0], "binary"],
  ["a capture", [0xd4, 0xc3, 0xb2, 0xa1, 2, 0], "binary"],
  ["a new capture", [0x0a, 0x0d, 0x0d, 0x0a], "binary"],
  ["a Windows event log", ascii("ElfFile\0"), "binary"],
  ["a ZIP archive", [0x50, 0x4b, 3, 4], "binary"],
  ["a Parquet file", ascii("PAR1"), "binary"],
  ["half a magic", [0xd4, 0xc3], "text"],
])("%s", (_, bytes, kind) => {
  expect(sniffText(Uint8Array.from(bytes)).kind).toBe(kind);
});

test("a binary file is named, so that its user knows what to do", () => {
  const nature = sniffText(Uint8Array.from(ascii("ElfFile\0")));
  expect(nature).toEqual({ kind: "binary", title: "a Windows event log (EVTX); export it as JSON first" });
});

describe.each(["utf-16le", "utf-16be"] as const)("%s", (label) => {
  const encode = (text: string): Uint8Array => {
    const units = [...`\uFEFF${text}`].flatMap((letter) =>
      Array.from({ length: letter.length }, (_, at) => letter.charCodeAt(at)),
    );
    return Uint8Array.from(
      units.flatMap((unit) => (label === "utf-16le" ? [unit & 255, unit >> 8] : [unit >> 8, unit & 255])),
    );
  };

  test("is turned into UTF-8 whatever the cuts, without its mark", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.integer({ min: 1, max: 7 }), (text, size) => {
        const bytes = encode(text);
        const transcode = transcoder(label);
        const parts: Uint8Array[] = [];
        for (let at = 0; at < bytes.length; at += size) parts.push(transcode(bytes.subarray(at, at + size)));
        parts.push(transcode());
        expect(Buffer.concat(parts).toString()).toBe(text);
      }),
    );
  });

  test("a file cut inside a character ends with U+FFFD", () => {
    const transcode = transcoder(label);
    const text = Buffer.concat([transcode(encode("ab").subarray(0, -1)), transcode()]).toString();
    expect(text).toBe("a\uFFFD");
  });
});
