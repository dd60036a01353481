/** Makes a compiled request ready to run: plans made, networks known, zones resolved. Done once per thread. */

import type { Engine } from "../engines/engine.ts";
import { fast } from "../engines/fast.ts";
import { SallyportError } from "../errors.ts";
import type { DatasetTable } from "../event/dataset.ts";
import type { RawShape } from "../event/raw-shape.ts";
import { type AssetList, parseAssets } from "../findings/assets.ts";
import { type Baseline, parseBaseline } from "../findings/baseline.ts";
import { type Profile, toProfile } from "../findings/profiles/profile.ts";
import { EMPTY_SITE, type Site, zoneOf } from "../findings/site-facts.ts";
import { localToUtc } from "../findings/zone.ts";
import type { DecodeContext, Format } from "../formats/format.ts";
import { datasetTable, formatByName } from "../formats/registry.ts";
import { type AddressModel, createAddressModel } from "../net/model.ts";
import { parseNetwork, whyNoNetwork } from "../net/prefix.ts";
import { compilePlan, type Plan } from "../sigma/plan.ts";
import type { Rule } from "../sigma/rule.ts";
import type { CompiledRequest } from "./compile-request.ts";
import { createFilterIndex, type FilterIndex } from "./filters.ts";
import { type KernelChoice, kernelMaker } from "./kernel-for.ts";
import type { ScanRequest } from "./request.ts";

export interface Prepared {
  /** What it was made of, for other threads. */
  readonly compiled: CompiledRequest;
  readonly request: ScanRequest;
  readonly rules: readonly Rule[];
  /** One per rule, at the same place. */
  readonly plans: readonly Plan[];
  /** The rules that look at single records, by place. */
  readonly eventPlaces: readonly number[];
  readonly filters: FilterIndex;
  readonly datasets: DatasetTable;
  readonly engine: Engine;
  /** Runs the rules that look at single records, each by its place among `eventPlaces`. */
  readonly runEventRules: ReturnType<Engine["prepare"]>;
  readonly model: AddressModel;
  readonly site: Site;
  readonly assets: AssetList | null;
  readonly baseline: Baseline | null;
  /** The reference profiles, in the order in which they were asked for. */
  readonly profiles: readonly Profile[];
  /** The formats that the user named for a path; undefined leaves it to detection. */
  formatsFor(path: string): readonly Format[] | undefined;
  contextFor(path: string, year: number): (format: Format) => DecodeContext;
  /** A kernel that rules out lines of a shape which no rule can match; undefined where it could rule out none. */
  kernelFor(shape: RawShape): KernelChoice;
}

/**
 * Prepares a compiled request.
 * Errors: SallyportError for rules, assets, baseline, networks, zones and formats that cannot be used.
 */
export function prepare(compiled: CompiledRequest, engine: Engine = fast): Prepared {
  const { request, rules, filters, site } = compiled;
  const assets = request.assets === null ? null : parseAssets(request.assets.text, request.assets.file);
  const internal = [...site.internal, ...request.internal.map(toNetwork), ...(assets?.internal ?? [])];
  const choices = request.formats.map(({ name, glob }) => ({ format: formatByName(name), glob }));
  const zones = new Map<string, (localMs: number) => number>();
  const zone = (name: string): ((localMs: number) => number) => {
    const known = zones.get(name) ?? localToUtc(name);
    zones.set(name, known);
    return known;
  };
  const plans = rules.map((rule) => compilePlan(rule));
  const eventPlaces = rules.flatMap(({ extension }, at) => (extension.scope === "event" ? [at] : []));
  const eventPlans = eventPlaces.flatMap((at) => plans[at] ?? []);
  const datasets = datasetTable();
  const model = createAddressModel({
    internal,
    internalOnly: site.internalOnly,
    nat64: site.nat64,
    sharedAddressSpace: site.sharedAddressSpace,
  });
  return {
    compiled,
    request,
    rules,
    plans,
    eventPlaces,
    filters: createFilterIndex(filters, rules),
    datasets,
    engine,
    runEventRules: engine.prepare(eventPlans, datasets),
    model,
    kernelFor: kernelMaker(eventPlans, model, request.tuning),
    site,
    assets,
    baseline: request.baseline === null ? null : parseBaseline(request.baseline.text, request.baseline.file),
    profiles: compiled.profiles.map(toProfile),
    formatsFor(path) {
      const named = choices.filter(({ glob }) => glob === undefined || matchesGlob(glob, path));
      return named.length === 0 ? undefined : named.map(({ format }) => format);
    },
    contextFor: (path, year) => (format) => ({
      file: path,
      year,
      zone: zone(zoneOf(site, format.name, path) ?? request.timeZone),
    }),
  };
}

function toNetwork(text: string) {
  const network = parseNetwork(text);
  if (network === undefined) {
    throw new SallyportError("option_invalid", {
      detail: `--internal ${text}: ${whyNoNetwork(text) ?? "not a network"}`,
    });
  }
  return network;
}

function matchesGlob(glob: string, path: string): boolean {
  return zoneOf({ ...EMPTY_SITE, zones: [{ match: glob, zone: "UTC" }] }, "", path) !== undefined;
}
