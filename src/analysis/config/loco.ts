/** Loco, in Rust, listens where the settings of its environment say: `config/development.yaml`, unless LOCO_ENV names another. */
import type { FactSink } from "../collect.ts";
import { emptyReach, type FactValue, literalFact, type StartCommand } from "../facts.ts";
import { leftOut } from "../project.ts";

const DEPENDS = /^[ \t]*loco-rs[ \t]*[=.]|^\[(?:workspace\.)?dependencies\.loco-rs\]/m;
/** What stands under `server:`. */
const SECTION = /^server:[ \t]*(?:#.*)?\n((?:[ \t]+.*(?:\n|$)|[ \t]*(?:#.*)?\n)*)/m;

export function loco(
  texts: ReadonlyMap<string, string>,
  imageEnv: Readonly<Record<string, string>>,
  commands: readonly StartCommand[],
  sink: FactSink,
): void {
  const words = commands.flatMap((c) => c.words);
  const environment =
    option(words, /^(?:-e|--environment)$/) ??
    imageEnv["LOCO_ENV"] ??
    imageEnv["RAILS_ENV"] ??
    imageEnv["NODE_ENV"] ??
    "development";
  const told = option(words, /^(?:-b|--binding)$/);
  for (const [manifest, dependencies] of texts) {
    if (!/(^|\/)Cargo\.toml$/.test(manifest) || leftOut(manifest) || !DEPENDS.test(dependencies)) continue;
    const path = manifest.replace(/Cargo\.toml$/, `config/${environment}.yaml`);
    const text = texts.get(path);
    const section = text && SECTION.exec(text);
    if (!text || !section) continue;
    const start = section.index;
    sink.listeners.push({
      framework: "Loco",
      protocol: "http",
      port: said("port", section[1] as string),
      host: told ? [literalFact(told)] : said("binding", section[1] as string),
      defaults: { host: "localhost" },
      place: { file: path, start, end: start + "server:".length },
      reach: emptyReach(),
      evidence: [`${path}: server`],
      handlesSigterm: true,
    });
  }
}

/** What follows a flag, or stands behind its `=`. */
function option(words: readonly string[], flag: RegExp): string | undefined {
  const at = words.findIndex((w) => flag.test(w.replace(/=.*$/s, "")));
  const word = words[at];
  return word === undefined ? undefined : (/=(.+)$/s.exec(word)?.[1] ?? words[at + 1]);
}

/** `port: {{ get_env(name="PORT", default="5150") }}`, or what stands there plainly. */
function said(key: string, section: string): FactValue[] {
  const given = new RegExp(`^[ \\t]+${key}:[ \\t]*(.+?)[ \\t]*(?:#.*)?$`, "m").exec(section)?.[1];
  if (given === undefined) return [{ kind: "absent" }];
  const name = /\bget_env\([^)]*\bname\s*=\s*"(\w+)"/.exec(given)?.[1];
  if (name === undefined)
    return given.includes("{{") ? [{ kind: "unknown" }] : [literalFact(given.replace(/^["']|["']$/g, ""))];
  const usual = /\bdefault\s*=\s*"?([^",)]+)/.exec(given)?.[1];
  return [{ kind: "env", name, ...(usual === undefined ? {} : { fallback: [literalFact(usual)] }) }];
}
