/** Application words: SMB, something else, or nothing identified. */
import { expect, test } from "vitest";
import { contradiction, isHostedShare, namesSmb } from "./applications.ts";

test.each([
  "smb",
  "smb2",
  "cifs",
  "ms-ds-smb",
  "ms-ds-smbv3",
  "microsoft-ds",
  "netbios-ss",
  "netbios-ssn (smb)",
])("%s is SMB", (name) => {
  expect(namesSmb(["gssapi", name])).toBe(true);
});

test.each<[readonly string[], string | undefined]>([
  [["ssh"], "ssh"],
  [["http", "ntlm"], "http"],
  [["ssl"], "ssl"],
  [["tls"], "tls"],
  [["ms-rdp"], "ms-rdp"],
  [["dns"], "dns"],
  [["ssh", "smb"], undefined],
  [["ssl", "ms-ds-smbv3"], undefined],
  [["incomplete"], undefined],
  [["insufficient-data"], undefined],
  [["not-applicable"], undefined],
  [["unknown-tcp"], undefined],
  [["netbios-ns"], undefined],
  [["netbios-ss"], undefined],
  [["msrpc"], undefined],
  [["gssapi", "ntlm"], undefined],
  [[], undefined],
])("%j on an SMB port is contradicted by %s", (names, other) => {
  expect(contradiction(names)).toBe(other);
});

test.each<[string | undefined, boolean]>([
  ["account.file.core.windows.net", true],
  ["ACCOUNT.FILE.CORE.WINDOWS.NET", true],
  ["account.file.core.usgovcloudapi.net", true],
  ["account.z13.file.storage.azure.net", true],
  ["amznfsxabcdefgh.corp.example", true],
  ["fs-0123456789abcdef0.corp.example", true],
  ["account.blob.core.windows.net", false],
  ["account.file.core.windows.net.evil.example", false],
  ["file.core.windows.net", false],
  ["fs-files.evil.example", false],
  ["amznfsx.evil.example", false],
  [undefined, false],
])("the name %s is a hosted file share: %s", (domain, hosted) => {
  expect(isHostedShare(domain)).toBe(hosted);
});
