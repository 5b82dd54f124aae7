/** Versions that a project names for version managers: asdf's `.tool-versions`, mise's `mise.toml`. */
import { parse } from "../base/toml.ts";
import type { Source } from "./open.ts";

/** @param names as asdf or mise call the tool (`golang`, `go`) @returns as written, without a distribution's name: `21.0.2` of `temurin-21.0.2` */
export function toolVersion(source: Source, ...names: string[]): string | undefined {
  for (const found of [asdfVersion(source, ...names), miseVersion(source, ...names)?.text]) {
    const version = found?.replace(/^(?:[a-z]+-)+(?=\d)/i, "").replace(/-otp-\d+$/, "");
    if (version !== undefined && /^\d/.test(version)) return version;
  }
  return undefined;
}

/** What only a version manager can resolve: a revision, a folder, a version that is reckoned from another, a template. */
const RESOLVED_BY_MANAGER = /^(?:ref|branch|tag|rev|path|sub-[\d.]+):|^system$|\{[{%]/;

/** `prefix:20` is 20: the newest that begins so. @returns undefined: it says no version */
function plainVersion(text: string): string | undefined {
  return RESOLVED_BY_MANAGER.test(text) ? undefined : text.replace(/^prefix:/, "") || undefined;
}

/** The first of the names that `.tool-versions` has, as written; nothing where it is no version. */
export function asdfVersion(source: Source, ...names: string[]): string | undefined {
  const text = source.read(".tool-versions") ?? "";
  const found = names.flatMap((name) => new RegExp(`^[ \\t]*${name}[ \\t]+(\\S+)`, "m").exec(text)?.[1] ?? [])[0];
  return found && plainVersion(found);
}

/** Where mise looks in a directory, first the one that decides; `.local` ones are of one machine alone. */
const MISE = [
  "mise.toml",
  ".mise.toml",
  "mise/config.toml",
  ".mise/config.toml",
  ".config/mise.toml",
  ".config/mise/config.toml",
];

/** Of mise's `[tools]`: `node = "22"`, `{ version = "22" }`, or the first of a list of these. A file that is no TOML, or a text that is no version, says nothing. */
export function miseVersion(source: Source, ...names: string[]): { text: string; file: string } | undefined {
  for (const file of MISE) {
    const tools = toolsOf(source.isFile(file) ? source.read(file) : undefined);
    for (const name of names.flatMap((one) => [one, `core:${one}`])) {
      const first = [tools[name]].flat()[0];
      const written = typeof first === "object" ? (first as { version?: unknown } | null)?.version : first;
      const text = typeof written === "string" ? plainVersion(written) : undefined;
      if (text !== undefined) return { text, file };
    }
  }
  return undefined;
}

function toolsOf(text: string | undefined): Record<string, unknown> {
  if (text === undefined) return {};
  try {
    const { tools } = parse(text);
    return typeof tools === "object" ? (tools as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
