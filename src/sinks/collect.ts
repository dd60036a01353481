/** Findings kept until the end: for outputs that show them together, and for programs. */
import type { Finding } from "../findings/finding.ts";
import type { SinkWriter } from "./sink.ts";

/** A sink that prints nothing. Shape: `findings` fills up while the scan runs. */
export function collectFindings(): { readonly findings: readonly Finding[]; readonly sink: SinkWriter } {
  const findings: Finding[] = [];
  return {
    findings,
    sink: {
      row: (row) => {
        if (row.kind === "finding") findings.push(row.finding);
      },
      close: () => {},
    },
  };
}
