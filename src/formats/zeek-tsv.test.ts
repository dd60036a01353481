/** Zeek's tab-separated logs beyond the fixtures: headers that are missing, partial or repeated. */
import { describe, expect, test } from "vitest";
import { type DecodeContext, type Decoder, Undecodable } from "./format.ts";
import { zeekTsv } from "./zeek-tsv.ts";

const CONTEXT: DecodeContext = { file: "records.txt", zone: (ms) => ms - 3_600_000, year: 2026 };
const FIELDS = "#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tproto\tconn_state";
const ROW = "1772366400.000000\tC1\t10.1.2.3\t50001\t8.8.8.8\t445\ttcp\tS0";

function opened(lines: readonly string[], context = CONTEXT): Decoder {
  const decoder = zeekTsv.open(context);
  for (const line of lines) expect(decoder.frame(line)).toBe("skip");
  return decoder;
}

test.each([
  ["#separator \\x09", true],
  ["#separator\t\\x09", true],
  [FIELDS, true],
  ["#fields\tid.orig_h\tts\tuid", true],
  ["#Fields: date time action protocol", false],
  ["#path\tconn", false],
  [ROW, false],
  ["", false],
])("claims %s: %s", (line, claimed) => {
  expect(zeekTsv.claims(line)).toBe(claimed);
});

describe("a row", () => {
  test("before any header is rejected", () => {
    expect(zeekTsv.open(CONTEXT).frame(ROW)).toBe("unknown_format");
    expect(opened(["#separator \\x09", "#path\tconn"]).frame(ROW)).toBe("unknown_format");
  });

  test("with too few columns is rejected", () => {
    expect(opened([FIELDS]).frame(ROW.slice(0, ROW.lastIndexOf("\t")))).toBe("too_few_columns");
  });

  test("of a log without a path is known by its columns, then by the file's name", () => {
    expect(opened([FIELDS]).decode(ROW)).toMatchObject({ dataset: "zeek.conn" });
    const bare = ["#fields\tts\tuid\tid.orig_h"];
    expect(opened(bare).decode("1\tC1\t10.1.2.3")).toBeInstanceOf(Undecodable);
    const named = { ...CONTEXT, file: "ntlm.log" };
    expect(opened(bare, named).decode("1\tC1\t10.1.2.3")).toMatchObject({ dataset: "zeek.ntlm" });
  });

  test("of another log is sound, but no event", () => {
    const decoder = opened(["#separator \\x09", "#path\tweird", FIELDS]);
    expect(decoder.frame(ROW)).toBe("record");
    expect(decoder.decode(ROW)).toBeUndefined();
  });

  test("may have a time without zone, read in the zone of the input", () => {
    const decoder = opened([FIELDS]);
    expect(decoder.decode(ROW.replace(/^[\d.]+/, "2026-03-01T13:00:00"))).toMatchObject({
      "@timestamp": { ms: Date.UTC(2026, 2, 1, 12), fraction: "" },
    });
  });

  test("gives every column to a rule that asks for it", () => {
    const decoded = opened([
      `${FIELDS}\ttunnel_parents`,
      "#types\ttime\tstring\taddr\tport\taddr\tport\tenum\tstring\tset[string]",
    ]).decode(`${ROW}\tC8,C\\x2c9`);
    if (decoded === undefined || decoded instanceof Undecodable) throw new Error("no event");
    expect(decoded.record.get("tunnel_parents")).toEqual(["C8", "C,9"]);
    expect(decoded.record.get("no_such_column")).toBeUndefined();
    expect(Object.fromEntries(decoded.record.entries())).toMatchObject({
      "id.resp_p": "445",
      conn_state: "S0",
    });
  });
});

test("a new header block forgets the one before it", () => {
  const decoder = opened([
    "#separator \\x7c",
    "#unset_field|NIL",
    "#path|conn",
    FIELDS.replaceAll("\t", "|"),
  ]);
  expect(decoder.frame(ROW.replaceAll("\t", "|"))).toBe("record");
  for (const line of ["#close|now", "#separator \\x09", "#path\tsmb_mapping", `${FIELDS}\tpath`])
    decoder.frame(line);
  expect(decoder.frame(ROW.replaceAll("\t", "|"))).toBe("too_few_columns");
  expect(decoder.decode(`${ROW}\tNIL`)).toMatchObject({ dataset: "zeek.smb_mapping", "smb.share": "NIL" });
});
