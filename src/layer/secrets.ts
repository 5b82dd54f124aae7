/**
 * The secret guard: looks at every file while its layer is written. One pass over the bytes with a small window, so a match
 * that lies across two chunks is found and a file of any size costs the same few kilobytes.
 */
import { createHash } from "node:crypto";
import { canonicalJson } from "../base/canonical-json.ts";
import { KnbuildError, usageError } from "../base/errors.ts";
import type { TarEntry } from "../oci/layer-source.ts";
import {
  MATCH_WINDOW,
  SECRET_FILES,
  SECRET_MARKS,
  SECRET_RULES,
  SERVICE_ACCOUNT_MARK,
  type SecretRule,
} from "./secret-rules.ts";

export interface AllowedSecret {
  /** Path in the image without the leading slash; `*` stands for anything within a directory, `**` for anything. */
  path: string;
  /** Why it may be there; kept in the build's report. */
  reason: string;
}

export interface SecretFinding {
  /** Id of the rule: `private-key`, `github-token`, … */
  rule: string;
  /** Path in the image, without the leading slash. */
  path: string;
  /** 1-based line of the first match; absent for rules that judge the path. The text itself is never repeated. */
  line?: number;
  summary: string;
  severity: "error" | "warning";
  /** Set when the user allowed it; then it is no error. */
  allowed?: string;
}

export interface SecretScannerOptions {
  allow?: readonly AllowedSecret[];
}

/** An inspector of layer/ (`begin`, `end`), and what it found over all layers that it saw. */
export interface SecretScanner {
  begin(entry: TarEntry): ((chunk: Uint8Array | null) => void) | undefined;
  /** After the last file of a layer. @throws SECRETS_FOUND with every finding of that layer */
  end(): void;
  /** Part of the layer's cache key: a layer that another list of exceptions let through is looked at again. */
  readonly cacheKey: string;
  readonly findings: readonly SecretFinding[];
}

const VERSION = 4;
/**
 * What others have published and this image only holds: language packages (their tests bring keys along), and shared libraries
 * of the distribution (libgnutls has the keys of its self-test inside).
 */
const PUBLISHED =
  /(?:^|\/)(?:node_modules|site-packages|dist-packages|gems)\/|^(?:usr\/(?:local\/)?)?lib(?:32|64)?\/(?:.*\/)?(?:python[\d.]+\/test\/|[^/]+\.so(?:\.[\d.]+)?$)/;
/** Where files lie that a server gives to browsers as they are. */
const SERVED = /(?:^|\/)(?:public|(?:\.|_)next\/static|(?:dist|build)\/client)\//;
const ANCHORS = new RegExp([...new Set([...SECRET_RULES.map((rule) => rule.anchor), ...SECRET_MARKS])].join("|"), "g");

/** @throws SECRET_ALLOW_INVALID (exit 2) for an exception without a reason */
export function createSecretScanner(options: SecretScannerOptions = {}): SecretScanner {
  const allow = (options.allow ?? []).map((entry) => {
    if (!entry.reason.trim() || !entry.path.trim()) {
      throw usageError(
        "SECRET_ALLOW_INVALID",
        `an allowed secret needs a path and a reason: ${JSON.stringify(entry.path)}`,
      );
    }
    return { ...entry, matches: globToRegExp(entry.path.replace(/^\/+/, "")) };
  });
  const findings: SecretFinding[] = [];
  let layerStart = 0;

  function report(found: Omit<SecretFinding, "severity">, lenient: boolean, given = false): void {
    const allowed = allow.find((entry) => entry.matches.test(found.path));
    const published = PUBLISHED.test(found.path);
    // What a package's own documentation shows is an example that was taken back long ago.
    const severity =
      given || (published && (lenient || /\.(?:md|mdx|markdown)$/i.test(found.path))) ? "warning" : "error";
    findings.push({ ...found, severity, ...(allowed && { allowed: allowed.reason }) });
  }

  return {
    findings,
    cacheKey: createHash("sha256")
      .update(canonicalJson([VERSION, allow.map(({ path, reason }) => [path, reason])]))
      .digest("hex"),
    begin(entry) {
      if (entry.type !== "file" || entry.size === 0) return undefined;
      for (const rule of SECRET_FILES) {
        if (rule.path.test(entry.path)) {
          report({ rule: rule.id, path: entry.path, summary: rule.summary }, rule.lenientInPackages ?? false);
        }
      }
      return scanFile(entry.path, report);
    },
    end() {
      const refused = findings.slice(layerStart).filter((f) => f.severity === "error" && f.allowed === undefined);
      layerStart = findings.length;
      if (refused.length > 0) throw secretsFound(refused);
    },
  };
}

function scanFile(
  path: string,
  report: (found: Omit<SecretFinding, "severity">, lenient: boolean, given: boolean) => void,
): (chunk: Uint8Array | null) => void {
  const name = path.slice(path.lastIndexOf("/") + 1);
  const found = new Map<string, { rule: SecretRule; line: number }>();
  const marks = new Set<string>();
  let wide: boolean | undefined;
  let carry = "";
  let line = 1;

  function scan(text: string, upTo: number): void {
    let counted = 0;
    ANCHORS.lastIndex = 0;
    for (let hit = ANCHORS.exec(text); hit && hit.index < upTo; hit = ANCHORS.exec(text)) {
      if (SECRET_MARKS.includes(hit[0])) marks.add(hit[0]);
      for (const rule of SECRET_RULES) {
        const known = found.get(rule.id);
        // What counts by itself takes the place of what counts only beside a mark.
        if ((known && (!known.rule.mark || rule.mark)) || (rule.file && !rule.file.test(name))) continue;
        rule.pattern.lastIndex = hit.index;
        const match = rule.pattern.exec(text);
        if (!match || !looksRandom(match[rule.group ?? 0] ?? match[0])) continue;
        line += newlines(text, counted, hit.index);
        counted = hit.index;
        found.set(rule.id, { rule, line });
      }
    }
    line += newlines(text, counted, upTo);
  }

  return (chunk) => {
    if (chunk === null) {
      scan(carry, carry.length);
      for (const { rule, line: at } of found.values()) {
        if (rule.mark && !marks.has(rule.mark)) continue;
        const account = rule.id === "private-key" && marks.has(SERVICE_ACCOUNT_MARK);
        report(
          {
            rule: account ? "google-service-account" : rule.id,
            path,
            line: at,
            summary: account ? "the key of a Google service account" : rule.summary,
          },
          (rule.lenientInPackages ?? false) && !account,
          rule.givenToBrowsers !== undefined && (SERVED.test(path) || marks.has(rule.givenToBrowsers)),
        );
      }
      return;
    }
    // latin1 keeps one character a byte: offsets stay true and no multi-byte character can be torn.
    const latin1 = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength).toString("latin1");
    let text = carry + (wide ? latin1.replaceAll("\0", "") : latin1);
    if (wide === undefined && text.length >= UTF16_START) {
      wide = isUtf16(text);
      if (wide) text = text.replaceAll("\0", "");
    }
    const upTo = text.length - MATCH_WINDOW;
    if (upTo <= 0) {
      carry = text;
      return;
    }
    scan(text, upTo);
    carry = text.slice(upTo);
  };
}

/** So many bytes tell. */
const UTF16_START = 8;

/** Windows' editors write UTF-16: without its zero bytes it reads like ASCII, in either byte order. */
function isUtf16(start: string): boolean {
  if (/^(?:\xff\xfe|\xfe\xff)/.test(start)) return true;
  return /^(?:[\t\n\r -~]\0){4}/.test(start) || /^(?:\0[\t\n\r -~]){4}/.test(start);
}

function newlines(text: string, from: number, to: number): number {
  let count = 0;
  for (let at = text.indexOf("\n", from); at >= 0 && at < to; at = text.indexOf("\n", at + 1)) count++;
  return count;
}

/** Bits a character, by frequency: `xxxxxxxx`, `1234512345` and words of a placeholder stay low. */
function looksRandom(text: string): boolean {
  const counts = new Map<string, number>();
  for (const char of text) counts.set(char, (counts.get(char) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / text.length) * Math.log2(count / text.length);
  return bits >= Math.min(2.8, Math.log2(text.length) - 0.9);
}

/** `*` within a directory, `**` across directories, `?` one character. */
function globToRegExp(glob: string): RegExp {
  const source = glob
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replace(/\*\*\/|\*\*|\*|\?/g, (star) =>
      star === "**/" ? "(?:.*/)?" : star === "**" ? ".*" : star === "*" ? "[^/]*" : "[^/]",
    );
  return new RegExp(`^${source}$`);
}

function secretsFound(findings: readonly SecretFinding[]): KnbuildError {
  const first = findings[0]!;
  const place = (f: SecretFinding) => (f.line === undefined ? `/${f.path}` : `/${f.path}:${f.line}`);
  return new KnbuildError({
    code: "SECRETS_FOUND",
    message:
      findings.length === 1
        ? `${first.summary} would become part of the image (${first.rule})`
        : `${findings.length} secrets would become part of the image`,
    where: place(first),
    hint: "Leave the file out (.dockerignore), pass the value at run time (a Secret of the service), or allow this path with a reason.",
    ...(findings.length > 1 && { detail: findings.map((f) => `${place(f)}  ${f.rule}: ${f.summary}`).join("\n") }),
  });
}
