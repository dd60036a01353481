// What went wrong that day: the sessions that a scan must find, and the look-alikes that it must not.
// examples/README.md tells the same story in words; the two are kept in step by hand.
import { session } from "./session.mjs";
import { HOSTS, microseconds } from "./world.mjs";

const SMB_NTLM = "gssapi,smb,ntlm";

/** A lure: a document with a picture on \\9.9.9.9 makes Word offer the user's NTLM response. */
export const LURE = session({
  at: "09:41:12.318442",
  seconds: 12.804133,
  from: "10.20.10.27 51822",
  to: "9.9.9.9 445",
  app: SMB_NTLM,
  out: 1846,
  in: 1322,
  policy: "legacy-any-out",
  panApp: "ms-ds-smbv3",
  user: "m.okafor",
  panUser: "harbourpike\\m.okafor",
  host: "WS-ACCOUNTS-07",
  success: "F",
  server: "WIN-9T2K4",
});

/** A stolen service account copies a backup out: 220 MB in 26 minutes. */
export const BULK = session({
  at: "13:05:03.551208",
  seconds: 1561.204419,
  from: `${HOSTS.backup1} 49871`,
  to: "208.67.222.222 445",
  app: SMB_NTLM,
  out: 220134912,
  in: 1284310,
  policy: "legacy-any-out",
  panApp: "ms-ds-smbv3",
  user: "svc-archive",
  host: "BACKUP1",
  success: "T",
  server: "DEPOT-22",
  share: "drop",
});

/** Sessions at Harwich that the firewall let pass, besides the two above. */
export const LET_OUT = [
  session({
    at: "10:12:44.100923",
    seconds: 9.01,
    state: "S0",
    from: "10.20.13.22 50711",
    to: "1.0.0.1 445",
    policy: "legacy-any-out",
    panApp: "incomplete",
    reason: "aged-out",
  }),
  session({
    at: "10:55:31.774016",
    seconds: 0.041207,
    state: "REJ",
    from: "10.20.13.30 61044",
    to: "8.8.8.8 139",
    policy: "legacy-any-out",
    panApp: "incomplete",
    reason: "tcp-rst-from-server",
  }),
  session({
    at: "14:20:10.002871",
    seconds: 31.55,
    from: `${HOSTS.files2} 52790`,
    to: "149.112.112.10 445",
    app: SMB_NTLM,
    out: 48210,
    in: 30117,
    policy: "partner-tideway",
    panApp: "ms-ds-smbv3",
    user: "svc-tideway",
    host: "FILES2",
    success: "T",
    server: "TW-FS1",
    share: "orders",
  }),
  session({
    at: "14:48:39.419260",
    seconds: 18.22,
    from: `${HOSTS.files2} 52844`,
    to: "64.6.64.6 445",
    app: "gssapi,smb",
    out: 9120,
    in: 6033,
    policy: "legacy-any-out",
    panApp: "ms-ds-smbv2",
  }),
  session({
    at: "15:31:07.660045",
    seconds: 4.4,
    from: "10.20.12.29 55102",
    to: "8.8.8.8 445",
    app: "ssh",
    out: 4180,
    in: 5205,
    policy: "legacy-any-out",
    panApp: "ssh",
  }),
  session({
    at: "11:06:18.230517",
    seconds: 6.13,
    from: "fd20:4c1d:77aa:10::25 58110",
    to: "2606:4700:4700::1111 445",
    app: "gssapi,smb",
    out: 2044,
    in: 1710,
    policy: "v6-any-out",
    panApp: "ms-ds-smbv3",
  }),
];

/** Seen by the firewall only: IPv6 from the company's own global range, unanswered. */
export const V6_UNANSWERED = session({
  at: "16:02:55.910334",
  seconds: 9,
  state: "S0",
  from: "2a00:1234:5:10::41 60122",
  to: "2620:fe::fe 445",
  policy: "v6-any-out",
  panApp: "incomplete",
  reason: "aged-out",
});

/** Seen by Suricata only: an IPv6-only client reaches 8.8.8.8 through NAT64. */
export const NAT64 = session({
  at: "11:22:09.488120",
  seconds: 7.02,
  from: "fd20:4c1d:77aa:20::77 49920",
  to: "64:ff9b::808:808 445",
  app: "smb",
  out: 1902,
  in: 1508,
});

/** SMB over QUIC to an Internet host: the ALPN name is smb. */
export const QUIC = session({
  at: "15:10:20.118834",
  seconds: 40.5,
  transport: "udp",
  from: "10.20.12.31 61551",
  to: "1.1.1.1 443",
  app: "quic",
  out: 14210,
  in: 22118,
  alpn: "smb",
  sni: "files.tideway.example",
  policy: "out-web",
  panApp: "quic",
});

/** Twelve strangers that an infected laptop tries in three separate hours; the firewall refuses each. */
const PROBED = [
  "94.140.14.14",
  "94.140.15.15",
  "76.76.2.0",
  "76.76.10.0",
  "64.6.65.6",
  "9.9.9.10",
  "9.9.9.11",
  "149.112.112.11",
  "1.1.1.2",
  "1.0.0.2",
  "1.1.1.3",
  "1.0.0.3",
];

export const PROBES = ["08:14:02", "11:39:30", "15:52:11"].flatMap((clock, round) =>
  PROBED.map((ip, index) =>
    session({
      at: microseconds(clock) + index * 21_350_000 + round * 4211,
      seconds: 0,
      state: "S0",
      outPackets: 1,
      from: `10.20.11.84 ${50100 + round * 40 + index}`,
      to: `${ip} 445`,
      policy: "deny-smb-out",
      panApp: "not-applicable",
      blocked: true,
    }),
  ),
);

/** An Internet host scans the company's public range; the firewall drops it. */
export const SCAN = [10, 11, 12, 44, 45].map((last, index) =>
  session({
    at: microseconds("03:27:40.5") + index * 412_007,
    seconds: 0,
    state: "S0",
    outPackets: 1,
    from: `208.67.222.123 ${41800 + index}`,
    to: `11.22.33.${last} 445`,
    policy: "interzone-default",
    panApp: "not-applicable",
    blocked: true,
    inbound: true,
  }),
);

/** Answers of an Internet server to packets that somebody forged in our name: Zeek flips the ends. */
export const BACKSCATTER = Array.from({ length: 14 }, (_, index) =>
  session({
    at: microseconds("05:58:11.2") + index * 37_411_093,
    seconds: index % 3 === 0 ? 3.012 : 0,
    state: "OTH",
    from: `11.22.33.${20 + index * 7} ${1024 + index * 3911}`,
    to: "1.1.1.1 445",
    outPackets: 0,
    inPackets: index % 3 === 0 ? 2 : 1,
  }),
);

/** Port 445, but not the Internet: each of these must stay unfound. */
export const LOOK_ALIKES = [
  session({
    at: "09:02:10.310001",
    from: "10.20.10.24 50001",
    to: "192.0.2.10 445",
    state: "S0",
    seconds: 9,
    panApp: "incomplete",
    policy: "legacy-any-out",
  }),
  session({
    at: "09:03:44.120002",
    from: "10.20.10.25 50002",
    to: "198.51.100.7 445",
    state: "S0",
    seconds: 9,
    panApp: "incomplete",
    policy: "legacy-any-out",
  }),
  session({
    at: "09:08:01.450003",
    from: "10.20.10.26 50003",
    to: "198.18.0.5 445",
    state: "S0",
    seconds: 9,
    panApp: "incomplete",
    policy: "legacy-any-out",
  }),
  session({
    at: "09:20:31.880004",
    from: "10.20.11.21 50004",
    to: "100.70.1.5 445",
    app: "gssapi,smb",
    out: 2210,
    in: 1904,
    seconds: 5,
    panApp: "ms-ds-smbv3",
    policy: "vpn-overlay",
  }),
  session({
    at: "09:22:17.640005",
    from: "10.20.11.22 50005",
    to: "169.254.10.10 445",
    state: "S0",
    seconds: 9,
    panApp: "incomplete",
    policy: "legacy-any-out",
  }),
  session({
    at: "10:31:52.070006",
    from: "10.20.12.24 50006",
    to: `${HOSTS.dropbox} 445`,
    app: "gssapi,smb,krb",
    out: 81220,
    in: 4120,
    seconds: 22,
    panApp: "ms-ds-smbv3",
    policy: "to-dmz",
  }),
  session({
    at: "12:14:29.550007",
    from: "2a00:1234:5:10::42 50007",
    to: "2001:db8::5 445",
    state: "S0",
    seconds: 9,
    panApp: "incomplete",
    policy: "v6-any-out",
  }),
  session({
    at: "12:19:03.190008",
    from: "fd20:4c1d:77aa:10::26 50008",
    to: "fd20:4c1d:77aa:1::20 445",
    app: "gssapi,smb,krb",
    out: 7120,
    in: 40211,
    seconds: 14,
    panApp: "ms-ds-smbv3",
    policy: "v6-inside",
  }),
  session({
    at: "12:26:48.710009",
    from: "fd20:4c1d:77aa:20::78 50009",
    to: "64:ff9b::a14:114 445",
    state: "S0",
    seconds: 9,
    panApp: "incomplete",
    policy: "v6-any-out",
  }),
  session({
    at: "12:40:12.330010",
    from: "10.20.12.25 50010",
    to: "8.8.8.8 4450",
    out: 445,
    in: 139,
    app: "ssl",
    seconds: 2,
    panApp: "ssl",
    policy: "out-web",
  }),
];
