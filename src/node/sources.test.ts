/** Finding inputs in a small tree on disk, and reading them. */
import { execFileSync } from "node:child_process";
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Source } from "../bytes/source.ts";
import { readFileChunks } from "./read-file.ts";
import { resolveSources } from "./sources.ts";

const NOW = Date.UTC(2026, 2, 1);
const POSIX = process.platform !== "win32";
/** The superuser may read everything. */
const LIMITED = POSIX && process.getuid?.() !== 0;

let root = "";

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "sallyport-sources-")).replaceAll("\\", "/");
});

afterEach(() => rmSync(root, { recursive: true }));

function write(path: string, content: string | Uint8Array = path): string {
  const full = `${root}/${path}`;
  mkdirSync(dirname(full), { recursive: true });
  writeFileSync(full, content);
  return full;
}

async function* standardInput(text = ""): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}

async function resolve(...inputs: string[]) {
  const { sources, missing } = await resolveSources(
    inputs.map((input) => (input === "-" ? input : `${root}/${input}`)),
    { now: NOW, stdin: standardInput("from a pipe\n") },
  );
  const short = (path: string) => path.replace(`${root}/`, "");
  return {
    sources,
    paths: sources.map(({ path, named }) => (named ? "named " : "walked ") + short(path)),
    missing: missing.map(({ path, reason }) => [short(path), reason]),
  };
}

async function textOf(source: Source | undefined): Promise<string> {
  const parts: Buffer[] = [];
  for await (const chunk of source?.open() ?? []) parts.push(Buffer.from(chunk));
  return Buffer.concat(parts).toString();
}

test("files, folders and patterns are found, by path, each file once", async () => {
  for (const path of ["b.log", "a.log", "dir/2.log", "dir/sub/1.log", "dir/10.log", "other/x.txt"])
    write(path);
  const { paths, missing } = await resolve("dir", "b.log", "*.log", "dir/2.log", "./dir/", "b.log");
  expect(paths).toEqual([
    "named a.log",
    "named b.log",
    "walked dir/10.log",
    "named dir/2.log",
    "walked dir/sub/1.log",
  ]);
  expect(missing).toEqual([]);
});

test("hidden files and folders are left out of a walk, but can be named", async () => {
  for (const path of ["dir/.git/x", "dir/.hidden", "dir/a.log"]) write(path);
  expect((await resolve("dir")).paths).toEqual(["walked dir/a.log"]);
  expect((await resolve("dir/.hidden", "dir/.git")).paths).toEqual([
    "walked dir/.git/x",
    "named dir/.hidden",
  ]);
});

test("a folder that a pattern matches is walked", async () => {
  for (const path of ["2026-01/a.log", "2026-02/b.log"]) write(path);
  expect((await resolve("2026-*")).paths).toEqual(["walked 2026-01/a.log", "walked 2026-02/b.log"]);
});

test("what is not there is listed, and the rest is found", async () => {
  write("a.log");
  const { paths, missing } = await resolve("gone.log", "a.log", "*.gz", "a.log/b");
  expect(paths).toEqual(["named a.log"]);
  expect(missing).toEqual([
    ["*.gz", "no file matches the pattern"],
    ["a.log/b", "a part of the path is not a folder (ENOTDIR)"],
    ["gone.log", "no such file or folder (ENOENT)"],
  ]);
});

test("an empty name is no folder", async () => {
  const { sources, missing } = await resolveSources([""], { now: NOW, stdin: standardInput() });
  expect(sources).toEqual([]);
  expect(missing).toEqual([{ path: "", reason: "no such file or folder (ENOENT)" }]);
});

test("a file whose name looks like a pattern is that file", async () => {
  for (const path of ["a[1].log", "a1.log"]) write(path);
  expect((await resolve("a[1].log")).paths).toEqual(["named a[1].log"]);
});

test.runIf(POSIX)("links are followed once; a file goes by its own path before a link's", async () => {
  write("logs/real/a.log");
  write("elsewhere/b.log");
  symlinkSync("real", `${root}/logs/current`);
  symlinkSync("..", `${root}/logs/real/up`);
  symlinkSync("../elsewhere", `${root}/logs/0-linked`);
  symlinkSync("real/a.log", `${root}/logs/0-a.log`);
  symlinkSync("nowhere", `${root}/logs/dangling`);
  const { paths, missing } = await resolve("logs");
  expect(paths).toEqual(["walked logs/0-linked/b.log", "walked logs/real/a.log"]);
  expect(missing).toEqual([]);
});

test.runIf(POSIX)("a link that is named goes by its name", async () => {
  write("real.log", "content");
  symlinkSync("real.log", `${root}/link.log`);
  const { paths, sources } = await resolve("link.log");
  expect(paths).toEqual(["named link.log"]);
  expect(await textOf(sources[0])).toBe("content");
});

test.runIf(LIMITED)(
  "a file that may not be read fails when it is opened, a folder when it is listed",
  async () => {
    chmodSync(write("a.log"), 0o000);
    write("dir/b.log");
    chmodSync(`${root}/dir`, 0o000);
    const { sources, missing } = await resolve("a.log", "dir");
    chmodSync(`${root}/dir`, 0o700);
    expect(missing).toEqual([["dir", "permission denied (EACCES)"]]);
    await expect(textOf(sources[0])).rejects.toMatchObject({
      kind: "unreadable",
      detail: "permission denied (EACCES)",
    });
  },
);

test("a file that is gone when it is opened is unreadable", async () => {
  const path = write("a.log");
  const { sources } = await resolve("a.log");
  rmSync(path);
  await expect(textOf(sources[0])).rejects.toMatchObject({
    kind: "unreadable",
    detail: "no such file or folder (ENOENT)",
  });
});

test.each([
  ["a file that is not there", "nothing.log", /^no such file or folder \(ENOENT\)$/],
  ["a file under a file", "a.log/b.log", /^a part of the path is not a folder \(ENOTDIR\)$/],
  ["a link in a circle", "circle.log", /^its links lead in a circle \(ELOOP\)$/],
])("%s is unreadable, in words", async (_, name, words) => {
  write("a.log");
  symlinkSync(join(root, "circle.log"), join(root, "circle.log"));
  const error = await readFileChunks(join(root, name))
    .next()
    .catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ kind: "unreadable", detail: expect.stringMatching(words) });
});

test("the year is that of the file's last change, in UTC; the size is that on disk", async () => {
  utimesSync(write("a.log", "12345"), new Date(NOW), new Date("2023-12-31T23:30:00Z"));
  const { sources } = await resolve("a.log");
  expect(sources[0]).toMatchObject({ year: 2023, size: 5, named: true, compression: null });
});

test("standard input is read once and has this year, no size and the path '-'", async () => {
  const { sources, paths } = await resolve("-", "-");
  expect(paths).toEqual(["named -"]);
  expect(sources[0]).toMatchObject({ year: 2026, size: null, compression: null });
  expect(await textOf(sources[0])).toBe("from a pipe\n");
});

test("a compressed file is read as plain bytes, afresh each time, and says how it is stored", async () => {
  const stored = gzipSync("one\ntwo\n");
  write("a.log", stored);
  const [source] = (await resolve("a.log")).sources;
  expect(await textOf(source)).toBe("one\ntwo\n");
  expect(await textOf(source)).toBe("one\ntwo\n");
  expect(source).toMatchObject({ compression: "gzip", size: stored.length });
});

test("progress counts bytes as stored", async () => {
  write("a.log", Buffer.alloc(2_500_000, "x\n"));
  const steps: number[] = [];
  for await (const _ of (await resolve("a.log")).sources[0]?.open((bytes) => steps.push(bytes)) ?? []);
  expect(steps.at(-1)).toBe(2_500_000);
  expect(steps.length).toBeGreaterThan(2);
  expect(steps).toEqual([...steps].sort((a, b) => a - b));
});

test("a long file is read to its end, byte for byte", async () => {
  const content = Array.from({ length: 200_000 }, (_, i) => `line ${i}\n`).join("");
  write("a.log", content);
  expect(await textOf((await resolve("a.log")).sources[0])).toBe(content);
});

test.runIf(process.platform === "linux")("files are closed when reading stops early", async () => {
  const path = write("a.log", Buffer.alloc(3_000_000, "x\n"));
  const open = () =>
    execFileSync("ls", ["-l", `/proc/${process.pid}/fd`])
      .toString()
      .includes(path);
  const [source] = (await resolve("a.log")).sources;
  let seen = false;
  for await (const _ of source?.open() ?? []) {
    seen = open();
    break;
  }
  expect([seen, open()]).toEqual([true, false]);
});

test.runIf(POSIX)("a named pipe is read when it is named and left out of a walk", async () => {
  write("dir/a.log");
  execFileSync("mkfifo", [`${root}/dir/pipe`]);
  expect((await resolve("dir")).paths).toEqual(["walked dir/a.log"]);
  const { sources } = await resolve("dir/pipe");
  expect(sources[0]).toMatchObject({ size: null, year: 2026 });
  const { spawn } = await import("node:child_process");
  const writer = spawn("sh", ["-c", `printf 'through a pipe' > '${root}/dir/pipe'`]);
  expect(await textOf(sources[0])).toBe("through a pipe");
  writer.kill();
});

test("a file that shrinks while it is read ends where it ends", async () => {
  const path = write("a.log", Buffer.alloc(3_000_000, "x\n"));
  let total = 0;
  for await (const chunk of (await resolve("a.log")).sources[0]?.open() ?? []) {
    total += chunk.length;
    truncateSync(path, 0);
  }
  expect(total).toBeGreaterThan(0);
  expect(total).toBeLessThan(3_000_000);
});
