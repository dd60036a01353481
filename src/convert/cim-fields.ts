/** Fields of Splunk's data model Network_Traffic, by the event field that they stand for. */
import { FIELDS, type FieldAliases, type FieldName } from "../event/fields.ts";

/** The dataset, and the data model that it is in. */
export const CIM_DATASET = "All_Traffic";
export const CIM_MODEL = "Network_Traffic";

/**
 * What the dataset has.
 * Source: Splunk Common Information Model add-on 6.1, "Network Traffic".
 */
const ALL_TRAFFIC: ReadonlySet<string> = new Set(
  (
    "action app bytes bytes_in bytes_out channel dest dest_category dest_interface dest_ip dest_mac dest_port " +
    "dest_translated_ip dest_translated_port dest_zone direction duration dvc dvc_ip dvc_mac dvc_zone flow_id " +
    "icmp_code icmp_type packets packets_in packets_out process_id protocol protocol_version response_time rule " +
    "session_id src src_category src_interface src_ip src_mac src_port src_translated_ip src_translated_port " +
    "src_zone tcp_flag tos transport ttl user vendor_product vlan"
  ).split(" "),
);

/** Fields that no alias in FIELDS names. */
const OTHER_NAMES: Partial<Record<FieldName, string>> = {
  "event.action": "action",
  "network.application": "app",
};

/**
 * What stands for "absent" besides a missing field: the data model, or an add-on, writes `unknown` into texts and
 * 0 into ports. Versions differ in which they fill; asking for both is right either way, since neither is a value.
 */
const FILLED: Readonly<Record<string, string>> = {
  action: '"unknown"',
  app: '"unknown"',
  dest: '"unknown"',
  dest_port: "0",
  dvc: '"unknown"',
  rule: '"unknown"',
  src: '"unknown"',
  src_port: "0",
  transport: '"unknown"',
  user: '"unknown"',
  vendor_product: '"unknown"',
};

/** The dataset's name for an event field; undefined where it has none. */
export function cimName(field: FieldName): string | undefined {
  const { cim }: FieldAliases & { readonly doc: string } = FIELDS[field];
  const name = OTHER_NAMES[field] ?? cim?.[0];
  return name !== undefined && ALL_TRAFFIC.has(name) ? name : undefined;
}

/** The value that stands for "absent" in a field of the dataset, as SPL writes it. */
export function cimFill(name: string): string | undefined {
  return FILLED[name];
}
