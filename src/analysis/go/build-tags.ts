/** Which files of Go are built: constraints by line, generated ones and helpers of tests left out. */

/** Settles which files are the program's, before any is read. */
export function settleFiles(texts: Map<string, string>): void {
  leaveTestHelpers(texts);
  heedBuildTags(texts);
  heedGeneratedServers(texts);
}

/** Tags that the program's own build asks for (`go build -tags=x`): their files are part of it, the line that says so is blanked. */
function heedBuildTags(texts: Map<string, string>): void {
  const asked = new Set<string>();
  for (const [path, text] of texts)
    if (/Dockerfile|\.sh$|\.ya?ml$/i.test(path))
      for (const m of text.matchAll(/go\s+(?:build|install|run)\b[^\n]*?\s-tags[= ]["']?([\w,]+)/g))
        for (const tag of (m[1] as string).split(",")) asked.add(tag);
  if (asked.size === 0) return;
  for (const [path, text] of texts) {
    if (!path.endsWith(".go")) continue;
    const head = text.slice(0, 3000);
    const open = head.replace(/^\/\/(?:go:build| ?\+build)[ \t]+(\w+)[ \t]*$/gm, (line, tag: string) =>
      asked.has(tag) ? " ".repeat(line.length) : line,
    );
    if (open !== head) texts.set(path, open + text.slice(3000));
  }
}

/** Functions that only a test can call: `func testServer(t testing.TB) *Server`. */
const FOR_TESTS = /^func (?:\([^)\n]*\) )?\w+\([^)\n]*\btesting\.(?:TB|[TBF])\b/gm;

/** Takes out helpers of tests whose file is not called `…_test.go`, so that tests of other packages find them. */
function leaveTestHelpers(texts: Map<string, string>): void {
  for (const [path, text] of texts) {
    if (!path.endsWith(".go") || !text.includes('"testing"')) continue;
    const helpers = text.match(FOR_TESTS)?.length ?? 0;
    if (helpers * 2 > (text.match(/^func /gm)?.length ?? 0)) texts.delete(path);
  }
}

const GENERATED = /^\/\/ Code generated .* DO NOT EDIT/m;
const SERVES = /\bnet\.Listen\(|\.ListenAndServe(?:TLS)?\(/;

/**
 * A server that was generated from a description of its interface listens as others do, where the program makes one: its
 * files lose the line that calls them generated.
 */
function heedGeneratedServers(texts: Map<string, string>): void {
  const isGo = (path: string): boolean => path.endsWith(".go") && !path.endsWith("_test.go");
  for (const [path, text] of texts) {
    const line = isGo(path) && SERVES.test(text) ? GENERATED.exec(text.slice(0, 2000)) : null;
    const name = line && /^package (\w+)/m.exec(text)?.[1];
    if (!line || !name) continue;
    const makes = new RegExp(`\\b${name}\\.New\\w*Server\\w*\\(`);
    // The program that starts it may be generated too.
    const starts = (t: string): boolean => !GENERATED.test(t.slice(0, 2000)) || /^package main\b/m.test(t);
    const isMade = [...texts].some(([p, t]) => isGo(p) && makes.test(t) && starts(t));
    if (isMade)
      texts.set(path, text.slice(0, line.index) + " ".repeat(line[0].length) + text.slice(line.index + line[0].length));
  }
}

/** A build tag that this platform does not have, or that somebody must ask for. */
export function excluded(text: string): boolean {
  if (GENERATED.test(text.slice(0, 2000))) return true;
  const tag = /^\/\/go:build\s+(.+)$/m.exec(text.slice(0, 3000))?.[1];
  if (tag !== undefined) return !holds(tag);
  // As it was written before: words are alternatives, commas join, lines add up.
  const head = text.slice(0, Math.max(0, text.search(/^package /m)));
  return [...head.matchAll(/^\/\/ ?\+build\s+(.+)$/gm)].some(
    (m) => !holds((m[1] as string).trim().replace(/,/g, "&&").replace(/\s+/g, "||")),
  );
}

/** Does a build constraint hold here: `linux && (amd64 || arm64) && !js`? Tags that somebody has to ask for are off. */
function holds(constraint: string): boolean {
  const tokens = constraint.match(/&&|\|\||[!()]|[\w.]+/g) ?? [];
  if (tokens.length > 100) return true;
  let i = 0;
  const unit = (): boolean => {
    const token = tokens[i++];
    if (token === "!") return !unit();
    if (token !== "(") return token !== undefined && HERE.test(token);
    const value = either();
    i++;
    return value;
  };
  const both = (): boolean => {
    let value = unit();
    while (tokens[i] === "&&") {
      i++;
      value = unit() && value;
    }
    return value;
  };
  const either = (): boolean => {
    let value = both();
    while (tokens[i] === "||") {
      i++;
      value = both() || value;
    }
    return value;
  };
  return either();
}

const HERE = /^(linux|unix|amd64|cgo|gc|go1\.\d+)$/;
