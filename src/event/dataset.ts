/** Datasets: what kinds of log there are, what each can carry, and which Sigma log sources it feeds. */
import type { FieldName } from "./fields.ts";

/** Sigma's log source. A rule's is met by a dataset's when every key that the rule names is equal. */
export interface Logsource {
  readonly category?: string | undefined;
  readonly product?: string | undefined;
  readonly service?: string | undefined;
}

/** One kind of log within a format, by its ECS dataset name. */
export interface Dataset {
  readonly title: string;
  /** Sigma log sources that the dataset feeds, besides `network/connection`, which every dataset feeds. */
  readonly logsources: readonly Logsource[];
  /** Fields that the dataset can carry. What is not listed is "absent here" for every rule. */
  readonly carries: readonly FieldName[];
  /** What an analyst should know that the log cannot show. */
  readonly blindSpots?: readonly string[] | undefined;
}

/** Every dataset by its name, as the formats declare them. */
export type DatasetTable = ReadonlyMap<string, Dataset>;

/** Tells whether a dataset feeds a rule's log source. */
export function feeds(dataset: Dataset, wanted: Logsource): boolean {
  if (meets({ category: "network", service: "connection" }, wanted)) return true;
  return dataset.logsources.some((offered) => meets(offered, wanted));
}

function meets(offered: Logsource, wanted: Logsource): boolean {
  return (
    (wanted.category === undefined || wanted.category === offered.category) &&
    (wanted.product === undefined || wanted.product === offered.product) &&
    (wanted.service === undefined || wanted.service === offered.service)
  );
}
