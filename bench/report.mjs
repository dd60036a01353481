// The result as Markdown: machine, method, table.
import { cpus, totalmem } from "node:os";

export function machineLines() {
  const [first] = cpus();
  return [
    `- processor: ${first?.model.trim() ?? "unknown"}, ${cpus().length} cores`,
    `- memory: ${(totalmem() / 1e9).toFixed(0)} GB`,
    `- Node ${process.version}, ${process.platform} ${process.arch}`,
  ];
}

export function stateTable(rows) {
  const head = ["format", "sources", "file MB", "median s", "peak MB", "findings", "folded"];
  return table(
    head,
    rows.map((row) => [
      row.format,
      row.sources,
      mega(row.bytes),
      row.seconds.toFixed(2),
      mega(row.peakBytes),
      row.findings,
      row.folded,
    ]),
  );
}

export function document({ date, title, method, text }) {
  return [
    `# ${title}, ${date}`,
    "",
    "## Machine",
    "",
    ...machineLines(),
    "",
    "## Method",
    "",
    ...method.map((line) => `- ${line}`),
    "",
    "## Result",
    "",
    text,
  ].join("\n");
}

function mega(bytes) {
  return (bytes / 1e6).toFixed(0);
}

/** A Markdown table. */
export function table(head, rows) {
  const lines = [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`);
  return `${lines.join("\n")}\n`;
}
