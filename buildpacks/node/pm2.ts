/** PM2's ecosystem file names the program; PM2 itself is no process for a container, which has one and starts it again itself. */
import type { Source } from "../../src/sdk.ts";

const FILES = ["ecosystem.config.js", "ecosystem.config.cjs", "ecosystem.config.json", "ecosystem.json"];

/** The command of the first app in the file that PM2 is given, undefined where none is there or it names no program. */
export function pm2Command(source: Source, args: readonly string[]): string | undefined {
  const named = args.map((arg) => arg.replace(/^\.\//, "")).filter((arg) => /\.(?:[cm]?js|json|config)$/.test(arg));
  const file = (named.length > 0 ? named : FILES).find((path) => source.isFile(path));
  if (file === undefined) return undefined;
  const app = file.endsWith(".json")
    ? firstOf(source.readJson(file, { comments: true }))
    : literals(source.read(file) ?? "");
  if (typeof app["script"] !== "string") return undefined;
  const script = app["script"].replace(/^\.\//, "");
  const own = [app["args"] ?? ""].flat().join(" ");
  const runner = /\.[cm]?js$|^[^.]*\//.test(script) ? "node " : /\.[cm]?ts$/.test(script) ? "tsx " : "";
  return `${runner}${script} ${own}`.trim();
}

function firstOf(json: unknown): Record<string, unknown> {
  const apps = (json as { apps?: unknown } | null)?.apps ?? json;
  return ([apps].flat()[0] ?? {}) as Record<string, unknown>;
}

/** Of a program only what stands there as text is known. */
function literals(text: string): Record<string, string> {
  const plain = text.replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, "");
  const value = (name: string) => new RegExp(`\\b${name}["']?\\s*:\\s*["'\`]([^"'\`$]+)["'\`]`).exec(plain)?.[1];
  const found = { script: value("script"), args: value("args") };
  return Object.fromEntries(Object.entries(found).filter((pair): pair is [string, string] => pair[1] !== undefined));
}
