// One conversation between two ends, before any sensor has written it down in its own way.
import { microseconds } from "./world.mjs";

/** What Zeek's history column looks like for a TCP connection of each state. */
const HISTORY = {
  SF: "ShADadFf",
  S1: "ShADad",
  S0: "S",
  REJ: "Sr",
  RSTO: "ShADadR",
  RSTR: "ShADadr",
  OTH: "^h",
};

/**
 * Builds a session.
 * Shape: `at` is a clock time; `from` and `to` are "address port"; `out` and `in` count payload.
 */
export function session({ at, from, to, transport = "tcp", app = "", state = "SF", seconds = 1, ...rest }) {
  const [sourceIp, sourcePort] = from.split(" ");
  const [destinationIp, destinationPort] = to.split(" ");
  const out = rest.out ?? 0;
  const back = rest.in ?? 0;
  const start = typeof at === "number" ? at : microseconds(at);
  return {
    ...rest,
    transport,
    app,
    state,
    out,
    in: back,
    outPackets: rest.outPackets ?? packetsOf(transport, state, out),
    inPackets: rest.inPackets ?? packetsBack(transport, state, back),
    start,
    end: start + Math.round(seconds * 1e6),
    seconds,
    source: { ip: sourceIp, port: Number(sourcePort) },
    destination: { ip: destinationIp, port: Number(destinationPort) },
    history: rest.history ?? (transport === "udp" ? udpHistory(back) : HISTORY[state]),
  };
}

/** Bytes on the wire at the IP layer: payload, and one header per packet. */
export function ipBytes({ transport, source }, bytes, packets) {
  const ip = source.ip.includes(":") ? 40 : 20;
  return bytes + packets * (ip + (transport === "udp" ? 8 : 20));
}

function packetsOf(transport, state, bytes) {
  if (transport === "udp") return Math.max(1, Math.ceil(bytes / 1200));
  if (state === "S0") return 3;
  if (state === "REJ") return 1;
  return 4 + Math.ceil(bytes / 1400);
}

function packetsBack(transport, state, bytes) {
  if (transport === "udp") return Math.ceil(bytes / 1200);
  if (state === "S0") return 0;
  if (state === "REJ") return 1;
  return 3 + Math.ceil(bytes / 1400);
}

function udpHistory(back) {
  return back > 0 ? "Dd" : "D";
}
