// Elastic Common Schema documents: the Bristol branch's FortiGate, shipped by Elastic Agent, and Zeek's view of it.
// Reference: https://www.elastic.co/docs/reference/ecs and the Fortinet FortiGate integration
import { createRandom } from "./random.mjs";
import { session } from "./session.mjs";
import { isOurs, isoMicro, isoMilli, microseconds } from "./world.mjs";

const NAS = "10.20.33.20";

/** Bristol's stories: Azure Files, 6to4, and a block. */
const STORY = [
  session({
    at: "10:03:11.482",
    seconds: 611,
    from: `${NAS} 50233`,
    to: "8.8.4.4 445",
    app: "smb",
    out: 742_118,
    in: 88_210,
    name: "hparchive.file.core.windows.net",
    action: "close",
    rule: "out-storage",
  }),
  session({
    at: "13:44:02.017",
    seconds: 4,
    from: "2a00:1234:5:33::14 49811",
    to: "2002:d043:dcdc::1 445",
    app: "smb",
    out: 1_702,
    in: 1_390,
    action: "close",
    rule: "v6-any",
  }),
  session({
    at: "13:45:20.731",
    seconds: 0,
    state: "S0",
    outPackets: 1,
    from: "2a00:1234:5:33::14 49820",
    to: "2002:c0a8:101::1 445",
    app: "",
    action: "deny",
    rule: "implicit-deny",
  }),
  session({
    at: "14:31:57.609",
    seconds: 0,
    state: "S0",
    outPackets: 1,
    from: "10.20.33.41 51730",
    to: "76.76.2.1 445",
    app: "",
    action: "deny",
    rule: "implicit-deny",
  }),
];

/** The file's text: bare documents, dotted documents, and search hits with an envelope. */
export function ecsText() {
  const random = createRandom("ecs");
  const all = [...STORY, ...ordinary(random)].sort((a, b) => a.end - b.end);
  const lines = all.map((one, index) => JSON.stringify(shaped(document(one, random), index, random)));
  return `${lines.join("\n")}\n`;
}

function ordinary(random) {
  return Array.from({ length: 46 }, () => {
    const smb = random.chance(0.25);
    return session({
      at: microseconds("07:00:00") + random.int(0, 36_000) * 1e6,
      seconds: random.int(1, 90),
      from: `10.20.33.${random.int(30, 60)} ${random.int(49152, 65535)}`,
      to: smb ? `${NAS} 445` : `${random.pick(["1.1.1.1", "8.8.8.8", "9.9.9.9"])} 443`,
      app: smb ? "smb" : "ssl",
      out: random.int(800, 9000),
      in: random.int(900, 200_000),
      action: random.pick(["close", "close", "client-rst"]),
      rule: smb ? "lan-to-lan" : "out-web",
    });
  });
}

function document(one, random) {
  const blocked = one.action === "deny";
  const outside = !isOurs(one.destination.ip);
  return {
    "@timestamp": `${isoMilli(one.end)}Z`,
    ecs: { version: "8.11.0" },
    event: {
      action: one.action,
      category: ["network"],
      code: "0000000013",
      dataset: "fortinet_fortigate.log",
      duration: Math.round(one.seconds * 1e9),
      kind: "event",
      module: "fortinet_fortigate",
      outcome: blocked ? "failure" : "success",
      start: `${isoMicro(one.start)}Z`,
      type: blocked ? ["connection", "end", "denied"] : ["connection", "end", "allowed"],
    },
    source: end(one.source, one.out, one.outPackets),
    destination: {
      ...end(one.destination, one.in, one.inPackets),
      ...(one.name === undefined ? {} : { domain: one.name }),
    },
    network: {
      bytes: frames(one, "both"),
      direction: outside ? "outbound" : "internal",
      iana_number: "6",
      packets: one.outPackets + one.inPackets,
      ...(one.app === "" ? {} : { application: one.app, protocol: one.app }),
      transport: one.transport,
    },
    observer: {
      egress: { interface: { name: outside ? "wan1" : "internal2" } },
      ingress: { interface: { name: "internal1" } },
      name: "fg-bristol-1",
      product: "Fortigate",
      serial_number: "FG100FTK00000001",
      type: "firewall",
      vendor: "Fortinet",
    },
    related: { ip: [one.source.ip, one.destination.ip] },
    rule: { id: String(random.int(3, 40)), name: one.rule, ruleset: "policy" },
  };
}

function end(side, bytes, packets) {
  return { address: side.ip, bytes: bytes + packets * 40, ip: side.ip, packets, port: side.port };
}

function frames(one) {
  return one.out + one.in + (one.outPackets + one.inPackets) * 40;
}

// Every fifth document as a search hit, every seventh with dotted keys at the top.
function shaped(doc, index, random) {
  if (index % 5 === 2) {
    return {
      _index: ".ds-logs-fortinet_fortigate.log-default-2026.02.20-000004",
      _id: random.base62(20),
      _score: null,
      _source: doc,
    };
  }
  return index % 7 === 3 ? dotted(doc, "") : doc;
}

function dotted(value, prefix) {
  const flat = {};
  for (const [key, inner] of Object.entries(value)) {
    if (typeof inner === "object" && !Array.isArray(inner))
      Object.assign(flat, dotted(inner, `${prefix}${key}.`));
    else flat[prefix + key] = inner;
  }
  return flat;
}
