// An ordinary working day at Harwich: file servers, directory, name look-ups, the web.
import { createRandom } from "./random.mjs";
import { session } from "./session.mjs";
import { HOSTS, microseconds, WEB, workstations } from "./world.mjs";

const FILE_SERVERS = [HOSTS.files1, HOSTS.files1, HOSTS.files2];
const SITES = ["portal.tides.example", "mail.harbourpike.example", "rope-prices.example", "weather.example"];

/** The day's harmless sessions, in order of their start. */
export function ordinaryDay() {
  const random = createRandom("noise");
  const hosts = workstations();
  const list = [];
  for (let index = 0; index < 640; index++) list.push(ordinarySession(random, hosts));
  return list.sort((a, b) => a.start - b.start);
}

function ordinarySession(random, hosts) {
  const from = `${random.pick(hosts)} ${random.int(49152, 65535)}`;
  const at = microseconds("06:30:00") + random.int(0, 12 * 3600 * 1e6);
  const roll = random.next();
  if (roll < 0.3) return fileShare(random, at, from);
  if (roll < 0.5) return nameLookup(random, at, from);
  if (roll < 0.56) return directory(random, at, from);
  if (roll < 0.6) return netbiosBroadcast(random, at, from);
  return web(random, at, from);
}

function fileShare(random, at, from) {
  return session({
    at,
    from,
    to: `${random.pick(FILE_SERVERS)} 445`,
    app: random.chance(0.8) ? "gssapi,smb,krb" : "gssapi,smb,ntlm",
    out: random.int(1200, 90_000),
    in: random.int(2000, 900_000),
    seconds: random.int(400, 90_000_000) / 1e6,
    inside: true,
    share: random.pick(["accounts", "stock", "public", "scans"]),
    file: random.pick(["invoice-0219.pdf", "rope-list.xlsx", "anchors.docx", "pallet-17.jpg"]),
  });
}

function nameLookup(random, at, from) {
  const query = random.int(34, 60);
  return session({
    at,
    from,
    to: `${random.pick([HOSTS.dc1, HOSTS.dc2])} 53`,
    transport: "udp",
    app: "dns",
    out: query,
    in: query + random.int(16, 180),
    seconds: random.int(300, 40_000) / 1e6,
    inside: true,
  });
}

function directory(random, at, from) {
  const [port, app] = random.pick([
    [88, "krb_tcp"],
    [389, "ldap_tcp,gssapi"],
    [135, "dce_rpc"],
  ]);
  return session({
    at,
    from,
    to: `${random.pick([HOSTS.dc1, HOSTS.dc2])} ${port}`,
    app,
    out: random.int(300, 3000),
    in: random.int(300, 6000),
    seconds: random.int(1000, 900_000) / 1e6,
    inside: true,
  });
}

function netbiosBroadcast(random, at, from) {
  const ip = from.split(" ")[0];
  return session({
    at,
    from: `${ip} 137`,
    to: `${ip.split(".").slice(0, 3).join(".")}.255 137`,
    transport: "udp",
    app: "dns",
    out: 150,
    outPackets: 3,
    in: 0,
    state: "S0",
    seconds: random.int(1_400_000, 1_600_000) / 1e6,
    inside: true,
  });
}

function web(random, at, from) {
  const quic = random.chance(0.18);
  return session({
    at,
    from,
    to: `${random.pick(WEB)} 443`,
    transport: quic ? "udp" : "tcp",
    app: quic ? "quic" : "ssl",
    alpn: quic ? "h3" : undefined,
    sni: random.pick(SITES),
    state: quic || random.chance(0.9) ? "SF" : "RSTO",
    out: random.int(600, 9000),
    in: random.int(3000, 400_000),
    seconds: random.int(50_000, 60_000_000) / 1e6,
    policy: "out-web",
    panApp: quic ? "quic" : "ssl",
  });
}
