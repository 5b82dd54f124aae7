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

/** The first of the names that `.tool-versions` has, as written. */
export function asdfVersion(source: Source, ...names: string[]): string | undefined {
  const text = source.read(".tool-versions") ?? "";
  return names.map((name) => new RegExp(`^[ \\t]*${name}[ \\t]+(\\S+)`, "m").exec(text)?.[1]).find((found) => found);
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

/** Of mise's `[tools]`: `node = "22"`, `{ version = "22" }`, or the first of a list of these. A file that is no TOML says nothing. */
export function miseVersion(source: Source, ...names: string[]): { text: string; file: string } | undefined {
  for (const file of MISE) {
    const tools = toolsOf(source.isFile(file) ? source.read(file) : undefined);
    for (const name of names.flatMap((one) => [one, `core:${one}`])) {
      const first = [tools[name]].flat()[0];
      const text = typeof first === "object" ? (first as { version?: unknown } | null)?.version : first;
      if (typeof text === "string" && text !== "") return { text, file };
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
