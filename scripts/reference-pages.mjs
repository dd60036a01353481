// What the pages of docs/reference show, and which schemas are published.

/** One page per table: the module under dist, and how to print it. */
export const PAGES = [
  {
    file: "fields.md",
    title: "Fields",
    from: "event/fields.js",
    print: ({ FIELDS }) => fieldPage(FIELDS),
  },
  {
    file: "formats.md",
    title: "Formats",
    from: "formats/index.js",
    print: ({ FORMATS }) => formatPage(FORMATS),
  },
  {
    file: "options.md",
    title: "Options",
    from: "options.js",
    print: ({ OPTIONS }) => optionPage(OPTIONS),
  },
  { file: "errors.md", title: "Errors and problems", from: "errors.js", print: errorPage },
  {
    file: "sinks.md",
    title: "Outputs",
    from: "sinks/index.js",
    print: ({ SINKS }) => sinkPage(SINKS),
  },
];

/** What a person writes: zod schemas, published as JSON Schema. */
export const INPUT_SCHEMAS = [
  { file: "site.schema.json", from: "findings/site-schema.js", name: "SITE_SCHEMA" },
  { file: "rule-extension.schema.json", from: "sigma/extension-schema.js", name: "RULE_EXTENSION_SCHEMA" },
  { file: "rule-tests.schema.json", from: "engines/rule-tests.js", name: "RULE_TESTS_FILE_SCHEMA" },
];

/** What Sallyport writes: types, published as JSON Schema. */
export const OUTPUT_SCHEMAS = [
  { file: "finding.schema.json", from: "src/findings/finding.ts", name: "Finding" },
  { file: "match.schema.json", from: "src/findings/run.ts", name: "MatchDocument" },
  { file: "run.schema.json", from: "src/findings/run.ts", name: "RunDocument" },
  { file: "firewall-review.schema.json", from: "src/audit/document.ts", name: "FirewallReviewDocument" },
];

const OTHER_NAMES = ["sysmon", "firewall", "cim", "zeek", "suricata", "ocsf"];

function fieldPage(fields) {
  const rows = Object.entries(fields).map(([name, spec]) => [
    code(name),
    spec.type,
    spec.schema === "ecs" ? "ECS" : "ours",
    spec.origin,
    spec.doc,
    OTHER_NAMES.filter((key) => spec[key] !== undefined)
      .map((key) => `${key}: ${spec[key].map(code).join(", ")}`)
      .join("; "),
  ]);
  const intro =
    "Every field of an event. Rules may also use the other names, where their log source says so.\n\n";
  return intro + table(["field", "type", "schema", "origin", "what it holds", "other names"], rows);
}

function formatPage(formats) {
  const overview = formats.map((format) => [
    code(format.name),
    `[${format.title}](${format.reference})`,
    format.rank,
    format.binding,
    format.byteCounting,
    Object.keys(format.datasets).map(code).join(", "),
  ]);
  const intro = "Formats are recognised by content; `--format NAME` forces one.\n\n";
  const head = table(["name", "format", "rank", "bound to a", "bytes count", "datasets"], overview);
  return `${intro}${head}${datasetSections(formats).join("")}`;
}

// Formats that differ in their syntax only share their datasets.
function datasetSections(formats) {
  const found = new Map();
  for (const format of formats) {
    for (const [name, dataset] of Object.entries(format.datasets)) {
      const key = JSON.stringify([name, dataset]);
      const { names } = found.get(key) ?? { names: [] };
      found.set(key, { name, dataset, names: [...names, format.name] });
    }
  }
  return [...found.values()].map(datasetSection);
}

function datasetSection({ name, dataset, names }) {
  const sources = dataset.logsources.map(logsource).map(code).join(", ") || "only `network/connection`";
  const spots = (dataset.blindSpots ?? []).map((spot) => `- Cannot see: ${spot}\n`).join("");
  return `\n## ${name} (${names.join(", ")})\n\n${dataset.title}. Sigma log sources: ${sources}.\n\nFields: ${dataset.carries.map(code).join(", ")}.\n${spots === "" ? "" : `\n${spots}`}`;
}

function logsource({ category, product, service }) {
  return [category, product, service].map((part) => part ?? "*").join("/");
}

function optionPage(options) {
  const rows = named(options).map(([name, option]) => [
    code(option.flags ?? option.flag ?? option.name ?? name),
    option.type ?? "",
    show(option.default),
    option.help ?? option.doc ?? "",
  ]);
  return table(["option", "type", "default", "meaning"], rows);
}

function errorPage({ ERRORS, PROBLEMS }) {
  const errors = Object.entries(ERRORS).map(([name, row]) => [
    code(name),
    row.message,
    row.hint,
    row.exitCode,
  ]);
  const problems = Object.entries(PROBLEMS).map(([name, row]) => [code(name), row.kind, row.message]);
  return [
    "## Errors\n\nYours to mend: the run stops, says what and where, and ends with the exit code.\n\n",
    table(["code", "message", "what next", "exit code"], errors),
    "\n## Problems\n\nBad data: counted and shown in the coverage, never fatal without `--strict`.\n\n",
    table(["code", "kind", "message"], problems),
  ].join("");
}

function sinkPage(sinks) {
  const rows = sinks.map((sink) => [code(sink.name), sink.title, sink.mediaType, sink.emits.join(", ")]);
  return table(["name", "output", "media type", "can show"], rows);
}

function named(list) {
  return Array.isArray(list) ? list.map((item) => [item.name, item]) : Object.entries(list);
}

function show(value) {
  if (value === undefined || value === null) return "";
  return code(typeof value === "string" ? value : JSON.stringify(value));
}

function code(text) {
  return `\`${String(text).replaceAll("|", "\\|")}\``;
}

function table(head, rows) {
  const lines = [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.map(cell).join(" | ")} |`);
  return `${lines.join("\n")}\n`;
}

function cell(value) {
  return String(value)
    .replaceAll("\n", " ")
    .replaceAll(/(?<!\\)\|/g, "\\|");
}
