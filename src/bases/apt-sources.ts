/** Finds Debian mirrors in the machine's apt sources: sources.list(5), both the one-line and the deb822 form. */
import { join } from "node:path";
import { namesIn, textOf } from "./apt-files.ts";
import { parseDeb822 } from "./deb822.ts";

export interface DebianMirror {
  /** Base URL of a Debian archive: `dists/` and `pool/` lie below it. No trailing slash. */
  url: string;
  /** Base URL of the security archive. */
  securityUrl?: string;
}

interface Source {
  url: string;
  suites: string[];
  components: string[];
  signedBy: string;
}

/** Code names from buster on, and the names that point to one of them. */
const SUITE =
  /^(?:buster|bullseye|bookworm|trixie|forky|duke|sid|oldoldstable|oldstable|stable|testing|unstable)(-updates|-security|\/updates|-backports|-proposed-updates)?$/;

/**
 * Mirrors that may be Debian archives, the likeliest first. Which suite they are listed for does not matter: a Debian
 * archive holds them all, and the signature decides in the end.
 */
export function findDebianMirrors(aptDir: string): DebianMirror[] {
  const main = new Map<string, number>();
  const security = new Map<string, number>();
  for (const source of readAptSources(aptDir)) {
    if (!source.components.includes("main") && !source.components.includes("updates/main")) continue;
    for (const suite of source.suites) {
      const match = SUITE.exec(suite);
      if (!match) continue;
      const into = match[1] === "-security" || match[1] === "/updates" ? security : main;
      // Third parties use Debian's suite names too: a Debian keyring or a sibling such as -updates tells the real one.
      const score = 1 + (/debian-archive/.test(source.signedBy) ? 4 : 0) + (match[1] === "-updates" ? 2 : 0);
      into.set(source.url, (into.get(source.url) ?? 0) + score);
    }
  }
  const byScore = (map: Map<string, number>) => [...map].sort((a, b) => b[1] - a[1]).map(([url]) => url);
  const [securityUrl] = byScore(security);
  return byScore(main).map((url) => ({ url, ...(securityUrl !== undefined && { securityUrl }) }));
}

/** Every enabled binary source with an http or https address. */
function readAptSources(aptDir: string): Source[] {
  const sources = parseList(textOf(join(aptDir, "sources.list")));
  const parts = join(aptDir, "sources.list.d");
  for (const name of namesIn(parts)) {
    if (name.endsWith(".list")) sources.push(...parseList(textOf(join(parts, name))));
    else if (name.endsWith(".sources")) sources.push(...parseSources(textOf(join(parts, name))));
  }
  return sources.filter((source) => /^https?:\/\//.test(source.url));
}

function parseList(text: string): Source[] {
  const sources: Source[] = [];
  for (const raw of text.split("\n")) {
    const match = /^\s*deb\s+(?:\[([^\]]*)\]\s+)?(\S+)\s+(\S+)\s*([^#]*)/.exec(raw.replace(/\t/g, " "));
    if (!match) continue;
    const [, options = "", url = "", suite = "", components = ""] = match;
    const signedBy = /(?:^|\s)signed-by=(\S+)/i.exec(options)?.[1] ?? "";
    sources.push({ url: trimUrl(url), suites: [trimUrl(suite)], components: words(components), signedBy });
  }
  return sources;
}

function parseSources(text: string): Source[] {
  const sources: Source[] = [];
  for (const paragraph of parseDeb822(text)) {
    if (!words(paragraph.get("types")).includes("deb")) continue;
    if (/^(?:no|false|0|off|disable)$/i.test(paragraph.get("enabled") ?? "")) continue;
    for (const url of words(paragraph.get("uris"))) {
      sources.push({
        url: trimUrl(url),
        suites: words(paragraph.get("suites")).map(trimUrl),
        components: words(paragraph.get("components")),
        signedBy: paragraph.get("signed-by") ?? "",
      });
    }
  }
  return sources;
}

function words(text: string | undefined): string[] {
  return (text ?? "").split(/\s+/).filter(Boolean);
}

function trimUrl(url: string): string {
  return url.replace(/\/+$/, "");
}
