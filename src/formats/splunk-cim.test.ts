/** Splunk's CIM in both exports. */
import { describe, expect, test } from "vitest";
import type { NetworkEvent } from "../event/event.ts";
import { type Decoder, Undecodable } from "./format.ts";
import { splunkCsv } from "./splunk-csv.ts";
import { splunkJson } from "./splunk-json.ts";

const context = { file: "-", zone: (ms: number) => ms - 3_600_000, year: 2026 };
const json = splunkJson.open(context);

const TRAFFIC = {
  _time: "1772359200",
  src_ip: "10.1.2.3",
  dest_ip: "8.8.8.8",
  dest_port: "445",
  transport: "tcp",
};

function event(decoder: Decoder, line: string): NetworkEvent {
  const decoded = decoder.decode(line);
  if (decoded === undefined || decoded instanceof Undecodable) throw new Error("not decoded");
  return decoded;
}

const read = (fields: object): NetworkEvent => event(json, JSON.stringify({ ...TRAFFIC, ...fields }));

describe("splunk-json", () => {
  test.each([
    ['{"preview":false,"offset":0,"result":{"_time":"1","src_ip":"10.1.2.3"}}', true],
    ['{"preview":false,"result":{"_raw":"x"}}', true],
    ['{"preview":false,"lastrow":true}', true],
    ['{"_time":"1","dest_port":"445"}', true],
    ['{"All_Traffic.src":"10.1.2.3","count":"1"}', true],
    ['{"time":1,"sourcetype":"x","event":{"dest_ip":"8.8.8.8"}}', true],
    ['{"time":1,"sourcetype":"x","event":"text with \\"dest_ip\\""}', false],
    ['{"_time":"1","host":"x"}', false],
    ['{"src_ip":"10.1.2.3","dest_ip":"8.8.8.8"}', false],
  ])("claims %s: %s", (line, claimed) => {
    expect(splunkJson.claims(line)).toBe(claimed);
  });

  test.each([
    ["1772359200", 1772359200000],
    ["1772359200.25", 1772359200250],
    ["2026-03-01T11:00:00.000+0100", 1772359200000],
    ["2026-03-01 11:00:00", 1772359200000],
  ])("reads the time %s", (_time, ms) => {
    expect(read({ _time })["@timestamp"]?.ms).toBe(ms);
  });

  test.each([
    ["allowed", "allowed"],
    ["BLOCKED", "blocked"],
    ["dropped", "blocked"],
    ["teardown", "unknown"],
    ["unknown", "unknown"],
    ["permitido", "unknown"],
    [["allowed", "blocked"], "unknown"],
    [["allowed", "permitido"], "unknown"],
    [undefined, undefined],
  ])("the action %j is %s", (action, verdict) => {
    expect(read({ action })["event.action"]).toBe(verdict);
    expect(read({ action })["event.provider_action"]).toBe(Array.isArray(action) ? action.join(",") : action);
  });

  test("what the data model fills in counts as absent, and stays in the record", () => {
    const filled = read({ app: "unknown", user: "unknown", transport: "Unknown", src_port: "null" });
    expect(filled["network.protocol"]).toBeUndefined();
    expect(filled["user.name"]).toBeUndefined();
    expect(filled["network.transport"]).toBeUndefined();
    expect(filled.problems).toBeUndefined();
    expect(filled.record.get("app")).toBe("unknown");
  });

  test.each([
    [{ src: "pc-17" }, "10.1.2.3", "pc-17"],
    [{ src: "10.1.2.9" }, "10.1.2.3", "10.1.2.9"],
    [{ src: "10.1.2.9", src_ip: undefined }, "10.1.2.9", "10.1.2.9"],
    [{ src: "10.1.2.9", src_ip: "unknown" }, "10.1.2.9", "10.1.2.9"],
    [{ src: "pc-17", src_ip: undefined }, undefined, "pc-17"],
  ])("the source of %j is %s", (fields, ip, written) => {
    expect(read(fields)["source.ip"]?.text).toBe(ip);
    expect(read(fields)["source.address"]).toBe(written);
  });

  test("a destination's name is its domain", () => {
    expect(read({ dest: "files.example.net" })["destination.domain"]).toBe("files.example.net");
    expect(read({ dest: "8.8.8.8" })["destination.domain"]).toBeUndefined();
  });

  test("the data model's prefix does not matter, in the event or in the record", () => {
    const fields = Object.entries(TRAFFIC).map(([name, value]) => [
      name === "_time" ? name : `All_Traffic.${name}`,
      value,
    ]);
    const prefixed = event(json, JSON.stringify(Object.fromEntries(fields)));
    expect(prefixed["destination.port"]).toBe(445);
    expect(prefixed.record.get("dest_port")).toBe("445");
    expect([...prefixed.record.entries()].map(([name]) => name)).toEqual(Object.keys(TRAFFIC));
  });

  test("a login, though it has src and dest, is no network event", () => {
    const login = { _time: "1772359200", src: "pc-17", dest: "dc1", action: "success", app: "win:remote" };
    expect(json.decode(JSON.stringify(login))).toBeUndefined();
  });

  test.each([
    ["bro:conn:json", { conn_state: "SF" }, "established"],
    ["bro:conn:json", { conn_state: "S0" }, "no-answer"],
    ["cisco:asa", { message_id: "302014", bytes: "5231" }, "established"],
    ["cisco:asa", { message_id: "302013", bytes: "5231" }, undefined],
    ["pan:traffic", { app: "ms-ds-smbv3", bytes_in: "6000" }, "established"],
    ["pan:traffic", { app: "incomplete", bytes_in: "60" }, undefined],
    ["fgt_traffic", { bytes_in: "6000", bytes_out: "9000" }, undefined],
  ])("of %s the fields %j prove the state %s", (sourcetype, fields, state) => {
    expect(read({ sourcetype, ...fields })["sallyport.state"]).toBe(state);
  });

  test("bytes out are the client's", () => {
    const counted = read({ bytes_out: "9000", bytes_in: 6000 });
    expect([counted["source.bytes"], counted["destination.bytes"]]).toEqual([9000, 6000]);
  });
});

describe("splunk-csv", () => {
  const HEADER = '_time,src_ip,"dest_ip",dest_port,transport,action,rule';

  test.each([
    [HEADER, true],
    ["All_Traffic.src,All_Traffic.dest,All_Traffic.dest_port,count", true],
    [`\uFEFF${HEADER}\r`, true],
    ["_time,src,user,action", false],
    ["_time,host,source", false],
    ["name,src,dest", false],
    ["2026-03-01T10:00:00Z,10.1.2.3,8.8.8.8,445,tcp,allowed,to dest", false],
  ])("claims %j: %s", (line, claimed) => {
    expect(splunkCsv.claims(line)).toBe(claimed);
  });

  test("a row before any header is in no format", () => {
    expect(splunkCsv.open(context).frame("1,2,3")).toBe("unknown_format");
  });

  test("rows are counted against the header, commas in quotes left out", () => {
    const decoder = splunkCsv.open(context);
    expect(decoder.frame(HEADER)).toBe("skip");
    expect(decoder.frame("1772359200,10.1.2.3,8.8.8.8,445,tcp,allowed,x")).toBe("record");
    expect(decoder.frame('1772359200,10.1.2.3,8.8.8.8,445,tcp,"allowed,x"')).toBe("too_few_columns");
    expect(decoder.frame('1772359200,10.1.2.3,8.8.8.8,445,tcp,allowed,"a')).toBe("incomplete");
    expect(decoder.frame('1772359200,10.1.2.3,8.8.8.8,445,tcp,allowed,"a\nb"')).toBe("record");
  });

  test("several values in a cell are several values", () => {
    const decoder = splunkCsv.open(context);
    decoder.frame(HEADER);
    const row = event(decoder, '1772359200,10.1.2.3,"8.8.8.8\n1.1.1.1",445,tcp,"allowed\nallowed",x');
    expect(row["destination.ip"]?.text).toBe("8.8.8.8");
    expect(row.problems).toEqual(["multi_valued_address"]);
    expect(row["event.action"]).toBe("allowed");
    expect(row.record.get("dest_ip")).toEqual(["8.8.8.8", "1.1.1.1"]);
  });

  test("a second header in the file starts new columns", () => {
    const decoder = splunkCsv.open(context);
    decoder.frame(HEADER);
    expect(decoder.frame("dest_port,dest,src,_time")).toBe("skip");
    const row = event(decoder, "139,8.8.8.8,10.1.2.3,1772359200");
    expect([row["destination.port"], row["source.ip"]?.text]).toEqual([139, "10.1.2.3"]);
  });
});
