// The company: Harbour & Pike, a ship chandler. Sites, hosts, and the addresses that play the Internet.

/** The one day of all sample logs, UTC. */
const DAY = "2026-03-02";

export const DOMAIN = "HARBOURPIKE";
export const DNS_SUFFIX = "harbourpike.example";

/** Everything that is theirs; `examples/sallyport.yml` says the same where it is not private space anyway. */
const OURS = ["10.20.", "192.168.1.", "11.22.33.", "fd20:4c1d:77aa:", "2a00:1234:5:", "fe80:"];

export const HOSTS = {
  dc1: "10.20.1.10",
  dc2: "10.20.1.11",
  files1: "10.20.1.20",
  files2: "10.20.1.21",
  backup1: "10.20.1.30",
  print1: "10.20.1.40",
  mail1: "10.20.1.50",
  dropbox: "11.22.33.44",
};

/** Well-known public resolvers. Here they merely play web sites and strangers. */
export const WEB = [
  "1.1.1.1",
  "1.0.0.1",
  "8.8.8.8",
  "8.8.4.4",
  "9.9.9.9",
  "208.67.222.222",
  "149.112.112.112",
];

/** Harwich, the head office: workstations of four floors. */
export function workstations() {
  const list = [];
  for (let floor = 10; floor <= 13; floor++) {
    for (let host = 20; host < 32; host++) list.push(`10.20.${floor}.${host}`);
  }
  return list;
}

/** Tells whether an address belongs to the company. */
export function isOurs(ip) {
  return OURS.some((prefix) => ip.startsWith(prefix));
}

/** A time of the day ("09:41:12.318442") as microseconds since 1970. */
export function microseconds(clock) {
  const [whole, fraction = ""] = clock.split(".");
  return Date.parse(`${DAY}T${whole}Z`) * 1000 + Number(fraction.padEnd(6, "0"));
}

/** Microseconds as "2026-03-02T09:41:12.318442", without a zone. */
export function isoMicro(us) {
  const seconds = Math.floor(us / 1e6);
  return `${new Date(seconds * 1000).toISOString().slice(0, 19)}.${pad(us - seconds * 1e6, 6)}`;
}

/** Microseconds as "2026-03-02T09:41:12.318", without a zone. */
export function isoMilli(us) {
  return isoMicro(us).slice(0, 23);
}

/** Microseconds as epoch seconds with six digits: "1772444472.318442". */
export function epochSeconds(us) {
  const seconds = Math.floor(us / 1e6);
  return `${seconds}.${pad(us - seconds * 1e6, 6)}`;
}

function pad(value, width) {
  return String(value).padStart(width, "0");
}
