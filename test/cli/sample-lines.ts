/** Log lines for tests of the command line: Zeek's conn.log as JSON, and zstd frames made by hand. */

/** 2026-03-01T10:00:00Z. Units: seconds since 1970. */
const START = 1_772_359_200;

export interface ConnFacts {
  readonly uid?: string;
  readonly source?: string;
  readonly sourcePort?: number;
  readonly destination?: string;
  readonly port?: number;
  /** Units: seconds after the start. */
  readonly after?: number;
  /** An answered session, or a SYN that nothing answered. */
  readonly state?: "SF" | "S0";
}

/** One row of conn.log with its newline; by default an SMB session to the Internet that came about. */
export function connLine(facts: ConnFacts = {}): string {
  const state = facts.state ?? "SF";
  const answered = state === "SF";
  const row = {
    _path: "conn",
    ts: START + (facts.after ?? 0),
    uid: facts.uid ?? "CSample1",
    "id.orig_h": facts.source ?? "10.1.2.3",
    "id.orig_p": facts.sourcePort ?? 50_001,
    "id.resp_h": facts.destination ?? "8.8.8.8",
    "id.resp_p": facts.port ?? 445,
    proto: "tcp",
    duration: 4.5,
    orig_bytes: answered ? 1900 : 0,
    resp_bytes: answered ? 1200 : 0,
    conn_state: state,
    missed_bytes: 0,
    history: answered ? "ShADadFf" : "S",
    orig_pkts: answered ? 12 : 3,
    resp_pkts: answered ? 10 : 0,
  };
  return `${JSON.stringify(row)}\n`;
}

/** Rows of web traffic, which is none of our business. */
export function webLines(count: number): string {
  return Array.from({ length: count }, (_, at) =>
    connLine({
      uid: `CWeb${at}`,
      sourcePort: 20_000 + (at % 40_000),
      destination: "1.1.1.1",
      port: 443,
      after: at,
    }),
  ).join("");
}

const ZSTD_MAGIC = [0x28, 0xb5, 0x2f, 0xfd];
/** No content size, no checksum, no dictionary; a window of 2 MiB. Source: RFC 8878 section 3.1.1.1. */
const ZSTD_HEADER = [0x00, 0x58];
const ZSTD_BLOCK_BYTES = 100_000;

/** A zstd frame of raw blocks. Source: RFC 8878 section 3.1.1.2. */
export function zstdFrame(content: string): Uint8Array {
  const bytes = Buffer.from(content, "utf8");
  const parts = [Buffer.from([...ZSTD_MAGIC, ...ZSTD_HEADER])];
  for (let at = 0; at === 0 || at < bytes.length; at += ZSTD_BLOCK_BYTES) {
    const block = bytes.subarray(at, at + ZSTD_BLOCK_BYTES);
    const isLast = at + ZSTD_BLOCK_BYTES >= bytes.length;
    const header = Buffer.alloc(3);
    header.writeUIntLE((block.length << 3) | (isLast ? 1 : 0), 0, 3);
    parts.push(header, block);
  }
  return Buffer.concat(parts);
}
