/** An output for programs: it keeps the findings instead of printing them. */
import type { Finding } from "../findings/finding.ts";
import type { SinkWriter } from "../sinks/sink.ts";

/** Makes one. `findings` fills up while the scan runs. */
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
