/** Syslog headers: what is taken off, and what is left alone. */
import { describe, expect, test } from "vitest";
import { stripSyslog } from "./syslog.ts";

const JSON_RECORD = '{"event_type":"flow","at":"Mar  1 10:00:00"}';
const PAN_RECORD = "1,2026/03/01 10:00:00,001,TRAFFIC,end";

describe.each([[JSON_RECORD], [PAN_RECORD]])("before %s", (record) => {
  test.each([
    ["<134>Mar  1 10:00:00 gw1 ", "gw1"],
    ["<134>Mar  1 10:00:00 gw1 suricata[5885]: ", "gw1"],
    ["Mar 11 10:00:00 10.0.0.1 ", "10.0.0.1"],
    ["Mar 11 10:00:00 2001:db8::1 logger: ", "2001:db8::1"],
    ["<190>Mar 11 10:00:00 ", undefined],
    ["Mar 11 10:00:00 suricata[12]: ", undefined],
    ["<14>Mar 11 2026 10:00:00 gw1 : ", "gw1"],
    ["<14>Mar  1 10:00:00.123 gw1 ", "gw1"],
    ["2026-03-01T10:00:00.123456+01:00 gw1 tag[1]: ", "gw1"],
    ["<13>2026-03-01T10:00:00Z gw1 ", "gw1"],
    ["<14>1 2026-03-01T10:00:00+01:00 gw1 app 12 id - ", "gw1"],
    ["1 2026-03-01T10:00:00.000Z gw1 - - - - ", "gw1"],
    ["<14>1 2026-03-01T10:00:00Z - app - - - ", undefined],
    ['<14>1 2026-03-01T10:00:00Z gw1 app - - [x@1 a="b \\] c"][y@1] ', "gw1"],
    ["<14>1 2026-03-01T10:00:00Z gw1 app - - - \uFEFF", "gw1"],
    ["<14>", undefined],
    ["<14>Mar  1 10:00:00 gw1 app: @cee: ", "gw1"],
  ])("takes off %s", (header, host) => {
    const stripped = stripSyslog(header + record);
    expect(stripped).toEqual({ message: record, start: header.length, host });
  });
});

test.each([
  ["a JSON record", JSON_RECORD],
  ["a PAN-OS row", PAN_RECORD],
  ["a Zeek row", "1772366400.123456\tC1\t10.1.2.3"],
  ["an ISO time and prose", "2026-03-01T10:00:00Z gw1 something happened"],
  ["a header before another kind of message", "<134>Mar  1 10:00:00 gw1 %ASA-6-302013: Built {x} 1,2"],
  ["a CSV row that begins with a time", "2026-03-01T10:00:00Z,1,2"],
  ["too many words before the record", `Mar  1 10:00:00 one two three four ${JSON_RECORD}`],
  ["no such month", `Mrz  1 10:00:00 gw1 ${JSON_RECORD}`],
  ["an unclosed structured datum", `<14>1 2026-03-01T10:00:00Z gw1 app - - [x a="b" ${JSON_RECORD}`],
  ["nothing", ""],
])("leaves %s as it is", (_, line) => {
  expect(stripSyslog(line)).toBeUndefined();
});

test("takes time in proportion to the line", () => {
  const line = `<14>1 2026-03-01T10:00:00Z gw1 app - - ${"[a\\".repeat(50_000)}`;
  const began = Date.now();
  expect(stripSyslog(line)).toBeUndefined();
  expect(Date.now() - began).toBeLessThan(1000);
});
