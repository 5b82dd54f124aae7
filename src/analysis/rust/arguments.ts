/** What a Rust program is told on its command line or by its framework, read by name. */
import type { Evaluator } from "../evaluate/evaluator.ts";
import type { CallView } from "../semantics.ts";
import { env, literal, type Value } from "../values.ts";

/** Where Leptos listens: LEPTOS_SITE_ADDR, what its Cargo.toml says, else localhost. */
export function leptosOptions(path: string, view: CallView, evaluator: Evaluator): Value {
  const site = env("LEPTOS_SITE_ADDR", literal(siteOf(view, evaluator) ?? "127.0.0.1:3000"));
  const options: Value = { t: "record", members: new Map([["site_addr", site]]) };
  // `get_config_from_str(include_str!("../Cargo.toml"))` gives the options themselves.
  return path.endsWith("_from_str") ? options : { t: "record", members: new Map([["leptos_options", options]]) };
}

/** `site-addr` of the nearest Cargo.toml that speaks of Leptos. */
function siteOf(view: CallView, evaluator: Evaluator): string | undefined {
  for (let up = 0; up <= view.scope.file.path.split("/").length; up++) {
    const data = evaluator.project.data(`${"../".repeat(up)}Cargo.toml`, view.scope.file) as Cargo | undefined;
    const of = data?.package?.metadata?.leptos ?? data?.workspace?.metadata?.leptos;
    const [settings] = Array.isArray(of) ? of : [of];
    if (settings) return typeof settings["site-addr"] === "string" ? settings["site-addr"] : undefined;
  }
  return undefined;
}

interface Cargo {
  package?: { metadata?: { leptos?: Record<string, unknown> } };
  workspace?: { metadata?: { leptos?: Record<string, unknown> | Record<string, unknown>[] } };
}

/** `matches.get_one::<u16>("port")`: what `Arg::new("port")` says of its default and its variable. */
export function clapArgument(name: string | undefined, view: CallView, evaluator: Evaluator): Value | undefined {
  if (name === undefined || !/^[\w-]+$/.test(name)) return undefined;
  for (const module of evaluator.project.mentioning("Arg", view.scope.file)) {
    // By its name, or by the constant that is it.
    const given = view.call.args[0]?.value;
    const constant = given && view.scope.file.text.slice(given.start, given.end);
    const other = constant && /^\w+$/.test(constant) ? `|${constant}\\b` : "";
    const at = new RegExp(`\\bArg::(?:new|with_name)\\(\\s*(?:"${name}"${other})`).exec(module.text);
    if (!at) continue;
    const body =
      module.text
        .slice(at.index, at.index + 800)
        .split(/\n\s*\)\s*\n|\bArg::(?!new|with_name)|(?<=.)\bArg::(?:new|with_name)/s)[0] ?? "";
    const fallback = /\.default_value\(\s*"([^"]*)"/.exec(body)?.[1];
    const variable = /\.env\(\s*"(\w+)"/.exec(body)?.[1];
    const value: Value = { t: "option", name };
    if (fallback !== undefined) value.default = literal(/^\d+$/.test(fallback) ? Number(fallback) : fallback);
    return variable ? env(variable, value) : value;
  }
  return undefined;
}
