// Reads the JSON document of a run piece by piece: a million findings do not fit in one string.
import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";

const FINDING_BEGINS = /^ {4}\{$/;
const FINDING_ENDS = /^ {4}\},?$/;
const LIST_ENDS = /^ {2}(?:"findings": \[)?\],?$/;

/** What a run found, from its own account. */
export async function foundIn(path) {
  const sum = { findings: 0, sessions: 0, hosts: new Set() };
  let report = {};
  for await (const [kind, text] of pieces(path)) {
    if (kind === "finding") addFinding(sum, JSON.parse(text));
    else report = JSON.parse(text);
  }
  return {
    findings: sum.findings,
    sessions: sum.sessions,
    hosts: sum.hosts.size,
    // Header lines are records that are skipped.
    records: report.coverage.totals.records - report.coverage.totals.skipped,
    ruledOut: report.coverage.totals.ruled_out ?? 0,
    folded: report.coverage.folded?.observations ?? 0,
  };
}

// The document is indented: a finding begins and ends on lines of its own, and the report is all that follows the list.
async function* pieces(path) {
  let part = [];
  let inReport = false;
  for await (const line of createInterface({ input: createReadStream(path) })) {
    part.push(line);
    if (inReport) continue;
    if (FINDING_BEGINS.test(line)) part = ["{"];
    if (FINDING_ENDS.test(line)) yield ["finding", [...part.slice(0, -1), "}"].join("\n")];
    inReport = LIST_ENDS.test(line);
    if (inReport) part = ["{"];
  }
  yield ["report", part.join("\n")];
}

function addFinding(sum, finding) {
  sum.findings += 1;
  sum.sessions += finding.sessions;
  sum.hosts.add(finding.source.ip);
}
