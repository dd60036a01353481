/** Sharing: equal lists are one list, and never another's. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { sharedList, sharedText } from "./shared.ts";

test("a list of equal items is the same list", () => {
  expect(sharedList(["smb", "ntlm"])).toBe(sharedList(["smb", "ntlm"]));
  expect(sharedList([3])).toBe(sharedList([3]));
});

test("whatever is asked for comes back equal, also texts that look like lists", () => {
  const item = fc.oneof(fc.constantFrom('["a"]', "[1]", "1", "a", "", "\u2192"), fc.string());
  fc.assert(
    fc.property(fc.array(item, { maxLength: 3 }), fc.array(fc.nat(3), { maxLength: 2 }), (texts, numbers) => {
      expect(sharedList(texts)).toEqual(texts);
      expect(sharedList(numbers)).toEqual(numbers);
      for (const text of texts) expect(sharedText(text)).toBe(text);
    }),
  );
});

test("a caller that changes its own list later changes no shared one", () => {
  const own = ["before"];
  const shared = sharedList(own);
  own.push("after");
  expect(shared).toEqual(["before"]);
});
