/** Settings of Java programs: options and values by annotation, properties and HOCON that lie beside the code. */
import { readHocon } from "../config/hocon.ts";
import { readProperties, readYaml } from "../config/properties.ts";
import type { Evaluator } from "../evaluate/evaluator.ts";
import { lastName } from "../ir.ts";
import type { ModuleFinder } from "../languages.ts";
import { leftOut } from "../project.ts";
import type { Scope } from "../scope/scope.ts";
import type { CallView } from "../semantics.ts";
import { ABSENT, env, literal, textOf, type Value } from "../values.ts";

/** `@Option(names = "--host", defaultValue = "localhost")`, `@Value("${server.host:localhost}")` on a field. */
export function classField(scope: Scope, name: string, evaluator: Evaluator, settings: Settings): Value | undefined {
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
      // JCommander, args4j and picocli leave the field what it is written with: `@Parameter(names = "--port") int port = 7070`.
      const called = of("names") ?? of("name");
      const written = called && /^(Option|Parameter)$/.test(kind) && member?.value;
      if (written) return { t: "option", name: flagOf(called) ?? name, default: evaluator.eval(written, scope) };
    }
    // `@Config(defaultVal = "http://127.0.0.1:8080")`, of whatever library; what describes JSON or an API sets nothing.
    const usual = /^(?:Json|Xml|Schema|Api)/.test(kind)
      ? undefined
      : d.args.find((a) => /^default(?:Val(?:ue)?)?$/.test(a.name ?? ""))?.value;
    const written = usual && evaluator.eval(usual, scope);
    if (written && textOf(written) !== undefined) return { t: "option", name, default: filledIn(written), open: true };
    const text = kind === "Value" ? textOf(evaluator.eval(d.args[0]?.value, scope)) : undefined;
    if (text !== undefined && /[$#]\{.*:/.test(text)) return filledIn(literal(text));
    const key = /^\$\{([\w.-]+)\}$/.exec(text ?? "")?.[1];
    const said = key === undefined ? undefined : settings(key);
    if (key !== undefined && said !== undefined) return { t: "option", name: key, default: filledIn(literal(said)) };
  }
  return undefined;
}

/** The flag in full: `"--port"`, of `{"-p", "--port"}` the longest. */
function flagOf(called: Value): string | undefined {
  const all = (called.t === "array" ? called.items : [called]).flatMap((v) => textOf(v) ?? []);
  return all.sort((a, b) => b.length - a.length)[0];
}

/** `@ConfigurationProperties(prefix = "relay")` on a class: its fields are filled with the program's own settings. */
export function groupedField(scope: Scope, name: string, settings: Settings): Value | undefined {
  const found = scope.class?.decorators.find(
    (d) =>
      d.kind === "call" && /^(ConfigurationProperties|ConfigProperties|ConfigMapping)$/.test(lastName(d.callee) ?? ""),
  );
  const given =
    found?.kind === "call" ? found.args.find((a) => /^(|prefix|value)$/.test(a.name ?? ""))?.value : undefined;
  if (given?.kind !== "literal") return undefined;
  const dashed = name.replace(/[A-Z]/g, (c) => `-${c.toLowerCase()}`);
  const said = [name, dashed].map((key) => settings(`${given.value}.${key}`)).find((v) => v !== undefined);
  return said === undefined ? undefined : { t: "option", name, default: filledIn(literal(said)), open: true };
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

/** @param within the key may stand in sections of which nothing is known, where all of them say the same */
export type Settings = (key: string, within?: boolean) => string | undefined;

/** The program's own files of settings, by whole keys. */
export function settingsReader(finder: ModuleFinder): Settings {
  let all: Map<string, string> | undefined;
  return (key, within) => {
    if (!all) {
      all = new Map();
      for (const path of finder.paths) {
        if (!SETTINGS.test(path) || leftOut(path) || /(^|\/)(gradle|target|build)\b/.test(path)) continue;
        const text = finder.text(path) ?? "";
        const found: Iterable<[string, string]> = path.endsWith(".conf")
          ? [...readHocon(text)].map(([k, v]) => [k, v[0] ?? ""] as [string, string])
          : (path.endsWith(".properties") ? [readProperties(path, text)] : readYaml(path, text).slice(0, 1)).flatMap(
              (all) => [...all].map(([k, v]) => [k, v.value] as [string, string]),
            );
        for (const [k, v] of found) if (!all.has(k)) all.set(k, v);
      }
    }
    if (!within || all.has(key)) return all.get(key);
    const values = new Set([...all].flatMap(([k, v]) => (k.endsWith(`.${key}`) ? [v] : [])));
    return values.size === 1 ? [...values][0] : undefined;
  };
}

/** Of YAML only what frameworks read by themselves: Spring and its kin, and Bukkit what its plug-in ships. */
const SETTINGS = /\.(properties|conf)$|(^|\/)(application|bootstrap)\.ya?ml$|(^|\/)src\/main\/resources\/config\.yml$/;
const READS = /\.(getProperty|getString|getInt|getInteger|getValue|getOptionalValue)$/;

/** `properties.getProperty("server.host")`, `config.getString("http.host")` of a library: what the program's own file says. */
export function ownSetting(path: string, view: CallView, settings: Settings, evaluator: Evaluator): Value | undefined {
  if (!READS.test(path)) return undefined;
  const own = textOf(view.arg(0));
  const key = own === undefined ? undefined : sectionOf(view, evaluator) + own;
  if (key === undefined || !/host|port$|addr|bind|listen|interface|^ip$/i.test(key) || !/^[\w.-]+$/.test(key))
    return undefined;
  // Settings that are handed on in parts: `Config bind = server.getConfig("bind")`, whatever `server` is.
  const written = settings(key, key !== own);
  const given = view.count > 1 ? view.arg(1) : givenInCode(own as string, view, evaluator);
  const fallback = written !== undefined && !written.includes("$") ? literal(written) : given;
  const useful = fallback?.t === "literal" || fallback?.t === "option" || fallback?.t === "env";
  return useful ? { t: "option", name: key, default: fallback, open: true } : undefined;
}

/** `ConfigFactory.load().getConfig("app.http")`: the keys that are read of it stand in that section. */
function sectionOf({ receiver }: CallView, evaluator: Evaluator): string {
  let section = "";
  for (let v = receiver, i = 0; v.t === "ref" && v.call && i < 4; i++) {
    const { call, scope, frame } = v.call;
    const name = lastName(call.callee) === "getConfig" ? textOf(evaluator.eval(call.args[0]?.value, scope, frame)) : "";
    if (name) section = `${name}.${section}`;
    v = v.receiver ?? ABSENT;
  }
  return section;
}

/** `defaults.setProperty("host", "localhost")`, in the file that reads the key. */
function givenInCode(key: string, { scope }: CallView, evaluator: Evaluator): Value | undefined {
  const sets = scope.file.calls.filter(
    ({ call: { callee, args } }) =>
      /^(setProperty|putIfAbsent|setDefault)$/.test(lastName(callee) ?? "") &&
      args.length === 2 &&
      args[0]?.value.kind === "literal" &&
      args[0].value.value === key,
  );
  const [only] = sets;
  return only && sets.length === 1 ? evaluator.eval(only.call.args[1]?.value, only.scope) : undefined;
}
