/** Examples: one packet of a region, with addresses that a person recognises where it can be. */
import { bigintOf } from "../net/big.ts";
import { parseIp } from "../net/parse-ip.ts";
import { addressText, type Family, type Spans, spansHave } from "./ip-set.ts";
import type { Packets } from "./question.ts";
import type { Region } from "./region.ts";

/** One packet. Shape: names of zones and application only where they matter. */
export interface ExamplePacket {
  readonly source: string;
  readonly destination: string;
  readonly inside?: string;
  readonly outside?: string;
  readonly application?: string;
}

const FAMILIAR = {
  4: valuesOf(["10.0.0.5", "192.168.0.5", "172.16.0.5", "8.8.8.8", "1.1.1.1"]),
  6: valuesOf(["fd00::5", "2606:4700:4700::1111"]),
} as const satisfies Record<Family, readonly bigint[]>;

/** A packet of the region; undefined where it is empty. */
export function exampleOf(region: Region, packets: Packets): ExamplePacket | undefined {
  const [part] = region;
  if (part === undefined) return undefined;
  const { family, inside, outside, application } = packets;
  return {
    source: familiarOf(part.source, family),
    destination: familiarOf(part.destination, family),
    ...(inside === undefined ? {} : { inside }),
    ...(outside === undefined ? {} : { outside }),
    ...(application === undefined ? {} : { application }),
  };
}

function familiarOf(spans: Spans, family: Family): string {
  const known = FAMILIAR[family].find((value) => spansHave(spans, value));
  if (known !== undefined) return addressText(known, family);
  const [first] = spans;
  if (first === undefined) return "";
  // The first address of a network is not a host's.
  return addressText(first.last - first.first > 1n ? first.first + 1n : first.first, family);
}

function valuesOf(texts: readonly string[]): readonly bigint[] {
  return texts.flatMap((text) => {
    const ip = parseIp(text);
    return ip === undefined ? [] : [bigintOf(ip)];
  });
}
