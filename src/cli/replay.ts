/** `sallyport replay`: runs data sets against what is expected of them, the misses first. */
import { readDataSet, shippedDataSets } from "../node/data-set.ts";
import { openOutput } from "./output.ts";
import { type ReplayResult, replay } from "./replay-run.ts";
import { passed, type ReplayOutput, replayText } from "./replay-text.ts";

export interface ReplayFlags {
  readonly expect?: string;
  readonly profile?: readonly string[];
  readonly output: ReplayOutput;
  readonly out?: string;
}

/** Runs the data sets that are named; lists the shipped ones where none is. Gives the exit code: 1 on a miss. */
export async function replayCommand(names: readonly string[], flags: ReplayFlags): Promise<number> {
  const output = await openOutput(flags.out);
  if (names.length === 0) {
    await output.write(await listText());
    await output.close();
    return 0;
  }
  const profiles = flags.profile?.flatMap((text) => text.split(",").map((name) => name.trim()));
  const results: ReplayResult[] = [];
  for (const name of names) results.push(...(await replay(await readDataSet(name, flags.expect), profiles)));
  await output.write(replayText(results, flags.output));
  await output.close();
  return passed(results) ? 0 : 1;
}

async function listText(): Promise<string> {
  const names = await shippedDataSets();
  const width = Math.max(...names.map((name) => name.length));
  const sets = await Promise.all(names.map((name) => readDataSet(name)));
  return sets.map(({ name, title }) => `${name.padEnd(width)}  ${title}\n`).join("");
}
