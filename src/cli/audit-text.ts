/** A firewall review in words: verdicts first, then what to change, then what could not be decided. */
import { type Advice, adviceOf } from "../audit/advice.ts";
import { reviewDocument } from "../audit/document.ts";
import type { ExamplePacket } from "../audit/example.ts";
import type { Answer, Reason, Review } from "../audit/review.ts";
import type { ConfigFormat } from "../audit/ruleset.ts";
import { inertText, jsonText, markdownCode } from "../sinks/inert.ts";

const FORMAT_NAMES: Readonly<Record<ConfigFormat, string>> = {
  iptables: "iptables",
  nftables: "nftables",
  panos: "PAN-OS",
  "aws-security-group": "AWS security group",
  "aws-network-acl": "AWS network ACL",
};

const PATH_WORDS = {
  transit: "From your networks to the Internet",
  host: "From the firewall itself to the Internet",
} as const;

/** For a terminal. */
export function auditTable(reviews: readonly Review[]): string {
  return reviews.map((review) => `${blockOf(review).join("\n")}\n`).join("\n");
}

function blockOf(review: Review): readonly string[] {
  const { ruleset, answers } = review;
  const lines = [titleOf(review)];
  for (const { name } of ruleset.paths) {
    lines.push("", `  ${PATH_WORDS[name]}:`);
    for (const answer of answers.filter(({ path }) => path === name)) {
      const [head, ...more] = answerLines(answer);
      lines.push(`    ${head}`, ...more.map((line) => `      ${line}`));
    }
  }
  const advice = adviceOf(review);
  if (advice !== undefined) {
    lines.push("", "  What to change (check it, then copy it; nothing was changed):");
    lines.push(
      ...advice.commands.map((command) => `    ${command}`),
      "  To take it back:",
      ...advice.undo.map((command) => `    ${command}`),
    );
    lines.push(`  ${advice.warning}`);
  }
  if (review.notes.length > 0)
    lines.push(
      "",
      "  What this rests on, and what it cannot see:",
      ...review.notes.map((note) => `    - ${inertText(note)}`),
    );
  return lines;
}

function titleOf({ ruleset }: Review): string {
  const format = FORMAT_NAMES[ruleset.format];
  const name = ruleset.name.startsWith(format) ? ruleset.name : `${format} ${ruleset.name}`;
  return `${inertText(ruleset.file)}: ${inertText(name)}`;
}

function questionText({ service, family }: Answer): string {
  const name = `${service.protocol === 6 ? "TCP" : "UDP"} ${service.port} over IPv${family}`;
  return service.isNote ? `${name} (${service.name})` : name;
}

/** One line where one rule decides all, else one for each rule. */
function answerLines(answer: Answer): readonly string[] {
  const { reasons, verdict } = answer;
  const question = `${questionText(answer)}: ${verdict.toUpperCase()}`;
  const [only] = reasons;
  if (only === undefined) return [question];
  const detail = (reason: Reason): readonly string[] => [
    ...(reason.why.length > 0 ? [`cannot decide: ${inertText(reason.why.join("; "))}`] : []),
    ...(reason.outcome === "blocked" && verdict === "blocked"
      ? []
      : [`for example ${exampleText(reason.example)}`]),
  ];
  if (reasons.length === 1) return [`${question} by ${ruleText(only)}`, ...detail(only)];
  const shown = shortened(reasons);
  const lines = shown.flatMap((reason) => [
    `${reason.outcome} by ${ruleText(reason)}`,
    ...detail(reason).map((line) => `  ${line}`),
  ]);
  return [question, ...lines, ...moreText(reasons.length - shown.length)];
}

/** Rules shown for each outcome of an answer; JSON has all. */
const SHOWN = 5;

function shortened(reasons: readonly Reason[]): readonly Reason[] {
  return reasons.filter(
    ({ outcome }, at) => reasons.slice(0, at).filter((one) => one.outcome === outcome).length < SHOWN,
  );
}

function moreText(count: number): readonly string[] {
  return count === 0 ? [] : [`and ${count} more rules; '-o json' has all`];
}

function ruleText({ place, text }: Reason): string {
  return `line ${place.line}: ${inertText(text)}`;
}

function exampleText({ source, destination, inside, outside, application }: ExamplePacket): string {
  const via = [inside, outside].some((name) => name !== undefined)
    ? ` (${inside ?? "…"} to ${outside ?? "…"})`
    : "";
  return inertText(
    `${source} to ${destination}${via}${application === undefined ? "" : ` as ${application}`}`,
  );
}

/** For a ticket or a wiki. */
export function auditMarkdown(reviews: readonly Review[]): string {
  return `# Firewall review: may SMB leave?\n\n${reviews.map(markdownOf).join("\n")}`;
}

function markdownOf(review: Review): string {
  const { ruleset, answers, notes } = review;
  const lines = [
    `## ${markdownCode(ruleset.file)}: ${FORMAT_NAMES[ruleset.format]} ${markdownCode(ruleset.name)}`,
    "",
  ];
  for (const { name } of ruleset.paths) {
    lines.push(
      `${PATH_WORDS[name]}:`,
      "",
      "| traffic | verdict | decided by | example |",
      "|---|---|---|---|",
    );
    for (const answer of answers.filter(({ path }) => path === name)) {
      const reasons = answer.reasons.length === 0 ? [undefined] : shortened(answer.reasons);
      for (const reason of reasons) lines.push(markdownRow(answer, reason));
    }
    lines.push("");
  }
  lines.push(...markdownAdvice(adviceOf(review)));
  if (notes.length > 0)
    lines.push(
      "What this rests on, and what it cannot see:",
      "",
      ...notes.map((note) => `- ${markdownCode(note)}`),
      "",
    );
  return lines.join("\n");
}

function markdownRow(answer: Answer, reason: Reason | undefined): string {
  const verdict =
    answer.reasons.length > 1 && reason !== undefined
      ? `${answer.verdict} (${reason.outcome})`
      : answer.verdict;
  if (reason === undefined) return `| ${questionText(answer)} | ${verdict} | – | – |`;
  const why = reason.why.length === 0 ? "" : ` cannot decide ${markdownCode(reason.why.join("; "), true)}`;
  const rule = `line ${reason.place.line}: ${markdownCode(reason.text, true)}${why}`;
  return `| ${questionText(answer)} | ${verdict} | ${rule} | ${markdownCode(exampleText(reason.example), true)} |`;
}

function markdownAdvice(advice: Advice | undefined): readonly string[] {
  if (advice === undefined) return [];
  const fence = (commands: readonly string[]): readonly string[] => ["```", ...commands, "```", ""];
  return [
    "What to change:",
    "",
    ...fence(advice.commands),
    "To take it back:",
    "",
    ...fence(advice.undo),
    advice.warning,
    "",
  ];
}

/** For a program. */
export function auditJson(reviews: readonly Review[]): string {
  return `${jsonText(reviewDocument(reviews), 2)}\n`;
}
