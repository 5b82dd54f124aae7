/** Settings of Java programs: options and values by annotation, properties and HOCON that lie beside the code. */
import { readHocon } from "../config/hocon.ts";
import { readProperties } from "../config/properties.ts";
import { WHERE } from "../declared-options.ts";
import type { Evaluator } from "../evaluate.ts";
import { lastName } from "../ir.ts";
import type { ModuleFinder } from "../languages.ts";
import { leftOut } from "../project.ts";
import type { Scope } from "../scope.ts";
import type { CallView } from "../semantics.ts";
import { env, literal, textOf, type Value } from "../values.ts";

/** `@Option(names = "--host", defaultValue = "localhost")`, `@Value("${server.host:localhost}")` on a field. */
export function classField(scope: Scope, name: string, evaluator: Evaluator): Value | undefined {
  const member = scope.class?.members.find((m) => m.name === name && !m.fn);
  for (const d of member?.decorators ?? []) {
    if (d.kind !== "call") continue;
    const kind = lastName(d.callee) ?? "";
    const of = (key: string): Value | undefined => {
      const given = d.args.find((a) => a.name === key)?.value;
      return given && evaluator.eval(given, scope);
    };
    if (/^(Option|Parameters?|ConfigProperty|DefaultValue|Property|RequestParam)$/.test(kind)) {
      const fallback =
        of("defaultValue") ?? (kind === "DefaultValue" ? evaluator.eval(d.args[0]?.value, scope) : undefined);
      if (fallback) return { t: "option", name: textOf(of("name")) ?? name, default: filledIn(fallback) };
    }
    // `@Config(defaultVal = "http://127.0.0.1:8080")`, of whatever library; what describes JSON or an API sets nothing.
    const usual = /^(?:Json|Xml|Schema|Api)/.test(kind)
      ? undefined
      : d.args.find((a) => /^default(?:Val(?:ue)?)?$/.test(a.name ?? ""))?.value;
    const written = usual && evaluator.eval(usual, scope);
    if (written && textOf(written) !== undefined) return { t: "option", name, default: filledIn(written), open: true };
    const text = kind === "Value" ? textOf(evaluator.eval(d.args[0]?.value, scope)) : undefined;
    if (text !== undefined && /[$#]\{.*:/.test(text)) return filledIn(literal(text));
  }
  return undefined;
}

/** `${HOST:localhost}`, as Spring and picocli fill it in. */
function filledIn(v: Value): Value {
  const text = textOf(v);
  const m = /^\$\{(?:env:|sys:)?([\w.-]+):-?([^${}]*)\}$/.exec(text ?? "");
  if (!m) return v;
  const [, name = "", fallback = ""] = m;
  return /^[A-Z][A-Z0-9_]*$/.test(name)
    ? env(name, literal(fallback))
    : { t: "option", name, default: literal(fallback) };
}

type Settings = (key: string) => string | undefined;

/** The program's own files of settings, by whole keys. */
export function settingsReader(finder: ModuleFinder): Settings {
  let all: Map<string, string> | undefined;
  return (key) => {
    if (!all) {
      all = new Map();
      for (const path of finder.paths) {
        if (!/\.(properties|conf)$/.test(path) || leftOut(path) || /(^|\/)(gradle|target|build)\b/.test(path)) continue;
        const text = finder.text(path) ?? "";
        const found: Iterable<[string, string]> = path.endsWith(".conf")
          ? [...readHocon(text)].map(([k, v]) => [k, v[0] ?? ""] as [string, string])
          : [...readProperties(path, text)].map(([k, v]) => [k, v.value] as [string, string]);
        for (const [k, v] of found) if (!all.has(k)) all.set(k, v);
      }
    }
    return all.get(key);
  };
}

const READS = /\.(getProperty|getString|getInt|getInteger|getValue|getOptionalValue)$/;

/** `properties.getProperty("server.host")`, `config.getString("http.host")` of a library: what the program's own file says. */
export function ownSetting(path: string, view: CallView, settings: Settings): Value | undefined {
  if (!READS.test(path)) return undefined;
  const key = textOf(view.arg(0));
  if (key === undefined || !WHERE.test(key) || !/^[\w.-]+$/.test(key)) return undefined;
  const written = settings(key);
  const given = view.count > 1 ? view.arg(1) : undefined;
  const fallback = written !== undefined && !written.includes("$") ? literal(written) : given;
  const useful = fallback?.t === "literal" || fallback?.t === "option" || fallback?.t === "env";
  return useful ? { t: "option", name: key, default: fallback, open: true } : undefined;
}
