import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createKernel, type Kernel, type KernelMode, type KernelOptions } from "./kernel.ts";
import { KEY_MULTIPLIER, LONGEST_WALKED } from "./kernel-layout.ts";
import type { KernelPlan, KernelSlot, KernelTable, KernelTest } from "./kernel-plan.ts";
import { referenceVerdict } from "./kernel-reference.ts";

const OURS = 1;
const INTERNET = 2;
const OTHER = 4;

const TABLE: KernelTable = {
  ipv4: {
    starts: Uint32Array.of(
      0,
      0x01000000,
      0x0a000000,
      0x0b000000,
      0xac100000,
      0xac200000,
      0xc0a80000,
      0xc0a90000,
      0xe0000000,
    ),
    classes: Uint32Array.of(OTHER, INTERNET, OURS, INTERNET, OURS, INTERNET, OURS, INTERNET, OTHER),
  },
  // ::, 2000::, 2001:db8:0:1::, 2001:db8:0:1::2, 4000::, fc00::, fe00::
  ipv6: {
    starts: BigUint64Array.of(
      ...[0n, 0n, 0x2000n << 48n, 0n, 0x20010db800000001n, 0n, 0x20010db800000001n, 2n],
      ...[0x4000n << 48n, 0n, 0xfc00n << 48n, 0n, 0xfe00n << 48n, 0n],
    ),
    classes: Uint32Array.of(OTHER, INTERNET, OURS, INTERNET, OTHER, OURS, OTHER),
  },
};

const [SRC, DST, SPORT, DPORT, APP] = [0, 1, 2, 3, 4];

function leaving(from: number, to: number): KernelTest[] {
  return [
    { kind: "class-in", slot: from, mask: OURS, orAbsent: false },
    { kind: "class-in", slot: to, mask: INTERNET, orAbsent: false },
  ];
}

const NEEDLES = ["smb", "cifs", "microsoft-ds"];

const ALTERNATIVES: readonly (readonly KernelTest[])[] = [
  [{ kind: "port-in", slot: DPORT, values: [139, 445], orAbsent: false }, ...leaving(SRC, DST)],
  [
    { kind: "port-in", slot: SPORT, values: [139, 445], orAbsent: false },
    { kind: "port-above", slot: DPORT, value: 1023, orAbsent: false },
    ...leaving(DST, SRC),
  ],
  [{ kind: "text-has", slot: APP, needles: NEEDLES, orAbsent: false }, ...leaving(SRC, DST)],
];

function slots(
  keys: readonly (readonly string[])[],
  columns: readonly number[],
  required: boolean,
): KernelSlot[] {
  const types = ["address", "address", "port", "port", "text"] as const;
  return types.map((type, index) => ({
    type,
    keys: keys[index] ?? [],
    column: columns[index] ?? 0,
    required: required && index < 2,
  }));
}

const JSON_PLAN: KernelPlan = {
  framing: { kind: "json" },
  slots: slots(
    [["id.orig_h"], ["id.resp_h"], ["id.orig_p"], ["id.resp_p"], ["service", "a_very_long_key_of_a_service"]],
    [],
    true,
  ),
  alternatives: ALTERNATIVES,
  literals: ["445", "139", ...NEEDLES, "\\u00"],
};

const TSV_PLAN: KernelPlan = {
  framing: { kind: "delimited", separator: 9, columns: 7, directive: 0x23, quote: undefined, unset: "-" },
  slots: slots([], [1, 3, 2, 4, 5], true),
  alternatives: ALTERNATIVES,
  literals: null,
};

const CSV_PLAN: KernelPlan = {
  framing: {
    kind: "delimited",
    separator: 0x2c,
    columns: 5,
    directive: undefined,
    quote: 0x22,
    unset: undefined,
  },
  slots: slots([], [1, 3, 2, 4, 5], false),
  alternatives: ALTERNATIVES,
  literals: null,
};

const EXPORT_PLAN: KernelPlan = { ...CSV_PLAN, framing: { kind: "csv", columns: 6 } };

const PAIRS_PLAN: KernelPlan = {
  framing: { kind: "key-value" },
  slots: slots([["srcip"], ["dstip"], ["srcport"], ["dstport"], ["app"]], [], true),
  alternatives: ALTERNATIVES,
  literals: null,
};

interface Account {
  readonly ruledOut: number;
  readonly asks: readonly (readonly [number, number])[];
  readonly directives: readonly number[];
}

/** Feeds a file in pieces, as a reader would: fill, run, carry. */
function feed(plan: KernelPlan, bytes: Uint8Array, piece: number, options: KernelOptions = {}): Account {
  const kernel = createKernel(plan, TABLE, { capacity: 256, ...options });
  const account = { ruledOut: 0, asks: [] as [number, number][], directives: [] as number[] };
  for (let [base, held, read] = [0, 0, 0]; ; ) {
    const part = bytes.subarray(read, read + Math.min(piece, kernel.input.length - held));
    kernel.input.set(part, held);
    read += part.length;
    const length = held + part.length;
    const atEnd = read === bytes.length;
    const decided = decide(kernel, length, base, atEnd, account);
    if (atEnd) return account;
    held = kernel.carry(decided, length);
    base += decided;
  }
}

/** Decides all whole lines of the input; directive lines are stepped over. */
function decide(
  kernel: Kernel,
  length: number,
  base: number,
  atEnd: boolean,
  account: { ruledOut: number; asks: [number, number][]; directives: number[] },
): number {
  for (let from = 0; ; ) {
    const { ruledOut, asks, consumed, status, needMore } = kernel.run(length, base, atEnd, from);
    account.ruledOut += ruledOut;
    for (let at = 0; at < asks.length; at += 2) {
      account.asks.push([base + (asks[at] as number), base + (asks[at + 1] as number)]);
    }
    from = consumed;
    if (needMore) kernel.grow(kernel.input.length * 2);
    if (status === "done") return from;
    if (status === "directive") {
      account.directives.push(base + from);
      const newline = kernel.input.subarray(0, length).indexOf(10, from);
      from = newline < 0 ? length : newline + 1;
    }
  }
}

/** What the reference says of the same file. */
function expected(plan: KernelPlan, bytes: Uint8Array, prefilter: boolean, threshold = 0): Account {
  const asks: [number, number][] = [];
  const directives: number[] = [];
  let ruledOut = 0;
  for (let start = 0; start < bytes.length; ) {
    const newline = bytes.indexOf(10, start);
    const end = newline < 0 ? bytes.length : newline;
    const sampled = Math.imul(start, KEY_MULTIPLIER) >>> 0 < threshold;
    const said = referenceVerdict(plan, TABLE, bytes.subarray(start, end), prefilter);
    if (said === "stop") directives.push(start);
    else if (sampled || said === "ask") asks.push([start, end]);
    else ruledOut++;
    start = end + 1;
  }
  return { ruledOut, asks, directives };
}

function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

function verdict(plan: KernelPlan, line: string | Uint8Array, mode: KernelMode = "walk"): "no" | "ask" {
  const bytes = typeof line === "string" ? bytesOf(line) : line;
  const { ruledOut, asks } = feed(plan, bytes, 1 << 20, { capacity: Math.max(256, bytes.length + 1), mode });
  expect(ruledOut + asks.length).toBe(1);
  return ruledOut === 1 ? "no" : "ask";
}

const ENDS = '"id.orig_h":"10.1.2.3","id.resp_h":"8.8.8.8"';
const PORTS = '"id.orig_p":50000,"id.resp_p":445';

describe("a JSON line", () => {
  test.each([
    ["an SMB connection to the Internet", `{${ENDS},${PORTS}}`, "ask"],
    ["another port", `{${ENDS},"id.orig_p":50000,"id.resp_p":443}`, "no"],
    ["SMB that stays inside", `{"id.orig_h":"10.1.2.3","id.resp_h":"192.168.1.1",${PORTS}}`, "no"],
    ["SMB from the Internet", `{"id.orig_h":"8.8.8.8","id.resp_h":"10.1.2.3",${PORTS}}`, "no"],
    [
      "the swapped record of a connection to the Internet",
      `{"id.orig_h":"8.8.8.8","id.resp_h":"10.1.2.3","id.orig_p":445,"id.resp_p":50000}`,
      "ask",
    ],
    [
      "a swapped record with a low port",
      `{"id.orig_h":"8.8.8.8","id.resp_h":"10.1.2.3","id.orig_p":445,"id.resp_p":1023}`,
      "no",
    ],
    ["an application on another port", `{${ENDS},"service":"gssapi,SMB","id.resp_p":80}`, "ask"],
    ["an application under a long key", `{${ENDS},"a_very_long_key_of_a_service":"cifs"}`, "ask"],
    ["an application that holds part of a name", `{${ENDS},"service":"sm,b"}`, "no"],
    ["a port as text", `{${ENDS},"id.resp_p":"445"}`, "ask"],
    ["another port as text", `{${ENDS},"id.resp_p":"443"}`, "no"],
    ["a port with a fraction of zero", `{${ENDS},"id.resp_p":443.0}`, "no"],
    ["the port with a fraction of zero", `{${ENDS},"id.resp_p":445.0}`, "ask"],
    ["a port with another fraction", `{${ENDS},"id.resp_p":443.5}`, "ask"],
    ["a port with two zeros as its fraction", `{${ENDS},"id.resp_p":443.00}`, "ask"],
    ["a port with an exponent", `{${ENDS},"id.resp_p":4.45e2}`, "ask"],
    ["a port with a leading zero", `{${ENDS},"id.resp_p":"0443"}`, "ask"],
    ["port zero", `{${ENDS},"id.resp_p":0}`, "no"],
    ["the last port", `{${ENDS},"id.resp_p":65535}`, "no"],
    ["a port out of range", `{${ENDS},"id.resp_p":65536}`, "ask"],
    ["a negative port", `{${ENDS},"id.resp_p":-1}`, "ask"],
    ["an empty port", `{${ENDS},"id.resp_p":""}`, "ask"],
    ["a null port", `{${ENDS},"id.resp_p":null}`, "ask"],
    ["a port that is a list", `{${ENDS},"id.resp_p":[445]}`, "ask"],
    ["a port written with escapes", `{${ENDS},"id.resp_p":"\\u0034\\u0034\\u0035"}`, "ask"],
    ["a key written with escapes", `{${ENDS},"id\\u002eresp_p":445}`, "ask"],
    ["an escaped quote in a key", `{${ENDS},"x\\"id.resp_p":443}`, "ask"],
    ["escapes in a value that nobody wants", `{${ENDS},"x":"\\u0034\\"\\\\","id.resp_p":443}`, "no"],
    [
      "an escaped quote before a wanted key's text",
      `{${ENDS},"x":"\\",\\"id.resp_p\\":445","id.resp_p":443}`,
      "no",
    ],
    ["a string that ends in a backslash", `{${ENDS},"x":"\\\\","id.resp_p":445}`, "ask"],
    ["a wanted key inside a string", `{${ENDS},"x":"'id.resp_p':445","id.resp_p":443}`, "no"],
    ["braces inside a string", `{${ENDS},"x":"}{[:,","id.resp_p":445}`, "ask"],
    ["a key nested at its dot", `{${ENDS},"id":{"resp_p":445}}`, "ask"],
    ["another port nested at its dot", `{${ENDS},"id" : { "x":{"resp_p":445},"resp_p":443}}`, "no"],
    ["ends and ports nested", `{"id":{"orig_h":"10.1.2.3","resp_h":"8.8.8.8","resp_p":443}}`, "no"],
    ["a nested key in a list", `{${ENDS},"id":[{"resp_p":445}]}`, "no"],
    ["a nested key one level too deep", `{${ENDS},"x":{"id":{"resp_p":445}}}`, "no"],
    ["a key both dotted and nested", `{${ENDS},"id.resp_p":443,"id":{"resp_p":443}}`, "ask"],
    ["an object that takes another one's place", `{${ENDS},"id":{"resp_p":443},"id":{}}`, "ask"],
    ["a null that takes an object's place", `{${ENDS},"id":{"resp_p":443},"id":null}`, "ask"],
    ["an escape in a nested key", `{${ENDS},"id":{"resp\\u005fp":443}}`, "ask"],
    ["an escape in a key that is not on the way", `{${ENDS},"x":{"resp\\u005fp":443}}`, "no"],
    ["as many levels as it follows", `{${ENDS},"x":${"[".repeat(62)}${"]".repeat(62)}}`, "no"],
    ["more levels than it follows", `{${ENDS},"x":${"[".repeat(63)}${"]".repeat(63)}}`, "ask"],
    ["a wanted key one level down only", `{${ENDS},"x":{"id.resp_p":445}}`, "no"],
    ["a wanted key after nested values", `{${ENDS},"x":{"a":[1,{"b":"]"}]},"id.resp_p":445}`, "ask"],
    ["a duplicate key, the last one wanted", `{${ENDS},"id.resp_p":443,"id.resp_p":445}`, "ask"],
    ["a duplicate key", `{${ENDS},"id.resp_p":445,"id.resp_p":443}`, "ask"],
    ["two keys of one slot", `{${ENDS},"service":"dns","a_very_long_key_of_a_service":"dns"}`, "ask"],
    ["a key that ends alike", `{${ENDS},"xid.resp_p":445,"d.resp_p":445}`, "no"],
    ["a backslash behind its end", `{${ENDS},"id.resp_p":443}\\`, "ask"],
    ["a backslash behind its end and a blank", `{${ENDS},"id.resp_p":443} \\ `, "ask"],
    ["blanks after colons", `{"id.orig_h": "10.1.2.3","id.resp_h":\t"8.8.8.8","id.resp_p":  445 }`, "ask"],
    ["blanks before colons", `{"id.orig_h" :"10.1.2.3","id.resp_h" \t:"8.8.8.8","id.resp_p" : 445}`, "ask"],
    [
      "blanks around another port",
      ` { "id.orig_h" : "10.1.2.3" , "id.resp_h" : "8.8.8.8" , "id.resp_p" : 443 } `,
      "no",
    ],
    ["an address that is missing", `{"id.orig_h":"10.1.2.3","id.resp_p":443}`, "ask"],
    ["an IPv6 address", `{"id.orig_h":"10.1.2.3","id.resp_h":"2606:4700:4700::1111","id.resp_p":445}`, "ask"],
    ["a mapped address", `{"id.orig_h":"::ffff:10.1.2.3","id.resp_h":"8.8.8.8","id.resp_p":445}`, "ask"],
    [
      "an address with a leading zero",
      `{"id.orig_h":"10.1.2.03","id.resp_h":"8.8.8.8","id.resp_p":445}`,
      "ask",
    ],
    ["an address with a blank", `{"id.orig_h":"10.1.2.3 ","id.resp_h":"8.8.8.8","id.resp_p":445}`, "ask"],
    ["an address with five parts", `{"id.orig_h":"10.1.2.3.4","id.resp_h":"8.8.8.8","id.resp_p":445}`, "ask"],
    ["an address with three parts", `{"id.orig_h":"10.1.2","id.resp_h":"8.8.8.8","id.resp_p":445}`, "ask"],
    [
      "an address with a part out of range",
      `{"id.orig_h":"10.1.2.256","id.resp_h":"8.8.8.8","id.resp_p":445}`,
      "ask",
    ],
    ["an application that is not ASCII", `{${ENDS},"service":"\u017fmb"}`, "ask"],
    ["text that is not ASCII elsewhere", `{${ENDS},"x":"\u017f\u{1f600}","id.resp_p":443}`, "no"],
    ["a carriage return at the end", `{${ENDS},"id.resp_p":443}\r`, "no"],
    ["a byte order mark", `\ufeff{${ENDS},"id.resp_p":443}`, "ask"],
    ["a zero byte", `{${ENDS},"x":"\0","id.resp_p":443}`, "ask"],
    ["a blank line", " \t\r", "ask"],
    ["a line that is cut", `{${ENDS},"id.resp_p":443`, "ask"],
    ["a line that is cut inside a string", `{${ENDS},"x":"}`, "ask"],
    ["a line whose beginning is lost", `"id.resp_p":443}`, "ask"],
    ["two objects", `{${ENDS},"id.resp_p":443}{}`, "ask"],
    ["a list", `[{${ENDS},"id.resp_p":443}]`, "ask"],
    ["text after the object", `{${ENDS},"id.resp_p":443} x`, "ask"],
    ["an empty object", "{}", "ask"],
  ] as const)("with %s", (_, line, answer) => {
    expect(verdict(JSON_PLAN, `${line}\n`)).toBe(answer);
    expect(verdict(JSON_PLAN, line)).toBe(answer);
  });

  test.each([
    ["no literal", `{"x":1}`, "no"],
    ["digits with a digit before", `{${ENDS},"x":1445}`, "no"],
    ["digits with a dot before", `{${ENDS},"x":1.445}`, "no"],
    ["digits with a digit after", `{${ENDS},"x":4450}`, "no"],
    ["digits at another place", `{${ENDS},"x":"445"}`, "no"],
    ["the digits with a fraction", `{${ENDS},"id.resp_p":445.0}`, "ask"],
    ["a name in upper case", `{${ENDS},"service":"SmB"}`, "ask"],
    ["no literal, and no end", `{"x":1`, "ask"],
    ["a zero byte and no literal", `{"x":"\0"}`, "ask"],
    ["an escape in a key", `{${ENDS},"\\u0069":1}`, "ask"],
  ] as const)("with %s, when literals are searched first", (_, line, answer) => {
    expect(verdict(JSON_PLAN, `${line}\n`, "prefilter")).toBe(answer);
  });

  test("is asked unread when it is very long", () => {
    const line = `{${ENDS},"x":"${"y".repeat(LONGEST_WALKED)}","id.resp_p":443}`;
    expect(verdict(JSON_PLAN, `${line}\n`)).toBe("ask");
    expect(verdict(JSON_PLAN, `${line.replace(/y{30000}/, "")}\n`)).toBe("no");
  });

  test("only literals rule it out when an alternative has no test", () => {
    const plan: KernelPlan = { ...JSON_PLAN, slots: [], alternatives: [[]], literals: ["445"] };
    expect(verdict(plan, `{"x":{"y":443}}`, "auto")).toBe("no");
    expect(verdict(plan, `{"x":{"y":445}}`, "auto")).toBe("ask");
    expect(verdict(plan, `{"x":{"y":443}}`, "walk")).toBe("ask");
  });

  test("is ruled out when there is no alternative", () => {
    expect(verdict({ ...JSON_PLAN, alternatives: [] }, `{${ENDS},${PORTS}}`)).toBe("no");
  });
});

const row = (...columns: string[]): string => columns.join("\t");

describe("a tab-separated line", () => {
  test.each([
    ["an SMB connection to the Internet", row("1", "10.1.2.3", "5000", "8.8.8.8", "445", "-", "x"), "ask"],
    ["another port", row("1", "10.1.2.3", "5000", "8.8.8.8", "443", "ssl", "x"), "no"],
    ["more columns", row("1", "10.1.2.3", "5000", "8.8.8.8", "443", "ssl", "x", "y"), "no"],
    ["too few columns", row("1", "10.1.2.3", "5000", "8.8.8.8", "443", "ssl"), "ask"],
    ["an unset port", row("1", "10.1.2.3", "5000", "8.8.8.8", "-", "ssl", "x"), "no"],
    ["an unset address", row("1", "10.1.2.3", "5000", "-", "443", "ssl", "x"), "ask"],
    ["an application", row("1", "10.1.2.3", "5000", "8.8.8.8", "443", "gssapi,smb", "x"), "ask"],
    ["a quote", row("1", "10.1.2.3", "5000", "8.8.8.8", "443", '"', "x"), "no"],
    ["an escape in the application", row("1", "10.1.2.3", "5000", "8.8.8.8", "443", "\\x73mb", "x"), "ask"],
    ["a port with a blank", row("1", "10.1.2.3", "5000", "8.8.8.8", " 445", "-", "x"), "ask"],
    ["a zero byte at the end", row("1", "10.1.2.3", "5000", "8.8.8.8", "443", "ssl", "\0"), "ask"],
    ["separators only", row("", "", "", "", "", "", ""), "ask"],
    ["a byte order mark", row("\ufeff1", "10.1.2.3", "5000", "8.8.8.8", "443", "ssl", "x"), "ask"],
  ] as const)("with %s", (_, line, answer) => {
    for (const ending of ["\n", "\r\n", ""]) expect(verdict(TSV_PLAN, `${line}${ending}`)).toBe(answer);
  });

  test("that begins with the directive byte stops the kernel", () => {
    const first = `${row("1", "10.1.2.3", "5", "8.8.8.8", "443", "-", "x")}\n`;
    const last = row("1", "10.1.2.3", "5", "8.8.8.8", "445", "-", "x");
    const text = `${first}#fields\n${last}`;
    expect(feed(TSV_PLAN, bytesOf(text), 1000)).toEqual({
      ruledOut: 1,
      asks: [[text.length - last.length, text.length]],
      directives: [first.length],
    });
  });
});

describe("a comma-separated line", () => {
  test.each([
    ["another port", "x,10.1.2.3,5000,8.8.8.8,443", "no"],
    ["a quote before the last wanted column", 'x,10.1.2.3,5000,8.8.8.8,"443",a,b', "ask"],
    ["a quote after it", 'x,10.1.2.3,5000,8.8.8.8,443,a,"b"', "no"],
    ["a backslash", "DOMAIN\\user,10.1.2.3,5000,8.8.8.8,443,a", "no"],
    ["a last column that ends with a carriage return", "x,10.1.2.3,5000,8.8.8.8,445\r", "ask"],
  ] as const)("with %s", (_, line, answer) => {
    expect(verdict(CSV_PLAN, `${line}\n`)).toBe(answer);
  });
});

/** What becomes of one line: ruled out, asked, or a stop. */
function fate(plan: KernelPlan, line: string): "no" | "ask" | "stop" {
  const { ruledOut, asks, directives } = feed(plan, bytesOf(line), 1 << 20, { capacity: 4096 });
  expect(ruledOut + asks.length + directives.length).toBe(1);
  return ruledOut === 1 ? "no" : asks.length === 1 ? "ask" : "stop";
}

describe("a row of a CSV export", () => {
  test.each([
    ["another port", "x,10.1.2.3,5000,8.8.8.8,443,ssl", "no"],
    ["an SMB connection to the Internet", "x,10.1.2.3,5000,8.8.8.8,445,-", "ask"],
    ["another port in quotes", '"x","10.1.2.3","5000","8.8.8.8","443","ssl"', "no"],
    ["an SMB port in quotes", '"x","10.1.2.3","5000","8.8.8.8","445",""', "ask"],
    ["an application in quotes", '"x","10.1.2.3","5000","8.8.8.8","443","web-browsing"', "no"],
    ["a wanted application in quotes", '"x","10.1.2.3","5000","8.8.8.8","443","a-smb-b"', "ask"],
    ["separators in quotes", '"a,b",10.1.2.3,5000,8.8.8.8,443,"c,d"', "no"],
    ["doubled quotes", '"a""b""",10.1.2.3,5000,8.8.8.8,443,ssl', "no"],
    ["doubled quotes in a wanted text", 'x,10.1.2.3,5000,8.8.8.8,443,"a""b"', "ask"],
    ["a backslash before a quote", '"a\\",10.1.2.3,5000,8.8.8.8,443,ssl', "no"],
    ["more columns", "x,10.1.2.3,5000,8.8.8.8,443,ssl,a,b,c", "no"],
    ["an empty port", "x,10.1.2.3,5000,8.8.8.8,,ssl", "no"],
    ["too few columns", "x,10.1.2.3,5000,8.8.8.8,443", "stop"],
    ["a quote that stays open", 'x,10.1.2.3,5000,8.8.8.8,443,"ssl', "stop"],
    ["text behind a quote", 'x,10.1.2.3,5000,8.8.8.8,443,"ssl"x', "stop"],
    ["a quote in the middle of a field", 'x,10.1.2.3,5000,8.8.8.8,443,s"s"l', "stop"],
    ["names of columns", "name,src,sport,dst,dport,app", "stop"],
    ["a name in place of an address", "x,host.example,5000,8.8.8.8,443,ssl", "stop"],
    ["nothing in its ends", "x,,,,,ssl", "stop"],
    ["nothing at all", "", "stop"],
  ] as const)("with %s", (_, line, answer) => {
    for (const ending of line === "" ? ["\n"] : ["\n", "\r\n", ""]) {
      expect(fate(EXPORT_PLAN, `${line}${ending}`), JSON.stringify(ending)).toBe(answer);
    }
  });
});

describe("a line of pairs", () => {
  const ends = "srcip=10.1.2.3 srcport=5000 dstip=8.8.8.8";
  test.each([
    ["another port", `${ends} dstport=443 app="ssl"`, "no"],
    ["an SMB connection to the Internet", `${ends} dstport=445 app="ssl"`, "ask"],
    ["a syslog header", `<189>Mar  2 10:00:00 fw-1 date=2026-03-02 ${ends} dstport=443`, "no"],
    ["a wanted key right behind the priority", `<189>${ends} dstport=443`, "no"],
    ["values in quotes", `x="a b=c" srcip="10.1.2.3" srcport="5000" dstip="8.8.8.8" dstport="443"`, "no"],
    ["an SMB port in quotes", `srcip="10.1.2.3" srcport="5000" dstip="8.8.8.8" dstport="445"`, "ask"],
    ["an application", `${ends} dstport=443 app="SMB.v3"`, "ask"],
    ["an empty application", `${ends} dstport=443 app="" x=`, "no"],
    ["escaped quotes", `${ends} dstport=443 msg="a \\"b\\" dstport=445"`, "no"],
    ["a key that ends alike", `${ends} dstport=443 xdstport=445 tapp="smb"`, "no"],
    ["a key twice", `${ends} dstport=443 dstport=80`, "ask"],
    ["a word between pairs", `${ends} word dstport=443`, "ask"],
    ["a blank in a bare value", `${ends} dstport=443 msg=a b`, "ask"],
    ["a second assignment", `${ends} dstport=443 url=a?b=c`, "ask"],
    ["a quote that stays open", `${ends} dstport=443 msg="a`, "ask"],
    ["text behind a quote", `${ends} dstport=443 msg="a"b`, "ask"],
    ["a quote inside a bare value", `${ends} dstport=443 msg=a"b"`, "ask"],
    ["a backslash outside quotes", `${ends} dstport=443 msg=a\\b`, "ask"],
    ["commas between pairs", `srcip="10.1.2.3",srcport="5000",dstip="8.8.8.8",dstport="443"`, "ask"],
    ["no port", ends, "no"],
    ["no address", "srcip=10.1.2.3 srcport=5000 dstport=443", "ask"],
  ] as const)("with %s", (_, line, answer) => {
    for (const ending of ["\n", "\r\n", "", " \n"]) {
      expect(fate(PAIRS_PLAN, `${line}${ending}`), JSON.stringify(ending)).toBe(answer);
    }
  });
});

describe("the account", () => {
  const line = `{${ENDS},"id.resp_p":443}\n`;

  test("a share of the lines is asked by their offsets, the same ones for every cut", () => {
    const bytes = bytesOf(line.repeat(2000));
    const account = feed(JSON_PLAN, bytes, 5000, { capacity: 8192, sampleRate: 0.1 });
    expect(account).toEqual(expected(JSON_PLAN, bytes, false, Math.round(0.1 * 2 ** 32)));
    expect(account.asks.length).toBeGreaterThan(150);
    expect(account.asks.length).toBeLessThan(250);
    expect(feed(JSON_PLAN, bytes, 777, { capacity: 1024, sampleRate: 0.1, mode: "walk" })).toEqual(account);
  });

  test("where the walk does not know the lines, texts are searched, and the walk is tried again now and then", () => {
    const count = 4000;
    const bytes = bytesOf('{"of":"another kind"}\n'.repeat(count));
    const asked = (options: KernelOptions): number =>
      feed(JSON_PLAN, bytes, 512, { capacity: 1024, ...options }).asks.length;
    expect(asked({ mode: "walk" })).toBe(count);
    expect(asked({ mode: "prefilter" })).toBe(0);
    expect(asked({})).toBe(0);
    const often = asked({ walkFirst: true });
    expect(often).toBeGreaterThan(0);
    expect(often).toBeLessThan(count / 10);
    const candidates = bytesOf('{"of":"another kind","port":445}\n{"of":"another kind"}\n'.repeat(count / 2));
    const halves = feed(JSON_PLAN, candidates, 512, { capacity: 1024 }).asks.length;
    expect(halves).toBeGreaterThanOrEqual(count / 2);
    expect(halves).toBeLessThan(count * 0.6);
  });

  test("another share from a place of the file on", () => {
    const bytes = bytesOf(line.repeat(4000));
    const from = line.length * 2000;
    const options = { sampleRate: 0.2, sparse: { from, rate: 0.05 } };
    const dense = expected(JSON_PLAN, bytes, false, Math.round(0.2 * 2 ** 32)).asks;
    const sparse = expected(JSON_PLAN, bytes, false, Math.round(0.05 * 2 ** 32)).asks;
    const asks = [...dense.filter(([start]) => start < from), ...sparse.filter(([start]) => start >= from)];
    for (const [piece, capacity] of [
      [5000, 8192],
      [777, 1024],
      [1 << 20, 1 << 20],
    ] as const) {
      expect(feed(JSON_PLAN, bytes, piece, { capacity, ...options }).asks).toEqual(asks);
    }
  });

  test("offsets beyond 4 GB take the same sample as those below", () => {
    const kernel = createKernel(JSON_PLAN, TABLE, { sampleRate: 0.1 });
    const bytes = bytesOf(line.repeat(500));
    kernel.input.set(bytes);
    const low = [...kernel.run(bytes.length, 12_345, true).asks];
    expect([...kernel.run(bytes.length, 12_345 + 3 * 2 ** 32, true).asks]).toEqual(low);
    expect(low.length).toBeGreaterThan(0);
  });

  test("more lines to ask than fit are given in several calls", () => {
    const bytes = bytesOf("\n".repeat(50_000));
    const account = feed(JSON_PLAN, bytes, 1 << 20, { capacity: 65_536 });
    expect(account.asks.length).toBe(50_000);
    expect(account.asks.at(-1)).toEqual([49_999, 49_999]);
    expect(feed(TSV_PLAN, bytes, 1 << 20, { capacity: 65_536 })).toEqual(account);
  });

  test("an empty file has no lines", () => {
    expect(feed(JSON_PLAN, new Uint8Array(0), 10)).toEqual({ ruledOut: 0, asks: [], directives: [] });
  });

  test("a plan that is larger than the tables is refused", () => {
    const slot: KernelSlot = { type: "port", keys: ["p"], column: 0, required: false };
    expect(() =>
      createKernel({ ...JSON_PLAN, slots: Array<KernelSlot>(33).fill(slot), alternatives: [] }, TABLE),
    ).toThrow(RangeError);
  });
});

describe("IPv6 addresses", () => {
  const plan = (mask: number): KernelPlan => ({
    framing: {
      kind: "delimited",
      separator: 9,
      columns: 2,
      directive: undefined,
      quote: undefined,
      unset: "-",
    },
    slots: [{ type: "address", keys: [], column: 0, required: false }],
    alternatives: [[{ kind: "class-in", slot: 0, mask, orAbsent: false }]],
    literals: null,
  });
  const mayBe = (address: string, mask: number): boolean =>
    feed(plan(mask), new TextEncoder().encode(`${address}\tx\n`), 64).ruledOut === 0;

  test.each([
    ["::", OTHER],
    ["::1", OTHER],
    ["1::", OTHER],
    ["1fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", OTHER],
    ["2000::", INTERNET],
    ["2001:db8:0:0:ffff:ffff:ffff:ffff", INTERNET],
    ["2001:db8:0:1::", OURS],
    ["2001:db8:0:1::1", OURS],
    ["2001:DB8:0:1:0:0:0:1", OURS],
    ["2001:db8::1:0:0:0:1", OURS],
    ["2001:db8:0:1::2", INTERNET],
    ["3fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", INTERNET],
    ["4000::", OTHER],
    ["fbff::1", OTHER],
    ["fc00::", OURS],
    ["fd12:3456:789a:1::15a", OURS],
    ["fdff:ffff:ffff:ffff:ffff:ffff:ffff:ffff", OURS],
    ["0:0:0:0:0:0:0:1", OTHER],
    ["::2:3:4:5:6:7:8", OTHER],
    ["2001:2:3:4:5:6:7::", INTERNET],
    ["ffff::ffff", OTHER],
  ])("%s has its class alone", (address, own) => {
    expect([OURS, INTERNET, OTHER].filter((mask) => mayBe(address, mask))).toEqual([own]);
  });

  test.each([
    [":"],
    [":::"],
    ["::1::"],
    ["1::2::3"],
    ["1:2:3:4:5:6:7"],
    ["1:2:3:4:5:6:7:8:9"],
    ["1:2:3:4:5:6:7:8::"],
    ["::1:2:3:4:5:6:7:8"],
    ["1:2:3:4::5:6:7:8"],
    ["00001::"],
    ["1:"],
    [":1"],
    ["1:2:3:4:5:6:7:"],
    ["g::"],
    ["fc00::1%eth0"],
    ["[fc00::1]"],
    ["::ffff:8.8.8.8"],
    ["fc00::1 "],
    ["0000:0000:0000:0000:0000:0000:0000:00001"],
  ])("%s is left to the decoder", (address) => {
    expect([OURS, INTERNET, OTHER].filter((mask) => mayBe(address, mask))).toEqual([OURS, INTERNET, OTHER]);
  });

  const piece = fc.constantFrom("0", "1", "ffff", "fc00", "2001", "db8", "DB8", "00a1", "12345", "", "g");
  test("they are read as the reference reads them", () => {
    fc.assert(
      fc.property(
        fc.array(piece, { maxLength: 9 }),
        fc.constantFrom("", ":", "::"),
        fc.constantFrom(OURS, INTERNET, OTHER),
        (pieces, last, mask) => {
          const address = `${pieces.join(":")}${last}`;
          const line = new TextEncoder().encode(`${address}\tx`);
          expect(mayBe(address, mask)).toBe(referenceVerdict(plan(mask), TABLE, line, false) === "ask");
        },
      ),
      { numRuns: 2000 },
    );
  });
});

const KEYS = [
  ...["p", "id", "port", "id.resp_p", "resp_p", "id.id.port", "id.id"],
  ...["a_key_that_is_longer_than_sixteen", "service", "key_8"],
];
const WORDS = [
  "smb",
  "SMB",
  "cifs",
  "a",
  "gssapi,smb",
  "microsoft-DS",
  "very-long-application-name-smb",
  "",
  "\u017fmb",
  "4",
  ".",
];
const ADDRESSES = [
  "10.1.2.3",
  "8.8.8.8",
  "172.16.0.1",
  "172.32.0.0",
  "224.0.0.1",
  "255.255.255.255",
  "0.0.0.0",
  "10.01.2.3",
  "1.2.3",
  "::1",
  "fe80::1%eth0",
  "2606:4700:4700::1111",
  "fd12:3456::1",
  "2001:db8:0:1::1",
  "1:2:3:4:5:6:7::",
  "::ffff:8.8.8.8",
];
const NUMBERS = [
  "445",
  "139",
  "0",
  "65535",
  "65536",
  "0445",
  "445.0",
  "44.50",
  "4.45e2",
  "1445",
  "80",
  "123456",
  "-445",
  "99999999999",
];

const oneOf = (values: readonly string[]): fc.Arbitrary<string> => fc.constantFrom(...values);

const slotArbitrary: fc.Arbitrary<KernelSlot> = fc.record({
  type: fc.constantFrom("port", "address", "text"),
  keys: fc.uniqueArray(oneOf(KEYS), { minLength: 1, maxLength: 2 }),
  column: fc.nat(6),
  required: fc.boolean(),
});

function testArbitrary(slotList: readonly KernelSlot[]): fc.Arbitrary<KernelTest> {
  const orAbsent = fc.boolean();
  return fc.nat(slotList.length - 1).chain((slot): fc.Arbitrary<KernelTest> => {
    const type = slotList[slot]?.type;
    if (type === "address")
      return fc.record({ kind: fc.constant("class-in"), slot: fc.constant(slot), mask: fc.nat(7), orAbsent });
    if (type === "port") {
      return fc.oneof(
        fc.record({
          kind: fc.constant("port-in"),
          slot: fc.constant(slot),
          values: fc.array(fc.constantFrom(0, 80, 139, 445, 65535), { maxLength: 11 }),
          orAbsent,
        }),
        fc.record({
          kind: fc.constant("port-above"),
          slot: fc.constant(slot),
          value: fc.constantFrom(0, 100, 1023, 65535),
          orAbsent,
        }),
      );
    }
    const needles = fc.array(oneOf(["smb", "CIFS", "a", "ms-ds", "microsoft-ds", "4", ".", ""]), {
      maxLength: 12,
    });
    return fc.oneof(
      fc.record({ kind: fc.constant("text-has"), slot: fc.constant(slot), needles, orAbsent }),
      fc.record({ kind: fc.constant("text-lacks"), slot: fc.constant(slot), needles }),
    );
  });
}

const framingArbitrary: fc.Arbitrary<KernelPlan["framing"]> = fc.oneof(
  fc.constant({ kind: "json" as const }),
  fc.constant({ kind: "key-value" as const }),
  fc.record({ kind: fc.constant("csv" as const), columns: fc.integer({ min: 1, max: 6 }) }),
  fc.record({
    kind: fc.constant("delimited" as const),
    separator: fc.constantFrom(9, 0x2c),
    columns: fc.integer({ min: 1, max: 8 }),
    directive: fc.constantFrom(undefined, 0x23),
    quote: fc.constantFrom(undefined, 0x22),
    unset: fc.constantFrom(undefined, "-", "(empty)"),
  }),
);

const planArbitrary: fc.Arbitrary<KernelPlan> = fc
  .array(slotArbitrary, { minLength: 1, maxLength: 6 })
  .chain((slotList) =>
    fc.record({
      framing: framingArbitrary,
      slots: fc.constant(slotList),
      alternatives: fc.array(fc.array(testArbitrary(slotList), { minLength: 1, maxLength: 4 }), {
        maxLength: 4,
      }),
      literals: fc.option(
        fc.array(oneOf(["445", "139", "smb", "CIFS", "a", "4", "\\u00", "webdav", "ms", "long-app", "8.8"]), {
          maxLength: 14,
        }),
      ),
    }),
  );

const blanks = oneOf(["", "", "", "", " ", "\t", "  "]);
const stringArbitrary = fc
  .oneof(
    { weight: 3, arbitrary: oneOf([...WORDS, ...ADDRESSES, ...NUMBERS]) },
    oneOf([
      "\\\\",
      '\\"',
      "a\\u0034",
      "{",
      "}",
      "[x]",
      ":",
      ",",
      '\\\\\\"',
      "\u00e9",
      'p\\":445',
      "x".repeat(70),
      "y".repeat(200),
    ]),
  )
  .map((text) => `"${text}"`);
const scalarArbitrary = fc.oneof(stringArbitrary, oneOf(NUMBERS), oneOf(["true", "null", "false"]));
const keyArbitrary = fc.oneof(
  { weight: 8, arbitrary: oneOf(KEYS) },
  oneOf([
    "x",
    "",
    "xport",
    "ort",
    "id\\u002eresp_p",
    "\\u0070",
    "p\\\\",
    '\\"p',
    "b_key_that_is_longer_than_sixteen",
    "{",
    ":",
  ]),
);
const { value: valueArbitrary } = fc.letrec((tie) => ({
  value: fc.oneof({ depthSize: "small", withCrossShrink: true }, scalarArbitrary, tie("list"), tie("object")),
  list: fc.array(tie("value"), { maxLength: 3 }).map((items) => `[${items.join(",")}]`),
  object: fc
    .array(fc.tuple(keyArbitrary, tie("value")), { maxLength: 3 })
    .map((members) => `{${members.map(([key, value]) => `"${key}":${value}`).join(",")}}`),
}));
const memberArbitrary = fc
  .tuple(
    keyArbitrary,
    fc.oneof({ weight: 4, arbitrary: scalarArbitrary }, valueArbitrary as fc.Arbitrary<string>),
    blanks,
    blanks,
    blanks,
    blanks,
  )
  .map(([key, value, a, b, c, d]) => `${a}"${key}"${b}:${c}${value}${d}`);
const jsonArbitrary = fc
  .tuple(
    fc.array(memberArbitrary, { maxLength: 7 }),
    oneOf(["", "", " ", "\t"]),
    oneOf(["", "", "\r", " \r"]),
  )
  .map(([members, before, after]) => `${before}{${members.join(",")}}${after}`);
const rowArbitrary = fc
  .tuple(
    fc.array(
      fc.oneof(
        oneOf([...WORDS, ...ADDRESSES, ...NUMBERS]),
        oneOf(["-", "(empty)", '"a,b"', '"', "#x", " 445", "\\"]),
        oneOf([...WORDS, ...ADDRESSES, ...NUMBERS, '""', 'a""b']).map((text) => `"${text}"`),
      ),
      { maxLength: 9 },
    ),
    oneOf(["\t", ","]),
    oneOf(["", "", "\r"]),
  )
  .map(([columns, separator, after]) => `${columns.join(separator)}${after}`);

const pairArbitrary = fc
  .tuple(
    fc.oneof({ weight: 8, arbitrary: oneOf(KEYS) }, oneOf(["x", "", "xport", "<9>p", "a.b", "ort"])),
    fc.oneof(
      { weight: 3, arbitrary: oneOf([...WORDS, ...ADDRESSES, ...NUMBERS]) },
      oneOf(["", "a=b", "a b", "\\", 'x"y', "y".repeat(90)]),
    ),
    fc.boolean(),
  )
  .map(([key, text, quoted]) => `${key}=${quoted ? `"${text}"` : text}`);
const pairsArbitrary = fc
  .tuple(
    oneOf(["", "", "<13>", "<134>Mar  2 10:00:00 fw-1 ", "<1 3>", " "]),
    fc.array(fc.oneof({ weight: 12, arbitrary: pairArbitrary }, oneOf(["word", "", '"', "\t", '"a" "b"'])), {
      maxLength: 8,
    }),
    oneOf(["", "", "\r", " ", " \r"]),
  )
  .map(([before, pairs, after]) => `${before}${pairs.join(" ")}${after}`);

/** Breaks a line in one place. */
const mutationArbitrary = fc
  .tuple(
    fc.oneof(jsonArbitrary, rowArbitrary, pairsArbitrary),
    fc.nat(),
    fc.constantFrom(0, 1),
    oneOf(["", '"', "\\", "{", "}", "[", "]", ":", ",", "\0", "4", "\ufeff", "\r", " ", "\t", "#"]),
  )
  .map(([line, at, drop, text]) => {
    const place = line.length === 0 ? 0 : at % line.length;
    return `${line.slice(0, place)}${text}${line.slice(place + drop)}`;
  });

const fileArbitrary = fc
  .tuple(
    fc.array(
      fc.oneof(
        { weight: 3, arbitrary: jsonArbitrary },
        { weight: 2, arbitrary: rowArbitrary },
        { weight: 2, arbitrary: pairsArbitrary },
        mutationArbitrary,
      ),
      { maxLength: 12 },
    ),
    fc.boolean(),
  )
  .map(([lines, closed]) => bytesOf(lines.join("\n") + (closed ? "\n" : "")));

const RUNS = { numRuns: 1500 };

/** Whether JSON.parse takes it; of other lines the reference need not say the same, only never "no" too often. */
function isValid(plan: KernelPlan, line: Uint8Array): boolean {
  if (plan.framing.kind !== "json") return true;
  try {
    return JSON.parse(new TextDecoder().decode(line)) !== undefined;
  } catch {
    return false;
  }
}

describe("for any plan and any lines", () => {
  test("the verdicts are the reference's", () => {
    fc.assert(
      fc.property(
        planArbitrary,
        fileArbitrary,
        fc.constantFrom("walk" as const, "prefilter" as const),
        (plan, bytes, mode) => {
          const got = feed(plan, bytes, 1 << 20, { capacity: 16_384, mode });
          const prefilter = mode === "prefilter" && !plan.literals?.includes("");
          const want = expected(plan, bytes, prefilter);
          const valid = (asks: Account["asks"]) =>
            asks.filter(([start, end]) => isValid(plan, bytes.subarray(start, end)));
          expect(valid(got.asks)).toEqual(valid(want.asks));
          expect(got.directives).toEqual(want.directives);
          expect(got.ruledOut + got.asks.length).toBe(want.ruledOut + want.asks.length);
        },
      ),
      RUNS,
    );
  });

  test("the verdicts are the same for every cut", () => {
    fc.assert(
      fc.property(
        planArbitrary,
        fileArbitrary,
        fc.integer({ min: 1, max: 300 }),
        fc.constantFrom("walk" as const, "prefilter" as const),
        (plan, bytes, piece, mode) => {
          expect(feed(plan, bytes, piece, { mode })).toEqual(
            feed(plan, bytes, 1 << 20, { capacity: 16_384, mode }),
          );
        },
      ),
      { numRuns: 400 },
    );
  });

  test("a JSON line is never ruled out whose parsed values meet an alternative", () => {
    fc.assert(
      fc.property(planArbitrary, jsonArbitrary, (plan, line) => {
        const json: KernelPlan = { ...plan, framing: { kind: "json" } };
        fc.pre(isValid(json, bytesOf(line)));
        if (verdict(json, `${line}\n`) === "no") expect(meetsAny(json, JSON.parse(line))).toBe(false);
      }),
      RUNS,
    );
  });

  test("windows and their borders do not show", () => {
    fc.assert(
      fc.property(
        planArbitrary,
        fc.array(jsonArbitrary, { minLength: 3, maxLength: 12 }),
        fc.nat(300),
        fc.constantFrom("walk" as const, "prefilter" as const),
        (plan, lines, shift, mode) => {
          const json: KernelPlan = { ...plan, framing: { kind: "json" } };
          const block = `${lines.join("\n")}\n`;
          const bytes = bytesOf(`${"x".repeat(shift)}\n${block.repeat(Math.ceil(80_000 / block.length))}`);
          expect(feed(json, bytes, 1 << 20, { capacity: 1 << 19, mode })).toEqual(
            expected(json, bytes, mode === "prefilter"),
          );
        },
      ),
      { numRuns: 15 },
    );
  });
});

/** Decides on parsed values what a rule could see, more generously than any decoder does. */
function meetsAny(plan: KernelPlan, object: Readonly<Record<string, unknown>>): boolean {
  const meets = (testOf: KernelTest): boolean => {
    const slot = plan.slots[testOf.slot];
    const values = (slot?.keys ?? []).flatMap((key) => valuesAt(object, key));
    if (values.length === 0) return testOf.kind === "text-lacks" || testOf.orAbsent;
    return values.some((value) => meetsValue(testOf, String(value)));
  };
  const complete = plan.slots.every(
    ({ required, keys }) => !required || keys.some((key) => valuesAt(object, key).length > 0),
  );
  return !complete || plan.alternatives.some((tests) => tests.every(meets));
}

/** What stands under a name, as one key or nested as its parts are. */
function valuesAt(object: Readonly<Record<string, unknown>>, name: string): readonly unknown[] {
  const inner = [...name.matchAll(/\./g)].flatMap(({ index }) => {
    const value = Object.hasOwn(object, name.slice(0, index)) ? object[name.slice(0, index)] : undefined;
    if (typeof value !== "object" || value === null || Array.isArray(value) || index === 0) return [];
    return valuesAt(value as Record<string, unknown>, name.slice(index + 1));
  });
  return Object.hasOwn(object, name) ? [object[name], ...inner] : inner;
}

function meetsValue(testOf: KernelTest, value: string): boolean {
  switch (testOf.kind) {
    case "port-in":
      return testOf.values.includes(Number(value));
    case "port-above":
      return Number(value) > testOf.value && Number(value) <= 65_535;
    case "class-in": {
      if (!/^\d+\.\d+\.\d+\.\d+$/.test(value)) return false;
      const address = value.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
      const { starts, classes } = TABLE.ipv4;
      return ((classes[starts.findLastIndex((start) => start <= address)] ?? 0) & testOf.mask) !== 0;
    }
    case "text-has":
      return testOf.needles.some((needle) => value.toLowerCase().includes(needle.toLowerCase()));
    case "text-lacks":
      return !testOf.needles.some((needle) => value.toLowerCase().includes(needle.toLowerCase()));
  }
}
