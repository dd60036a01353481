/** Block rules in HTML: one product each, folded up, with its warning and its undo. They are there to be copied. */
import type { Response } from "../advisories/responses.ts";
import { joined, linesMarkup, type Markup, markup } from "./markup.ts";

/** The block rules of some products. */
export function responseList(responses: readonly Response[]): Markup {
  return joined(responses.map(responseMarkup));
}

function responseMarkup(response: Response): Markup {
  const { product, destination, where, warning, fill_in, block, undo } = response;
  return markup`<details class="response"><summary>${product}${destination !== null && markup` <span class="dim">${destination}</span>`}</summary>
<p class="warn">${warning}</p>
<p><strong>Where:</strong> ${where}</p>
${fill_in.length > 0 && markup`<p><strong>Fill in:</strong></p>\n<ul>${fill_in.map((word) => markup`<li>${word}</li>`)}</ul>`}
<p class="label">Block</p>
${commands(block)}
<p class="label">Undo</p>
${commands(undo)}
</details>
`;
}

function commands(text: string): Markup {
  return markup`<pre tabindex="0"><code>${linesMarkup(text)}</code></pre>`;
}
