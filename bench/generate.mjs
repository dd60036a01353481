// Big logs with known contents: ordinary traffic, internal SMB, traps, and an exact number of leaks.
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { join } from "node:path";
import { SHAPES } from "./lines.mjs";
import { createRandom } from "./random.mjs";

/** 2026-03-02, UTC: all records lie within one day, so that one source and destination are one finding. */
const DAY_US = Date.parse("2026-03-02T00:00:00Z") * 1000;
const SPAN_US = 86_000 * 1e6;
const FLUSH = 1 << 20;

/** Change it when a generator changes: old files are then made anew. */
const VERSION = 4;

/**
 * Makes a log, or finds the one made earlier.
 * Shape: `leaks` records, of `sources` hosts, each host with one destination; leaks lie evenly in the file.
 * Units: `size` in MB of 1,000,000 bytes; shares between 0 and 1.
 */
export function makeLog({ folder, format, size, leaks, sources, smb = 0.05, ipv6 = 0.05 }) {
  const shape = SHAPES[format];
  if (shape === undefined)
    throw new Error(`no such format: ${format}; there are ${Object.keys(SHAPES).join(", ")}`);
  const records = Math.max(leaks, Math.round((size * 1e6) / shape.bytes));
  const name = `${format}-v${VERSION}-${records}-${leaks}-${sources}-${smb}-${ipv6}`;
  const path = join(folder, `${name}.${shape.ending}`);
  const truthPath = join(folder, `${name}.truth.json`);
  if (existsSync(path) && existsSync(truthPath)) return JSON.parse(readFileSync(truthPath, "utf8"));
  mkdirSync(folder, { recursive: true });
  writeLog(`${path}.part`, shape, { records, leaks, sources, smb, ipv6 });
  renameSync(`${path}.part`, path);
  const truth = {
    format,
    path,
    bytes: statSync(path).size,
    records,
    leaks,
    sources: Math.min(sources, leaks),
  };
  writeFileSync(truthPath, JSON.stringify(truth));
  return truth;
}

function writeLog(path, shape, plan) {
  const file = openSync(path, "w");
  const random = createRandom(20260302);
  let text = shape.head;
  let leak = 0;
  for (let index = 0; index < plan.records; index++) {
    const leaking = leak < plan.leaks && index === placeOf(leak, plan);
    const flow = leaking ? leakFlow(leak, plan) : ordinaryFlow(random, plan);
    if (leaking) leak += 1;
    flow.index = index;
    flow.us = DAY_US + Math.floor((index * SPAN_US) / plan.records);
    text += `${shape.line(flow)}\n`;
    if (text.length >= FLUSH) {
      writeSync(file, text);
      text = "";
    }
  }
  writeSync(file, text);
  closeSync(file);
}

function placeOf(leak, { records, leaks }) {
  return Math.floor(((leak + 0.5) * records) / leaks);
}

/** Leak number n: every one its own session, every source its own destination; one source in twenty is IPv6. */
function leakFlow(leak, { sources }) {
  const host = leak % sources;
  const v6 = host % 20 === 19;
  return flow({
    source: v6
      ? `fd20:4c1d:77aa::${((host >> 16) & 0xffff).toString(16)}:${(host & 0xffff).toString(16)}`
      : hostAddress(host),
    sourcePort: 1024 + ((Math.floor(leak / sources) * 7919 + leak) % 64000),
    destination: v6 ? "2606:4700:4700::1111" : `8.${(host >> 8) & 0xff}.${host & 0xff}.8`,
    port: 445,
    service: "gssapi,smb,ntlm",
    out: 1800 + (host % 900),
    back: 1300,
  });
}

function ordinaryFlow(random, { smb, ipv6 }) {
  const v6 = random.next() < ipv6;
  const roll = random.next();
  const source = v6
    ? `fd20:4c1d:77aa:1::${random.int(1, 65000).toString(16)}`
    : hostAddress(random.int(0, 60_000));
  const sourcePort = random.int(49152, 65535);
  if (roll < smb) return insideSmb(random, v6, source, sourcePort);
  if (roll < smb + 0.002) return trap(random, source, sourcePort);
  const udp = random.next() < 0.3;
  return flow({
    source,
    sourcePort,
    destination: v6
      ? "2606:4700:4700::1001"
      : `${random.int(11, 99)}.${random.int(0, 255)}.${random.int(0, 255)}.${random.int(1, 254)}`,
    port: udp ? 53 : 443,
    transport: udp ? "udp" : "tcp",
    service: udp ? "dns" : "ssl",
    out: random.int(60, 9000),
    back: random.int(60, 90_000),
  });
}

function insideSmb(random, v6, source, sourcePort) {
  return flow({
    source,
    sourcePort,
    destination: v6 ? "fd20:4c1d:77aa::20" : `10.1.1.${random.int(10, 40)}`,
    port: 445,
    service: "gssapi,smb,krb",
    out: random.int(900, 90_000),
    back: random.int(900, 900_000),
    inside: true,
  });
}

/** The digits without the port, the port without the Internet. */
function trap(random, source, sourcePort) {
  const [destination, port, service] = [
    ["8.8.8.8", 4450, "ssl"],
    ["1.1.1.1", 44_500, "ssl"],
    ["192.0.2.45", 445, ""],
    ["100.64.4.45", 445, ""],
    ["10.4.45.139", 139, "smb"],
  ][random.int(0, 4)];
  return flow({ source, sourcePort, destination, port, service, out: 445, back: 139 });
}

function flow(part) {
  return {
    transport: "tcp",
    inside: false,
    seconds: 2 + (part.out % 997) / 1000,
    outPackets: 6 + Math.ceil(part.out / 1400),
    backPackets: 5 + Math.ceil(part.back / 1400),
    index: 0,
    us: 0,
    ...part,
  };
}

// 10.32.0.0 and up: 14 million hosts, none of them a file server.
function hostAddress(host) {
  const number = host + 0x0a200000;
  return `10.${(number >> 16) & 0xff}.${(number >> 8) & 0xff}.${number & 0xff}`;
}
