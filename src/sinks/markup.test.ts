/** Templates of HTML: values are escaped, markup is not. */
import { expect, test } from "vitest";
import { markup, prose, tableMarkup } from "./markup.ts";

test("values are escaped and markup is kept", () => {
  expect(markup`<p title="${'"x'}">${"<b>"}${markup`<i>${"&"}</i>`}</p>`.html).toBe(
    '<p title="&quot;x">&lt;b&gt;<i>&amp;</i></p>',
  );
});

test("what is absent gives nothing, zero is a number", () => {
  expect(markup`${null}${undefined}${false}${0}${["a", 1]}`.html).toBe("0a1");
});

test("an object from a log cannot pass for markup", () => {
  expect(prose("a `<b>` <c>").html).toBe("a <code>&lt;b&gt;</code> &lt;c&gt;");
});

test("a table has a caption, and headers with a scope", () => {
  const { html } = tableMarkup("T", [{ title: "A" }, { title: "N", number: true }], [["x", 1]]);
  expect(html).toContain("<caption>T</caption>");
  expect(html).toContain('<th scope="col">A</th><th scope="col" class="n">N</th>');
  expect(html).toContain('<th scope="row">x</th><td class="n">1</td>');
});
