/** What may happen to a line of a log, by chance or on purpose: every way that is known to mislead a fast reader. */
import fc from "fast-check";

/** One byte a character, so that a line can hold bytes that are no text. */
export type Bytes = string;

/** Where and how: `at` is a share of the line, `pick` a choice among what the mutation offers. */
export interface Mutation {
  readonly name: keyof typeof MUTATIONS;
  readonly at: number;
  readonly pick: number;
}

const PORTS = [
  "445",
  "139",
  '"445"',
  "445.0",
  '"445.0"',
  "445.00",
  "4.45e2",
  "44500e-2",
  "0445",
  '"0445"',
  "4450",
  "1445",
  "-445",
  " 445 ",
  "\t445",
  '" 445"',
  "[445]",
  "[445,80]",
  '{"a":445}',
  "null",
  "true",
  '""',
  "65536",
  "137",
  "80",
  "50000",
  '"\\u0034\\u0034\\u0035"',
  "445\\x00",
];

const ADDRESSES = [
  "8.8.8.8",
  "1.1.1.1",
  "10.1.2.3",
  "172.16.0.1",
  "172.32.0.1",
  "192.168.255.255",
  "192.169.0.0",
  "100.64.0.1",
  "169.254.1.1",
  "224.0.0.1",
  "255.255.255.255",
  "0.0.0.0",
  "192.0.2.1",
  "::ffff:8.8.8.8",
  "::ffff:10.1.2.3",
  "2606:4700:4700::1111",
  "fd12:3456::1",
  "64:ff9b::808:808",
  "2002:808:808::1",
  "fe80::1%eth0",
  "[2606:4700:4700::1111]",
  "08.8.8.8",
  "8.8.8",
  "8.8.8.256",
  "8.8.8.8:445",
  "8.8.8.8 ",
  "8.8.8.8\\u0000",
  "8\\u002e8.8.8",
  "",
  "-",
  "(empty)",
];

const WORDS = [
  "smb",
  "SMB",
  "gssapi,smb,ntlm",
  "krb_tcp",
  "\xe2\x84\xaarb",
  "\\u212arb",
  "kerberos",
  "ntlm",
  "-smb",
  "smb_files",
  "smb_mapping",
  "ntlm_x",
  "quic",
  "conn",
  "dns",
  "ms-ds-smbv3",
  "ms-ds-smb-base",
  "microsoft-ds",
  "netbios-ssn (smb)",
  "cifs",
  "\\u0073mb",
  "sm\\u0062",
  "s\\mb",
  "S0",
  "SF",
  "tcp",
  "udp",
  "TRAFFIC",
  "THREAT",
  "alert",
  "flow",
  "",
  "-",
];

const RAW = [
  "\0",
  "\xef\xbb\xbf",
  "\xff",
  "\xc3",
  "\xe2\x80\xa8",
  '"',
  "\\",
  "\\\\",
  '\\"',
  "\n",
  "\r",
  "\r\n",
  "{",
  "}",
  "[",
  ",",
  ":",
  "\t",
  " ",
  "#",
  "\x7f",
  "_",
];

const MEMBERS = [
  '"id.resp_p":445',
  '"id.resp_p":80',
  '"id.orig_p":445',
  '"id_resp_p":445',
  '"id_resp_h":"8.8.8.8"',
  '"id":{"resp_p":445,"resp_h":"8.8.8.8"}',
  '"id":{"orig_h":"10.1.2.3"}',
  '"id\\u002eresp_p":445',
  '"id.resp\\u005fp":445',
  '"service":"smb"',
  '"service":["dns","smb"]',
  '"conn_state":null',
  '"conn_state":"SF"',
  '"share_type":"DISK"',
  '"sub_command":"x"',
  '"domainname":"X"',
  '"_path":"smb_files"',
  '"@stream":"ntlm"',
  '"dest_port":445',
  '"dest_ip":"8.8.8.8"',
  '"src_ip":"10.1.2.3"',
  '"src_port":445',
  '"app_proto":"smb"',
  '"app_proto_ts":"smb"',
  '"event_type":"smb"',
  '"smb":{"ntlmssp":{"user":"x"}}',
  '"smb":"x"',
  '"direction":"to_client"',
  '"destination":{"port":445}',
  '"destination.port":445',
  '"x":{"id.resp_p":445}',
  '"x":"\\"id.resp_p\\":445"',
  '"x":"445}"',
  '"x":"{[\\\\"',
  '"x":"\xc3\xa4"',
  '"result":{"src":"10.1.2.3","dest":"8.8.8.8","dest_port":445,"_time":"2026-03-01T10:00:00Z"}',
];

function pickOf<T>(list: readonly T[], pick: number): T {
  return list[pick % list.length] as T;
}

/** Replaces the match of a pattern that stands nearest behind a place; the line as it was where there is none. */
function replaceNear(line: Bytes, pattern: RegExp, at: number, by: (found: string) => string): Bytes {
  const matches = [...line.matchAll(pattern)];
  const found = matches[Math.floor(at * matches.length)];
  if (found === undefined) return line;
  return line.slice(0, found.index) + by(found[0]) + line.slice(found.index + found[0].length);
}

const PORT_VALUE = /(?<=[:,\t]\s?)"?\b(?:\d{2,5})\b"?(?=[,}\t])/g;
const ADDRESS = /\b\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}\b|\b[0-9a-f]{1,4}(?::[0-9a-f]{0,4}){2,7}/g;
const WORD = /(?<=[":,\t])[A-Za-z][A-Za-z0-9_-]{1,15}(?=[",\t]|$)/g;
const MEMBER = /"[^"\\]{1,30}"\s*:\s*(?:"[^"\\]*"|[\w.-]+)\s*,/g;
const LETTER = /[a-z.](?=[^"]*":?)/g;

const MUTATIONS = {
  port: (line, at, pick) => replaceNear(line, PORT_VALUE, at, () => pickOf(PORTS, pick)),
  address: (line, at, pick) => replaceNear(line, ADDRESS, at, () => pickOf(ADDRESSES, pick)),
  word: (line, at, pick) => replaceNear(line, WORD, at, () => pickOf(WORDS, pick)),
  raw: (line, at, pick) => insert(line, at, pickOf(RAW, pick)),
  drop: (line, at, pick) => {
    const from = Math.floor(at * line.length);
    return line.slice(0, from) + line.slice(from + 1 + (pick % 12));
  },
  cut: (line, at) => line.slice(0, Math.floor(at * line.length)),
  escape: (line, at) =>
    replaceNear(line, LETTER, at, (letter) => `\\u00${letter.charCodeAt(0).toString(16).padStart(2, "0")}`),
  blank: (line, at, pick) =>
    replaceNear(line, /[:,{}]/g, at, (sign) => pickOf([` ${sign}`, `${sign} `, `\t${sign}\t`], pick)),
  first: (line, _, pick) => line.replace("{", () => `{${pickOf(MEMBERS, pick)},`),
  last: (line, _, pick) => line.replace(/\}(\s*)$/, (__, rest) => `,${pickOf(MEMBERS, pick)}}${rest}`),
  without: (line, at) => replaceNear(line, MEMBER, at, () => ""),
  twice: (line, at) => replaceNear(line, MEMBER, at, (member) => member + member),
  nested: (line, _, pick) =>
    pickOf(
      [
        `{"a":${line}}`,
        `{"result":${line}}`,
        `[${line}]`,
        `${line}${line}`,
        `{"_source":${line},"_index":"x"}`,
      ],
      pick,
    ),
  nestedId: (line) => line.replaceAll(/"id\.(orig|resp)_([hp])":("[^"]*"|\d+)/g, '"id":{"$1_$2":$3}'),
  underscored: (line) => line.replaceAll('"id.', '"id_'),
  header: (line, _, pick) =>
    pickOf(
      [
        `<14>1 - host app - - - ${line}`,
        `Mar  1 10:00:00 fw ${line}`,
        `\xef\xbb\xbf${line}`,
        ` ${line}`,
        `\t${line}`,
      ],
      pick,
    ),
  upper: (line, at) => replaceNear(line, /[a-z]{3,}/g, at, (word) => word.toUpperCase()),
  padded: (line, at, pick) => insert(line, at, pickOf(["x", " ", ",", "\t", "\\u0041"], pick).repeat(700)),
  quoted: (line, at) => replaceNear(line, /[^,\t]+/g, at, (value) => `"${value}"`),
  swapped: (line) => line.replace(/orig|src|source|Source/, "\x01").replaceAll(/resp|dest/g, "orig"),
  carriage: (line, _, pick) => line + pickOf(["\r", "\r\r", " ", "\t\r"], pick),
} satisfies Record<string, (line: Bytes, at: number, pick: number) => Bytes>;

function insert(line: Bytes, at: number, text: string): Bytes {
  const place = Math.floor(at * (line.length + 1));
  return line.slice(0, place) + text + line.slice(place);
}

export const mutation: fc.Arbitrary<Mutation> = fc.record({
  name: fc.constantFrom(...(Object.keys(MUTATIONS) as (keyof typeof MUTATIONS)[])),
  at: fc.double({ min: 0, max: 0.999_999, noNaN: true }),
  pick: fc.nat({ max: 9999 }),
});

/** Applies mutations in order. */
export function mutate(line: Bytes, mutations: readonly Mutation[]): Bytes {
  return mutations.reduce((text, { name, at, pick }) => MUTATIONS[name](text, at, pick), line);
}

/** Bytes as characters, and back. */
export function toCharacters(bytes: Uint8Array): Bytes {
  return Buffer.from(bytes).toString("latin1");
}

export function toBytes(text: Bytes): Uint8Array {
  return new Uint8Array(Buffer.from(text, "latin1"));
}
