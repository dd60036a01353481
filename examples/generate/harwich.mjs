// Harwich, the head office: who saw which session. Zeek sees all, the firewall what leaves, Suricata a part.
import { ordinaryDay } from "./noise.mjs";
import { createFirewall, EXPORT_HEADER, panExportText, panText } from "./panos.mjs";
import { createRandom } from "./random.mjs";
import {
  BACKSCATTER,
  BULK,
  LET_OUT,
  LOOK_ALIKES,
  LURE,
  NAT64,
  PROBES,
  QUIC,
  SCAN,
  V6_UNANSWERED,
} from "./story.mjs";
import { createSensor, eveText, ntlmSteps } from "./suricata.mjs";
import { isoMilli, microseconds } from "./world.mjs";
import { connRows, createUids, fileRow, mappingRow, ntlmRow, quicRow, zeekTsv } from "./zeek.mjs";

const NOON = microseconds("12:00:00");
const LINK_SWITCHES = "{internet-a,isp-a,Ethernet,ethernet1/1,2026/03/02 13:11:40,5120,88211,Qualified,None}";

/** Every file that Harwich's sensors wrote, by its path under examples/logs. */
export function harwichFiles() {
  const ordinary = ordinaryDay();
  const all = [...ordinary, LURE, BULK, QUIC, ...LET_OUT, ...BACKSCATTER, ...LOOK_ALIKES];
  return { ...zeekFiles(all), "suricata/eve.json": eve(ordinary), ...panFiles(ordinary) };
}

function zeekFiles(sessions) {
  const uidOf = createUids("harwich zeek");
  const rows = connRows(sessions, uidOf);
  const noon = NOON / 1e6;
  const written = (row) => Number(row.ts) + Number(row.duration ?? 0);
  const morning = rows.filter((row) => written(row) < noon);
  const afternoon = rows.filter((row) => written(row) >= noon);
  const opened = "2026-03-02-00-00-00";
  const closed = "2026-03-03-00-00-00";
  return {
    "zeek/conn.2026-03-02-00-00-00.log.gz": zeekTsv("conn", morning, opened, "2026-03-02-12-00-00"),
    "zeek/conn.log": zeekTsv("conn", afternoon, "2026-03-02-12-00-00", closed),
    "zeek/ntlm.log": zeekTsv("ntlm", ntlmRows(sessions, uidOf), opened, closed),
    "zeek/smb_mapping.log": zeekTsv("smb_mapping", mappingRows(sessions, uidOf), opened, closed),
    "zeek/smb_files.log": zeekTsv("smb_files", fileRows(sessions, uidOf), opened, closed),
    "zeek/quic.log": zeekTsv("quic", quicRows(sessions, uidOf), opened, closed),
  };
}

function ntlmRows(sessions, uidOf) {
  const named = sessions.filter((one) => one.user !== undefined && one.success !== undefined);
  const inside = sessions.filter((one) => one.inside && one.app.includes("ntlm")).slice(0, 24);
  const local = { user: "scanner", host: "SCAN-STATION", server: "FILES1", success: "T" };
  return sorted([
    ...named.map((one) => ntlmRow(one, uidOf(one))),
    ...inside.map((one) => ntlmRow({ ...one, ...local }, uidOf(one))),
  ]);
}

function mappingRows(sessions, uidOf) {
  const mapped = sessions.filter((one) => one.share !== undefined);
  return sorted(mapped.map((one) => mappingRow(one, uidOf(one), one.destination.ip))).slice(0, 120);
}

function fileRows(sessions, uidOf) {
  const opened = sessions.filter((one) => one.file !== undefined).slice(0, 90);
  const rows = opened.map((one) =>
    fileRow(one, uidOf(one), { server: one.destination.ip, name: one.file, size: one.in, after: 500_000 }),
  );
  for (const [index, name] of ["accounts.bak", "stock.bak", "crm.bak"].entries()) {
    const step = { server: BULK.destination.ip, name, size: 0, after: 900_000 + index * 480_000_000 };
    rows.push(fileRow(BULK, uidOf(BULK), step));
  }
  return sorted(rows);
}

function quicRows(sessions, uidOf) {
  const random = createRandom("quic");
  return sorted(sessions.filter((one) => one.app === "quic").map((one) => quicRow(one, uidOf(one), random)));
}

function sorted(rows) {
  return rows.sort((a, b) => Number(a.ts) - Number(b.ts));
}

function eve(ordinary) {
  const sensor = createSensor("sensor-harwich");
  const lure = { ...LURE, alerted: true };
  const denied = { status: "STATUS_LOGON_FAILURE", status_code: "0xc000006d" };
  const rows = ntlmSteps(lure, denied).map((step) => sensor.smb(LURE, step));
  rows.push(sensor.alert(LURE, { sid: 9000001, text: "HP POLICY SMB2 session setup to an external host" }));
  rows.push({ ...sensor.flow(LURE), flow: { ...sensor.flow(LURE).flow, alerted: true } });
  rows.push(sensor.flow(NAT64), sensor.flow(LOOK_ALIKES[8]));
  for (const one of ordinary.filter((_, index) => index % 5 === 0)) rows.push(sensor.flow(one));
  for (const one of ordinary
    .filter((item) => item.app === "dns" && item.destination.port === 53)
    .slice(0, 30)) {
    rows.push(sensor.dns(one, "portal.tides.example"));
  }
  for (const clock of ["06:00:00", "12:00:00", "18:00:00"])
    rows.push(sensor.stats(microseconds(clock), 18_220_114));
  return eveText(rows);
}

function panFiles(ordinary) {
  const firewall = createFirewall({
    device: "fw-harwich-1",
    serial: "011901000377",
    natIp: "11.22.33.5",
    seed: "harwich",
  });
  const outgoing = ordinary.filter((one) => one.policy === "out-web").filter((_, index) => index % 3 === 0);
  const passing = [
    ...outgoing,
    LURE,
    ...LET_OUT,
    V6_UNANSWERED,
    QUIC,
    ...LOOK_ALIKES.filter((one) => one.policy !== "v6-inside"),
  ];
  const rows = [...passing, ...PROBES, ...SCAN].map((one) => ({ us: one.end, columns: firewall.end(one) }));
  rows.push({ us: BULK.start, columns: firewall.start(BULK) });
  rows.push({ us: BULK.end, columns: firewall.end(BULK, { linkSwitches: LINK_SWITCHES }) });
  rows.sort((a, b) => a.us - b.us);
  const exported = rows.filter(({ us }) => us >= microseconds("13:00:00") && us < microseconds("14:00:00"));
  return {
    "panos/traffic.log": `${rows.map(({ us, columns }) => `${syslogHeader(us)}${panText(columns)}`).join("\n")}\n`,
    // The web interface lists the newest row first.
    "panos/traffic-export.csv": `${[EXPORT_HEADER, ...exported.reverse().map(({ columns }) => panExportText(columns))].join("\n")}\n`,
  };
}

function syslogHeader(us) {
  return `<14>Mar  2 ${isoMilli(us + 1_000_000).slice(11, 19)} fw-harwich-1 `;
}
