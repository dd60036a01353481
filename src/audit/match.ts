/** Matching: a condition and a question → the pairs that may meet it, and the pairs that surely do. */
import { allSpans, type Family, familyOf } from "./ip-set.ts";
import type { Packets } from "./question.ts";
import {
  box,
  EMPTY,
  intersectRegions,
  isEmpty,
  type Region,
  subtractRegions,
  uniteRegions,
} from "./region.ts";
import type { Condition, End, PortRange } from "./ruleset.ts";
import { meansZone, sideByName } from "./sides.ts";

/** Shape: `must` lies within `may`; between them lies what the file cannot decide, for the reasons in `unknown`. */
export interface Match {
  readonly may: Region;
  readonly must: Region;
  readonly unknown: readonly string[];
}

const EVERYTHING = { 4: box(allSpans(4), allSpans(4)), 6: box(allSpans(6), allSpans(6)) };

function decided(region: Region): Match {
  return { may: region, must: region, unknown: [] };
}

function maybe(family: Family, what: string): Match {
  return { may: EVERYTHING[family], must: EMPTY, unknown: [what] };
}

/** Applies a condition to the packets of a question. */
export function matchOf(condition: Condition, packets: Packets): Match {
  const { family, service } = packets;
  const everything = EVERYTHING[family];
  const yesOrNo = (holds: boolean): Match => decided(holds ? everything : EMPTY);
  switch (condition.kind) {
    case "addresses": {
      const spans = familyOf(condition.set, family);
      const every = allSpans(family);
      return decided(condition.end === "source" ? box(spans, every) : box(every, spans));
    }
    case "ports":
      return condition.end === "destination"
        ? yesOrNo(condition.ranges.some(({ first, last }) => first <= service.port && service.port <= last))
        : clientPorts(condition.ranges, packets);
    case "protocol":
      return yesOrNo(condition.number === service.protocol);
    case "family":
      return yesOrNo(condition.family === family);
    case "zone":
      return zoneMatch(condition.end, condition.name, packets);
    case "same-zone":
      // What leaves for the Internet crosses zones, unless the names say otherwise.
      return yesOrNo(packets.inside !== undefined && packets.inside === packets.outside);
    case "application":
      return packets.application === undefined
        ? maybe(family, `application ${condition.name}`)
        : yesOrNo(packets.application === condition.name);
    case "unknown":
      return maybe(family, condition.what);
    case "not": {
      const { may, must, unknown } = matchOf(condition.of, packets);
      return { may: subtractRegions(everything, must), must: subtractRegions(everything, may), unknown };
    }
    case "all":
      return allOf(condition.of, packets);
    case "any":
      return anyOf(condition.of, packets);
  }
}

function allOf(conditions: readonly Condition[], packets: Packets): Match {
  let [may, must] = [EVERYTHING[packets.family], EVERYTHING[packets.family]];
  const unknown: string[] = [];
  for (const condition of conditions) {
    const next = matchOf(condition, packets);
    may = intersectRegions(may, next.may);
    if (isEmpty(may)) return decided(EMPTY);
    must = intersectRegions(must, next.must);
    unknown.push(...next.unknown);
  }
  return { may, must, unknown };
}

function anyOf(conditions: readonly Condition[], packets: Packets): Match {
  let [may, must] = [EMPTY, EMPTY];
  const unknown: string[] = [];
  for (const condition of conditions) {
    const next = matchOf(condition, packets);
    may = uniteRegions(may, next.may);
    must = uniteRegions(must, next.must);
    unknown.push(...next.unknown);
  }
  return { may, must, unknown };
}

/** A client's port is the system's choice, so a rule that wants some of them may or may not apply. */
function clientPorts(ranges: readonly PortRange[], { service, family }: Packets): Match {
  const { first, last } = service.clientPorts;
  let next = first;
  const sorted = [...ranges].sort((a, b) => a.first - b.first);
  for (const range of sorted) if (range.first <= next) next = Math.max(next, range.last + 1);
  if (next > last) return decided(EVERYTHING[family]);
  const touches = ranges.some((range) => range.first <= last && range.last >= first);
  const text = ranges.map((range) =>
    range.first === range.last ? range.first : `${range.first}-${range.last}`,
  );
  return touches ? maybe(family, `source port ${text.join(", ")}`) : decided(EMPTY);
}

/** Loopback, and what the name of the other side says, decide too; any other name is open until it is told. */
function zoneMatch(end: End, name: string, packets: Packets): Match {
  const { family, sides, fromHost } = packets;
  const [value, side, told] =
    end === "source"
      ? [packets.inside, "inside" as const, sides.insideTold]
      : [packets.outside, "outside" as const, sides.outsideTold];
  if (name === "lo" || (end === "source" && fromHost)) return decided(EMPTY);
  if (value !== undefined && meansZone(name, value)) return decided(EVERYTHING[family]);
  const others = side === "inside" ? sides.outside : sides.inside;
  const byName = sideByName(name);
  const elsewhere =
    others.some((other) => meansZone(name, other)) ||
    (byName !== undefined && (byName !== side || value !== undefined));
  if (told || elsewhere) return decided(EMPTY);
  return maybe(
    family,
    `${name}: it is not known to lead ${side === "inside" ? "inside" : "to the Internet"}`,
  );
}
