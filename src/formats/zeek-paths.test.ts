/** Which log a record belongs to. */
import { describe, expect, test } from "vitest";
import { logOfFile, logOfKeys, logOfPath } from "./zeek-paths.ts";

test.each([
  ["conn", "conn"],
  ["conn_red", "conn"],
  ["smb_files", "smb_files"],
  ["dns", "other"],
  ["toString", "other"],
  ["a log of a local script", "other"],
])("the path %s is %s", (path, log) => {
  expect(logOfPath(path)).toBe(log);
});

describe("a file's name", () => {
  test.each([
    ["conn.log", "conn"],
    ["/logs/current/conn.10:00:00-11:00:00.log.gz", "conn"],
    ["C:\\zeek\\smb_files.json", "smb_files"],
    ["-", undefined],
    ["dc1_SMB_Mapping.log", "smb_mapping"],
    ["smb_cmd-2026-03-01.log", "smb_cmd"],
    ["known_services.log", "other"],
    ["dns.log", "other"],
    ["connections.log", undefined],
    ["conn_and_ntlm.log", undefined],
    ["/conn/data.json", undefined],
  ])("%s tells %s", (file, log) => {
    expect(logOfFile(file)).toBe(log);
  });
});

describe("a record's keys", () => {
  test.each([
    [{ conn_state: "S0", proto: "tcp" }, "conn"],
    [{ share_type: "DISK", path: "x" }, "smb_mapping"],
    [{ action: "SMB::FILE_OPEN", name: "x" }, "smb_files"],
    [{ command: "READ", version: "SMB2" }, "smb_cmd"],
    [{ server_tree_name: "x" }, "ntlm"],
    [{ client_initial_dcid: "x", version: "1" }, "quic"],
    [{ qtype: 1, query: "example.net" }, "other"],
    [{ command: "RETR", version: "1" }, undefined],
    [{ success: true }, undefined],
    [{ conn_state: "S0", share_type: "DISK" }, undefined],
  ])("%o tell %s", (record: Record<string, unknown>, log) => {
    expect(logOfKeys((key) => record[key])).toBe(log);
  });
});
