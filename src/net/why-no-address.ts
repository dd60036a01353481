/** Says why a text is no address, for the person who typed it. */
import { parseIp } from "./parse-ip.ts";

/** The reason in a sentence without its full stop; undefined where the text is an address. */
export function whyNoAddress(text: string): string | undefined {
  if (parseIp(text) !== undefined) return undefined;
  return whyOddText(text) ?? (text.includes(":") ? whyNoIpv6(text) : whyNoIpv4(text));
}

function whyOddText(text: string): string | undefined {
  if (text.trim() === "") return "it is empty";
  if (/\s/.test(text)) return "it contains a blank";
  if (text.includes("/")) return "a prefix length or a path follows the address; give the address alone";
  if (/^\[[^\]]*\]:\d+$/.test(text) || /^[\d.]+:\d+$/.test(text))
    return "a port follows the address; give the address alone";
  if (/^\[[^:]*\]$/.test(text)) return "only an IPv6 address may stand in brackets";
  if (text.includes("[") || text.includes("]")) return "the brackets do not stand around the whole address";
  return undefined;
}

function whyNoIpv4(text: string): string {
  if (/^0x/i.test(text) || /\.0x/i.test(text)) return "a hexadecimal number is no part of an IPv4 address";
  if (text.includes("%")) return "a zone follows the address; only IPv6 addresses have one";
  if (!/^[\d.]+$/.test(text)) return "a name is not an address";
  if (text.endsWith(".")) return "it ends in a dot";
  const parts = text.split(".");
  if (parts.includes("")) return "it has an empty part";
  if (parts.length !== 4) return `an IPv4 address has four parts, not ${parts.length}`;
  const zero = parts.find((part) => /^0\d/.test(part));
  if (zero !== undefined) return `"${zero}" has a leading zero, which some programs read as octal`;
  const large = parts.find((part) => Number(part) > 255);
  return large === undefined ? "it is no IPv4 address" : `"${large}" is above 255`;
}

function whyNoIpv6(text: string): string {
  const bare = text.replace(/%.*$/, "");
  if (bare !== text && text.endsWith("%")) return "no zone follows the %";
  const odd = /[^0-9a-fA-F:.]/.exec(bare);
  if (odd !== null) return `"${odd[0]}" cannot stand in an IPv6 address`;
  if (bare.includes(":::") || bare.split("::").length > 2) return '"::" may stand only once';
  const groups = bare.split(":");
  const long = groups.find((group) => group.length > 4 && !group.includes("."));
  if (long !== undefined) return `"${long}" has more than four digits`;
  const dotted = groups.find((group) => group.includes("."));
  if (dotted !== undefined) {
    if (dotted !== groups.at(-1)) return `"${dotted}" may stand only at the end`;
    if (parseIp(dotted) === undefined)
      return `"${dotted}" at the end is no IPv4 address: ${whyNoIpv4(dotted)}`;
  }
  if (/^:[^:]|[^:]:$/.test(bare)) return "a single colon stands at an end";
  return whyWrongLength(bare, dotted !== undefined);
}

function whyWrongLength(bare: string, dotted: boolean): string {
  const count = bare.split(":").filter((group) => group !== "").length + (dotted ? 1 : 0);
  if (bare.includes("::"))
    return `it has ${count} groups beside "::", which stands for one at least of eight`;
  return `an IPv6 address has eight groups, not ${count}`;
}
