/** Advisories as feeds: JSON Feed 1.1 and RSS 2.0. The same advisories give the same bytes. */
import { ADVISORY_SECTIONS, type Advisory, compareAdvisories, tacticsOf } from "../advisories/advisory.ts";
import { proseMarkup } from "./advisory-html.ts";
import { htmlText, jsonText } from "./inert.ts";
import { joined, markup } from "./markup.ts";

const TITLE = "Sallyport threat advisories";
const DESCRIPTION =
  "Threats around Windows file sharing that leaves a network, and the detections that see each.";

/** Where the feed is published: the address of its folder, ending in a slash; null where it is not. */
export type BaseUrl = string | null;

/**
 * A JSON Feed.
 * Source: JSON Feed version 1.1, jsonfeed.org.
 */
export function jsonFeed(advisories: readonly Advisory[], base: BaseUrl): string {
  const feed = {
    version: "https://jsonfeed.org/version/1.1",
    title: TITLE,
    ...(base === null ? {} : { home_page_url: base, feed_url: addressOf(base, "feed.json") }),
    description: DESCRIPTION,
    language: "en",
    authors: [{ name: "Sallyport" }],
    items: [...advisories].sort(compareAdvisories).map((advisory) => ({
      id: idOf(advisory),
      ...(base === null ? {} : { url: addressOf(base, `${advisory.id}.html`) }),
      title: advisory.title,
      content_html: contentOf(advisory),
      summary: advisory.summary,
      date_published: `${advisory.published}T00:00:00Z`,
      date_modified: `${advisory.updated}T00:00:00Z`,
      tags: tagsOf(advisory),
      _sallyport: {
        about: "Severity, ATT&CK techniques, CVE ids and the rules that see the threat.",
        severity: advisory.severity,
        techniques: advisory.techniques.map(({ id }) => id),
        cves: advisory.cves.map(({ id }) => id),
        detections: advisory.detections.map(({ rule }) => rule),
      },
    })),
  };
  return `${jsonText(feed, 2)}\n`;
}

/**
 * An RSS feed. RSS asks for an address of the channel, so it cannot be made without one.
 * Source: RSS 2.0.11, rssboard.org; atom:link as its best practices profile asks for.
 */
export function rssFeed(advisories: readonly Advisory[], base: string): string {
  const newest =
    advisories
      .map(({ updated }) => updated)
      .sort()
      .at(-1) ?? "2026-11-22";
  const items = [...advisories]
    .sort(compareAdvisories)
    .map((advisory) =>
      [
        "    <item>",
        element("title", advisory.title),
        element("link", addressOf(base, `${advisory.id}.html`)),
        element("description", contentOf(advisory)),
        ...tagsOf(advisory).map((tag) => element("category", tag)),
        `      <guid isPermaLink="false">${htmlText(idOf(advisory))}</guid>`,
        element("pubDate", rfc822(advisory.updated)),
        "    </item>",
      ].join("\n"),
    );
  return `${[
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom">',
    "  <channel>",
    element("title", TITLE, 4),
    element("link", base, 4),
    element("description", DESCRIPTION, 4),
    `    <atom:link href="${htmlText(addressOf(base, "feed.xml"))}" rel="self" type="application/rss+xml"/>`,
    element("language", "en", 4),
    element("lastBuildDate", rfc822(newest), 4),
    element("generator", "Sallyport", 4),
    element("docs", "https://www.rssboard.org/rss-specification", 4),
    ...items,
    "  </channel>",
    "</rss>",
  ].join("\n")}\n`;
}

/** The advisory as HTML for a reader, without a page around it. */
function contentOf(advisory: Advisory): string {
  const sections = ADVISORY_SECTIONS.map(
    (title) => markup`<h2>${title}</h2>\n${proseMarkup(advisory.sections[title])}`,
  );
  const detections = advisory.detections.map(
    ({ rule, name, sees }) => markup`<li>${rule} ${name}: sees ${sees}.</li>\n`,
  );
  const references = advisory.references.map(
    ({ title, url }) => markup`<li><a href="${url}">${title}</a></li>\n`,
  );
  const flaws = advisory.cves.map(({ id, name, vector }) => markup`<li>${id} ${name}: ${vector}</li>\n`);
  const list = [
    ...sections,
    markup`<h2>Detections</h2>\n<ul>\n${detections}</ul>`,
    ...(flaws.length === 0 ? [] : [markup`<h2>Known flaws</h2>\n<ul>\n${flaws}</ul>`]),
    markup`<h2>References</h2>\n<ul>\n${references}</ul>`,
  ];
  return joined(list, markup`\n`).html;
}

function tagsOf(advisory: Advisory): readonly string[] {
  return [advisory.severity, ...tacticsOf(advisory), ...advisory.techniques.map(({ id }) => id)];
}

/** The same wherever the feed is published. */
function idOf({ id }: Advisory): string {
  return `sallyport:advisory:${id}`;
}

function addressOf(base: string, name: string): string {
  return new URL(name, base).href;
}

/** A day as RFC 822 asks, with a year of four digits. */
function rfc822(day: string): string {
  return new Date(`${day}T00:00:00Z`).toUTCString();
}

// Line by line, since a newline within one value would be made visible.
function element(name: string, text: string, indent = 6): string {
  return `${" ".repeat(indent)}<${name}>${text.split("\n").map(htmlText).join("\n")}</${name}>`;
}
