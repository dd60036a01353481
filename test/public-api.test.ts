/** The public API: what each entry point exports. A change here is a change for those who use the library. */
import { expect, test } from "vitest";

test("sallyport exports these values", async () => {
  expect(Object.keys(await import("../src/index.ts")).sort()).toMatchInlineSnapshot(`
    [
      "CONVERTERS",
      "ERRORS",
      "FIELDS",
      "FORMATS",
      "OUTCOMES",
      "PROBLEMS",
      "REGISTRY",
      "REGISTRY_DATE",
      "SINKS",
      "SallyportError",
      "SourceError",
      "addressSpaceOf",
      "collectFindings",
      "compilePlan",
      "createAddressModel",
      "defaultRequest",
      "defineFormat",
      "defineSink",
      "memorySource",
      "parseAdvisory",
      "parseIp",
      "parsePrefix",
      "parseRules",
      "readConfigs",
      "reviewDocument",
      "reviewRuleset",
      "scan",
    ]
  `);
});

test("sallyport/node exports these values", async () => {
  expect(Object.keys(await import("../src/node/index.ts")).sort()).toMatchInlineSnapshot(`
    [
      "readRuleFiles",
      "readText",
      "resolveSources",
      "shippedRules",
      "splitDuplicates",
    ]
  `);
});
