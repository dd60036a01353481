/** The fast path gives what the reference gives: on every log of the repository, and of others where they are there. */
import { join, relative } from "node:path";
import { describe, expect, test } from "vitest";
import { CHANGES, concat, GENERATED, generatedLog, interleave, LOGS, logsIn, REPOSITORY } from "./inputs.ts";
import { expectEqual, type Input, onPath, type Path } from "./paths.ts";

const CORPUS = join(REPOSITORY, "..", "shared", "corpus");
const OTHERS = logsIn(CORPUS);

if (OTHERS.length === 0) {
  // biome-ignore lint/suspicious/noConsole: tests that are not run must be seen.
  console.warn(`not tested: logs of others; ${relative(REPOSITORY, CORPUS)} is not there`);
}

/** Every mode and chunk size; where the kernel's input is small, some lines are longer. */
const PATHS: readonly Path[] = [
  { mode: "prefilter", chunk: 1 << 20 },
  { mode: "walk", chunk: 64, capacity: 1024, retry: 1 },
  { mode: "auto", chunk: 4096, capacity: 4096, retry: 600 },
];

const BYTE_BY_BYTE: readonly Path[] = [
  { mode: "prefilter", chunk: 1 },
  { mode: "walk", chunk: 7 },
];

function named(logs: readonly Input[]): (readonly [string, Input])[] {
  return logs.map((log) => [log.path, log] as const);
}

function logAt(path: string): Input {
  const log = LOGS.find((one) => one.path === path);
  if (log === undefined) throw new Error(`no log ${path}`);
  return log;
}

const FIXTURES = "test/conformance/fixtures";
const NDJSON = [
  "ecs/documents.json",
  "splunk-json/export.json",
  "suricata-eve/eve.json",
  "sysmon/events.json",
  "zeek-json/conn.log",
  "zeek-json/streams.log",
].map((path) => logAt(`${FIXTURES}/${path}`));
const PANOS = logAt(`${FIXTURES}/panos/traffic.log`);
const EXAMPLES = LOGS.filter(({ path }) => path.startsWith("examples/"));

test.each(named(LOGS))("%s", async (_, log) => {
  await expectEqual([log], PATHS);
});

describe.each(Object.entries(CHANGES))("%s", (_, change) => {
  test.each(named(LOGS))("%s", async (path, { bytes }) => {
    await expectEqual([{ path, bytes: change(bytes) }], PATHS.slice(0, 2));
  });
});

test.each(named(LOGS))("%s, a few bytes at a time", async (_, log) => {
  await expectEqual([{ ...log, bytes: log.bytes.subarray(0, 8000) }], BYTE_BY_BYTE);
});

test.each(named(LOGS))("%s, when its data are damaged at the end", async (_, log) => {
  await expectEqual([{ ...log, damaged: true }], PATHS.slice(0, 1));
});

test.each(named(EXAMPLES))("%s, as findings", async (_, log) => {
  await expectEqual([log], PATHS.slice(0, 2), { over: { emit: "findings" } });
});

describe("files put together", () => {
  const zeek = LOGS.filter(({ path }) => /zeek-tsv|logs\/zeek\//.test(path));
  const headed = LOGS.filter(({ path }) => path.endsWith(".csv"));

  test.each([
    ["Zeek logs, each with its header", zeek],
    ["Zeek logs the other way round", zeek.toReversed()],
    ["a Zeek log and CSV exports", [...zeek.slice(0, 2), ...headed]],
    ["everything that stands line by line", [...NDJSON, PANOS]],
    ["all examples", EXAMPLES],
  ])("%s", async (name, logs) => {
    await expectEqual([{ path: name, bytes: concat(logs.map(({ bytes }) => bytes)) }], PATHS);
  });

  test.each([
    ["JSON formats in turn", NDJSON],
    ["JSON formats and syslog in turn", [...NDJSON, PANOS]],
    ["syslog with JSON in between", [PANOS, PANOS, NDJSON[2], logAt("examples/logs/syslog/mixed.log")]],
    ["Suricata first", NDJSON.toReversed()],
  ])("%s", async (name, logs) => {
    const bytes = interleave(logs.flatMap((log) => log ?? []));
    await expectEqual([{ path: name, bytes }], [...PATHS, { mode: "walk", chunk: 4096 }]);
  });

  test.each([
    ["Suricata", NDJSON[2]],
    ["Zeek", NDJSON[4]],
    ["PAN-OS", PANOS],
  ])("%s with lines that are in no format, and lines that are broken", async (name, log) => {
    const strange = [
      '{"neither":"this"}',
      '{"event_type":"flow","timestamp":"x","src_ip":"8.8.8.8"}',
      "nor that",
      '{"cut":"o',
      `1,never filled in,x,TRAFFIC${",a".repeat(60)}`,
      `1,2026/03/01 10:00:00,x,TRAFFIC${",a".repeat(9)}`,
      "",
      "\0",
    ].map((line) => new TextEncoder().encode(`${line}\n`));
    const bytes = interleave([
      { path: "", bytes: log?.bytes ?? concat([]) },
      { path: "", bytes: concat([...strange, ...strange]) },
    ]);
    await expectEqual([{ path: name, bytes }], [...PATHS, { mode: "walk", chunk: 4096 }]);
  });

  test("several inputs in one run share their kernels", async () => {
    await expectEqual(EXAMPLES, PATHS.slice(0, 2));
  });
});

describe("generated logs", () => {
  test.each(GENERATED)("%s", async (format) => {
    const log = await generatedLog(format, 0.6, 40);
    const seen = await expectEqual(
      [log],
      [
        { mode: "prefilter", chunk: 65_536 },
        { mode: "walk", chunk: 100_003 },
        { mode: "auto", chunk: 4096, head: 64 * 1024 },
      ],
    );
    expect(Math.max(...seen.map(({ ruledOut, records }) => ruledOut / records))).toBeGreaterThan(0.5);
  });
});

describe.runIf(OTHERS.length > 0)("logs of others", () => {
  const folders = [...new Set(OTHERS.map(({ path }) => path.split("/").slice(0, 4).join("/")))];

  test.each(folders)("%s", async (folder) => {
    const logs = OTHERS.filter(({ path }) => path.startsWith(`${folder}/`)).map(({ path, bytes }) => {
      return { path, bytes: bytes.subarray(0, 300_000) };
    });
    await expectEqual(logs, [
      { mode: "prefilter", chunk: 65_536 },
      { mode: "walk", chunk: 4096, capacity: 8192 },
    ]);
  });
});

test("the kernel did rule lines out, in every mode", async () => {
  for (const mode of ["prefilter", "walk", "auto"] as const) {
    const { ruledOut } = await onPath(EXAMPLES, { mode, chunk: 4096 });
    expect(ruledOut, mode).toBeGreaterThan(80);
  }
});
