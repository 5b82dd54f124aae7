/** Versions that a project names for version managers: asdf's `.tool-versions`, mise's `mise.toml`. */
import type { Source } from "./open.ts";

/** @param names as asdf or mise call the tool (`golang`, `go`) @returns as written, without a distribution's name: `21.0.2` of `temurin-21.0.2` */
export function toolVersion(source: Source, ...names: string[]): string | undefined {
  const asdf = source.read(".tool-versions") ?? "";
  const mise = ["mise.toml", ".mise.toml", ".config/mise.toml"].map((file) => source.read(file) ?? "").join("\n");
  const tools = /^\[tools\]\s*$([\s\S]*?)(?=^\[|(?![\s\S]))/m.exec(mise)?.[1] ?? "";
  for (const name of names) {
    const found =
      new RegExp(`^[ \\t]*${name}[ \\t]+(\\S+)`, "m").exec(asdf)?.[1] ??
      new RegExp(
        `^[ \\t]*"?${name}"?[ \\t]*=[ \\t]*(?:\\[[ \\t]*|\\{[^}\\n]*version[ \\t]*=[ \\t]*)?["']([^"']+)`,
        "m",
      ).exec(tools)?.[1];
    const version = found?.replace(/^(?:[a-z]+-)+(?=\d)/i, "").replace(/-otp-\d+$/, "");
    if (version !== undefined && /^\d/.test(version)) return version;
  }
  return undefined;
}
