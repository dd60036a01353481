// Tools that look at bytes and decide nothing: cat, ripgrep, and gzip piped into ripgrep.
import { spawnSync } from "node:child_process";
import { timed } from "../measure.mjs";

/** SMB's ports behind the key or the separator; what ripgrep counts are candidates. */
const PATTERNS = {
  "zeek-json": '"id\\.resp_p":(445|139)[,}]',
  "zeek-tsv": "\\t(445|139)\\ttcp\\t",
  suricata: '"dest_port":(445|139)[,}]',
  panos: ",(445|139),[0-9]+,[0-9]+,0x",
  ecs: '"destination":\\{[^{}]*"port":(445|139)[,}]',
  sysmon: '"DestinationPort":"(445|139)"',
  "panos-csv": ",(445|139),[0-9]+,[0-9]+,0x",
  fortigate: " dstport=(445|139) ",
  "splunk-json": '"dest_port":"(445|139)"',
  "splunk-csv": '"(445|139)","outbound"',
  vpc: " (445|139) 6 ",
};

/** The floor: every byte is read once. */
export const cat = {
  name: "cat",
  decides: false,
  missing: () => absent("cat"),
  run: (log) => timed("cat", [log.path], { discard: true }),
};

/** Counts the lines in which a regular expression, anchored on the key or the separator, finds SMB's ports. */
export const ripgrep = {
  name: "ripgrep",
  decides: false,
  missing: () => absent("rg"),
  run(log) {
    const run = timed("rg", ["--no-config", "-c", "-e", PATTERNS[log.format], log.path], {
      none: 1,
    });
    return { ...run, count: Number(run.stdout) };
  },
};

/** The same behind zcat, for a log that is compressed. */
export const zcatRipgrep = {
  name: "zcat, ripgrep",
  decides: false,
  missing: () => absent("zcat") ?? absent("rg"),
  run(log) {
    const script = 'zcat "$1" | rg --no-config -c -e "$2"';
    const run = timed("sh", ["-c", script, "sh", log.path, PATTERNS[log.format]], {
      none: 1,
    });
    return { ...run, count: Number(run.stdout) };
  },
};

function absent(command) {
  return spawnSync(command, ["--version"], { stdio: "ignore" }).error === undefined
    ? undefined
    : `${command} is not installed`;
}
