/** `sallyport formats`: what can be read, what each dataset feeds, and what it cannot show. */
import { FORMATS } from "../formats/index.ts";

/** Lists the formats for a person or a program. */
export function formatsCommand(output: "table" | "json"): string {
  if (output === "json") return `${JSON.stringify(FORMATS.map(describe), null, 2)}\n`;
  return FORMATS.map((format) => {
    const datasets = Object.entries(format.datasets).flatMap(([name, dataset]) => [
      `    ${name}: ${dataset.title}`,
      ...(dataset.blindSpots ?? []).map((spot) => `      cannot show: ${spot}`),
    ]);
    return [`${format.name}`, `  ${format.title}`, ...datasets, `  ${format.reference}`, ""].join("\n");
  }).join("\n");
}

function describe(format: (typeof FORMATS)[number]) {
  const { name, title, reference, rank, binding, byteCounting, datasets } = format;
  return { name, title, reference, rank, binding, byte_counting: byteCounting, datasets };
}
