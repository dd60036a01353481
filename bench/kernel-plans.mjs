// Plans like those of the shipped rules, for measuring the kernel without them: SMB ports or an SMB application, from
// ours to the Internet, as recorded or with the ends swapped.

const INTERNAL = 1;
const INTERNET = 2;
const OTHER = 4;

/** Unique local addresses are ours, 2000::/3 is the Internet, the rest is neither. */
const IPV6 = {
  starts: BigUint64Array.of(
    0n,
    0n,
    0x2000n << 48n,
    0n,
    0x4000n << 48n,
    0n,
    0xfc00n << 48n,
    0n,
    0xfe00n << 48n,
    0n,
  ),
  classes: Uint32Array.of(OTHER, INTERNET, OTHER, INTERNAL, OTHER),
};

/** A small address table: RFC 1918 is ours, the usual special blocks are neither, the rest is the Internet. */
export const KERNEL_TABLE = tableOf([
  ["0.0.0.0", OTHER],
  ["1.0.0.0", INTERNET],
  ["10.0.0.0", INTERNAL],
  ["11.0.0.0", INTERNET],
  ["100.64.0.0", INTERNAL],
  ["100.128.0.0", INTERNET],
  ["127.0.0.0", OTHER],
  ["128.0.0.0", INTERNET],
  ["169.254.0.0", OTHER],
  ["169.255.0.0", INTERNET],
  ["172.16.0.0", INTERNAL],
  ["172.32.0.0", INTERNET],
  ["192.168.0.0", INTERNAL],
  ["192.169.0.0", INTERNET],
  ["224.0.0.0", OTHER],
]);

const [SOURCE, DESTINATION, SOURCE_PORT, DESTINATION_PORT, APPLICATION] = [0, 1, 2, 3, 4];
const SMB_PORTS = [139, 445];
const SMB_NAMES = ["smb", "cifs", "ms-ds", "netbios", "webdav"];

const leaving = (from, to) => [
  { kind: "class-in", slot: from, mask: INTERNAL, orAbsent: false },
  { kind: "class-in", slot: to, mask: INTERNET, orAbsent: false },
];

const ALTERNATIVES = [
  [
    { kind: "port-in", slot: DESTINATION_PORT, values: SMB_PORTS, orAbsent: false },
    ...leaving(SOURCE, DESTINATION),
  ],
  [
    { kind: "port-in", slot: SOURCE_PORT, values: SMB_PORTS, orAbsent: false },
    { kind: "port-above", slot: DESTINATION_PORT, value: 1023, orAbsent: false },
    ...leaving(DESTINATION, SOURCE),
  ],
  [
    { kind: "text-has", slot: APPLICATION, needles: SMB_NAMES, orAbsent: false },
    ...leaving(SOURCE, DESTINATION),
  ],
];

const LITERALS = ["445", "139", ...SMB_NAMES, "\\u00"];

export const KERNEL_PLANS = {
  "zeek-json": {
    framing: { kind: "json" },
    slots: slots([["id.orig_h"], ["id.resp_h"], ["id.orig_p"], ["id.resp_p"], ["service"]], [0, 0, 0, 0, 0]),
    alternatives: ALTERNATIVES,
    literals: LITERALS,
  },
  "zeek-tsv": delimited(
    { separator: 9, columns: 22, directive: 0x23, quote: undefined, unset: "-" },
    [2, 4, 3, 5, 7],
  ),
  panos: delimited(
    { separator: 0x2c, columns: 31, directive: undefined, quote: 0x22, unset: undefined },
    [7, 8, 24, 25, 14],
  ),
};

function delimited(framing, columns) {
  return {
    framing: { kind: "delimited", ...framing },
    slots: slots([[], [], [], [], []], columns),
    alternatives: ALTERNATIVES,
    literals: LITERALS,
  };
}

function slots(keys, columns) {
  const types = ["address", "address", "port", "port", "text"];
  return types.map((type, index) => ({
    type,
    keys: keys[index],
    column: columns[index],
    required: index < 4,
  }));
}

function tableOf(rows) {
  const starts = rows.map(([text]) => text.split(".").reduce((sum, part) => sum * 256 + Number(part), 0));
  const classes = Uint32Array.from(rows.map(([, bits]) => bits));
  return { ipv4: { starts: Uint32Array.from(starts), classes }, ipv6: IPV6 };
}
