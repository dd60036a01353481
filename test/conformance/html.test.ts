/** The HTML report in a real browser: hostile values stay text, nothing is loaded, it fits, the keyboard works. */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Finding } from "../../src/findings/finding.ts";
import type { RunReport } from "../../src/findings/run.ts";
import { html } from "../../src/sinks/html.ts";
import {
  badReport,
  emptyReport,
  HOSTILE,
  hostileFinding,
  SAMPLE_FINDINGS,
  sampleReport,
} from "./sample-report.ts";

const CHROMIUM = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/usr/bin/google-chrome-stable",
].find((path) => existsSync(path));
const ARGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

if (CHROMIUM === undefined)
  process.stderr.write("WARNING: no Chromium found; the HTML report is NOT tested in a browser.\n");

async function page(findings: readonly Finding[], report: RunReport): Promise<string> {
  let text = "";
  const write = (piece: string): void => {
    text += piece;
  };
  const writer = html.open({ write, width: Number.POSITIVE_INFINITY, color: false, run: report.run });
  for (const finding of findings) await writer.row({ kind: "finding", finding });
  await writer.close(report);
  return text;
}

const HOSTILE_FINDINGS = HOSTILE.map((value, at) => hostileFinding(value, at));

describe("the file", () => {
  test("holds no script, no reference to elsewhere and no event attribute of its own", async () => {
    const text = await page(SAMPLE_FINDINGS, sampleReport());
    expect(text).not.toMatch(
      /<script|<link(?! rel="icon" href="data:,")|<img|<iframe|<object|\ssrc=|@import|\son\w+=/i,
    );
  });

  test("has every id once", async () => {
    const ids = [
      ...(await page([...SAMPLE_FINDINGS, ...HOSTILE_FINDINGS], badReport())).matchAll(/\sid="([^"]+)"/g),
    ].map((match) => match[1]);
    expect(ids.filter((id, at) => ids.indexOf(id) !== at)).toEqual([]);
  });

  test("stays bounded: what is left out is counted", async () => {
    const many = Array.from({ length: 1200 }, (_, at) => ({
      ...(SAMPLE_FINDINGS[4] as Finding),
      id: `f${at}`,
    }));
    const text = await page(many, sampleReport());
    expect(text.match(/<article /g)).toHaveLength(500);
    expect(text).toContain("700 findings more are not shown here");
  });
});

describe.skipIf(CHROMIUM === undefined)("in a browser", () => {
  const folder = mkdtempSync(join(tmpdir(), "sallyport-html-"));
  let browser: Browser;

  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: CHROMIUM ?? "", args: ARGS });
  });

  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  interface View {
    readonly width?: number;
    readonly colorScheme?: "light" | "dark";
  }

  /** Opens a report; gives the page, and the requests and errors it makes from then on. */
  async function open(
    findings: readonly Finding[],
    report: RunReport,
    { width = 1280, colorScheme = "light" }: View = {},
  ) {
    const file = join(folder, "report.html");
    writeFileSync(file, await page(findings, report));
    const view = await browser.newPage({ viewport: { width, height: 900 }, colorScheme });
    const [requests, errors]: [string[], string[]] = [[], []];
    view.on("request", (request) => {
      if (!/^(file|data):/.test(request.url())) requests.push(request.url());
    });
    view.on("console", (message) => errors.push(message.text()));
    view.on("pageerror", (error) => errors.push(error.message));
    view.on("dialog", (dialog) => {
      errors.push(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
    await view.goto(pathToFileURL(file).href);
    return { view, requests, errors };
  }

  const openAll = (view: Page): Promise<void> =>
    view.evaluate("document.querySelectorAll('details').forEach((details) => { details.open = true; })");

  test("hostile values run nothing and load nothing", async () => {
    const { view, requests, errors } = await open(HOSTILE_FINDINGS, badReport(HOSTILE[1]));
    await openAll(view);
    await view.waitForTimeout(200);
    expect(await view.evaluate("globalThis.pwned")).toBeUndefined();
    expect(await view.locator("script, img, iframe, object, embed, [onload], [onerror]").count()).toBe(0);
    expect(await view.locator("a:not([href^='#'])").count()).toBe(0);
    expect(await view.locator("article").count()).toBe(HOSTILE.length);
    expect({ requests, errors }).toEqual({ requests: [], errors: [] });
    await view.close();
  });

  test("what would get in nevertheless could not run or load anything", async () => {
    const asked: (string | undefined)[] = [];
    const server = createServer((request, response) => {
      asked.push(request.url);
      response.end();
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const { view, errors } = await open([], emptyReport());
    await view.evaluate(`document.body.insertAdjacentHTML("beforeend", '<img src="http://127.0.0.1:${port}/x" onerror="globalThis.pwned = 1">');
      const script = document.createElement("script"); script.textContent = "globalThis.pwned = 1"; document.body.append(script);`);
    await view.waitForTimeout(200);
    expect(await view.evaluate("globalThis.pwned")).toBeUndefined();
    expect(asked).toEqual([]);
    expect(errors.join("\n")).toContain("Content Security Policy");
    await view.close();
    server.close();
  });

  test("hostile values are shown as text", async () => {
    const { view } = await open(HOSTILE_FINDINGS, badReport());
    const reasons = await view.locator("article .reason").allTextContents();
    expect(reasons[0]).toBe(
      "10.66.0.1 completed an SMB session to <script>globalThis.pwned = 1</script> port 445",
    );
    expect(reasons[13]).toContain("user\\u{202e}gpj.exe");
    await view.close();
  });

  test("it has a title, one h1, landmarks, a language and headings in order", async () => {
    const { view } = await open(SAMPLE_FINDINGS, badReport());
    expect(await view.title()).toBe("Outbound SMB report, 2026-03-02 08:00:00 UTC");
    expect(await view.locator("html").getAttribute("lang")).toBe("en");
    for (const landmark of ["h1", "header", "nav", "main", "footer"])
      expect(await view.locator(`body > ${landmark}, header > ${landmark}`).count(), landmark).toBe(1);
    const levels = await view
      .locator("h1, h2, h3, h4")
      .evaluateAll((headings) =>
        headings.map((heading) => Number((heading as { tagName: string }).tagName.slice(1))),
      );
    for (const [at, level] of levels.entries())
      expect(level, `heading ${at}`).toBeLessThanOrEqual((levels[at - 1] ?? 0) + 1);
    await view.close();
  });

  test("every picture has a title and a description, every table a caption and scoped headers", async () => {
    const { view } = await open(SAMPLE_FINDINGS, badReport());
    for (const picture of await view.locator("svg[role=img]").all()) {
      expect(await picture.locator("> title").textContent()).not.toBe("");
      expect(await picture.locator("> desc").textContent()).not.toBe("");
    }
    expect(await view.locator("svg:not([role=img]):not([aria-hidden=true])").count()).toBe(0);
    expect(await view.locator("svg[role=img]").count()).toBe(2);
    expect(await view.locator("table:not(:has(> caption))").count()).toBe(0);
    expect(await view.locator("th:not([scope])").count()).toBe(0);
    expect(await view.locator("th:empty").count()).toBe(0);
    await view.close();
  });

  const REPORTS = [
    ["a good run", SAMPLE_FINDINGS, sampleReport()],
    ["a hostile run", HOSTILE_FINDINGS, badReport("x".repeat(400))],
    ["an empty run", [], emptyReport({ coverage: badReport().coverage })],
  ] as const;
  const VIEWS = [390, 1280].flatMap((width) =>
    (["light", "dark"] as const).map((colorScheme) => ({ width, colorScheme })),
  );

  test.each(
    REPORTS.flatMap(([name, findings, report]) => VIEWS.map((view) => ({ name, findings, report, ...view }))),
  )("$name fits $width pixels in $colorScheme", async ({ findings, report, width, colorScheme }) => {
    const { view } = await open(findings, report, { width, colorScheme });
    await openAll(view);
    expect(await view.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(width);
    const ground = await view.evaluate("getComputedStyle(document.body).backgroundColor");
    expect(ground).toBe(colorScheme === "light" ? "rgb(246, 247, 249)" : "rgb(16, 21, 28)");
    await view.close();
  });

  test("Tab reaches the skip link, the boxes and the details; Enter opens them; a box hides its findings", async () => {
    const { view } = await open(SAMPLE_FINDINGS, sampleReport());
    const focused = (): Promise<string> =>
      view.evaluate("document.activeElement.tagName + ' ' + document.activeElement.textContent.trim()");
    await view.keyboard.press("Tab");
    expect(await focused()).toBe("A Skip to the report");
    const tabTo = async (wanted: RegExp): Promise<void> => {
      for (let at = 0; at < 80 && !wanted.test(await focused()); at++) await view.keyboard.press("Tab");
      expect(await focused()).toMatch(wanted);
    };
    await tabTo(/^SUMMARY The same numbers as a table/);
    expect(await view.evaluate("document.activeElement.parentElement.open")).toBe(false);
    await view.keyboard.press("Enter");
    expect(await view.evaluate("document.activeElement.parentElement.open")).toBe(true);
    await tabTo(/^INPUT/);
    await view.keyboard.press("Space");
    expect(await view.locator("article[data-outcome=transferred]").isVisible()).toBe(false);
    expect(await view.locator("article[data-outcome=blocked]").isVisible()).toBe(true);
    await tabTo(/^SUMMARY Evidence: 2 of 12 records/);
    await view.close();
  });

  test("on paper everything is open, black on white, and nothing is hidden by a box", async () => {
    const { view } = await open(SAMPLE_FINDINGS, sampleReport(), { colorScheme: "dark", width: 720 });
    await view.locator("#show-blocked").uncheck();
    await view.emulateMedia({ media: "print", colorScheme: "dark" });
    expect(await view.locator("article[data-outcome=blocked] table").first().isVisible()).toBe(true);
    expect(await view.locator("nav").isVisible()).toBe(false);
    expect(await view.evaluate("getComputedStyle(document.body).backgroundColor")).toBe("rgb(255, 255, 255)");
    expect(await view.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(720);
    await view.close();
  });
});
