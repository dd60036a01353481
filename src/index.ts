/** sallyport: the library. Nothing here touches Node; files and folders are in sallyport/node. */
export type { Advisory } from "./advisories/advisory.ts";
export { parseAdvisory } from "./advisories/parse-advisory.ts";
export { type AddressSpace, addressSpaceOf } from "./audit/address-space.ts";
export { type FirewallReviewDocument, reviewDocument } from "./audit/document.ts";
export { type ConfigText, type ReadConfigs, readConfigs } from "./audit/read-config.ts";
export { type Review, type ReviewOptions, reviewRuleset } from "./audit/review.ts";
export type { Ruleset } from "./audit/ruleset.ts";
export { memorySource } from "./bytes/memory-source.ts";
export { type Compression, type Source, SourceError, type SourceErrorKind } from "./bytes/source.ts";
export type { Conversion, ConvertContext, Dialect } from "./convert/dialect.ts";
export { CONVERTERS } from "./convert/index.ts";
export {
  ERRORS,
  type ErrorCode,
  type ErrorPlace,
  PROBLEMS,
  type Problem,
  type ProblemCode,
  SallyportError,
} from "./errors.ts";
export type { Dataset, Logsource } from "./event/dataset.ts";
export type { NetworkEvent } from "./event/event.ts";
export { FIELDS, type FieldName } from "./event/fields.ts";
export { OUTCOMES, type Outcome } from "./event/outcome.ts";
export type { Coverage } from "./findings/coverage.ts";
export type { Finding } from "./findings/finding.ts";
export type { MatchDocument, RunDocument, RunInfo, RunReport, Verdict } from "./findings/run.ts";
export { defineFormat, type Format } from "./formats/format.ts";
export { FORMATS } from "./formats/index.ts";
export type { IpAddress } from "./net/address.ts";
export { REGISTRY, REGISTRY_DATE, type RegistryRow } from "./net/iana.ts";
export {
  type AddressModel,
  type AddressModelOptions,
  type Classified,
  createAddressModel,
} from "./net/model.ts";
export { parseIp } from "./net/parse-ip.ts";
export { parsePrefix } from "./net/prefix.ts";
export { defaultRequest, type ScanRequest } from "./pipeline/request.ts";
export { type ScanHooks, type ScanResult, scan } from "./scan.ts";
export { parseRules } from "./sigma/parse-rule.ts";
export { compilePlan, type Plan } from "./sigma/plan.ts";
export type { Rule } from "./sigma/rule.ts";
export { collectFindings } from "./sinks/collect.ts";
export { SINKS } from "./sinks/index.ts";
export { defineSink, type Row, type Sink, type SinkWriter } from "./sinks/sink.ts";
