/** FORMATS: every log format that can be read. A new one is a file of its own and a line here; order does not matter. */
import { ecs } from "./ecs.ts";
import type { Format } from "./format.ts";
import { fortigate } from "./fortigate.ts";
import { panos } from "./panos.ts";
import { panosCsv } from "./panos-csv.ts";
import { splunkCsv } from "./splunk-csv.ts";
import { splunkJson } from "./splunk-json.ts";
import { suricataEve } from "./suricata-eve.ts";
import { sysmon } from "./sysmon.ts";
import { zeekJson } from "./zeek-json.ts";
import { zeekTsv } from "./zeek-tsv.ts";

export const FORMATS: readonly Format[] = [
  ecs,
  fortigate,
  panos,
  panosCsv,
  splunkCsv,
  splunkJson,
  suricataEve,
  sysmon,
  zeekJson,
  zeekTsv,
];
