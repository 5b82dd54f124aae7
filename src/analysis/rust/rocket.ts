/** Rocket starts itself, on 127.0.0.1:8000 or what ROCKET_PORT, Rocket.toml and the configuration of the program say. */
import { type FactSink, factValues, place, quote } from "../collect.ts";
import type { Evaluator } from "../evaluate/evaluator.ts";
import { type Expr, lastName } from "../ir.ts";
import type { SourceModule } from "../scope/scope.ts";
import { alternatives, anyOf, env, literal, textOf, UNKNOWN, type Value } from "../values.ts";

const PORT = literal(8000);
const LOCAL = literal("127.0.0.1");

/** What a configuration holds before something of it is assigned. */
const DEFAULTS: Value = {
  t: "record",
  members: new Map([
    ["port", PORT],
    ["address", LOCAL],
  ]),
  rest: UNKNOWN,
};

/** `Config::release_default()` and its kin: the same for all of them. */
export function rocketDefaults(path: string): Value | undefined {
  return /(^|\.)rocket(\.\w+)*\.Config\.(default|release_default|debug_default)$/.test(path) ? DEFAULTS : undefined;
}

export function rocketFacts(module: SourceModule, evaluator: Evaluator, sink: FactSink): void {
  for (const c of module.calls) {
    const path = module.text.slice(c.call.callee.start, c.call.callee.end);
    if (!/^rocket::(build|ignite|custom)$/.test(path)) continue;
    const custom = path.endsWith("custom") ? evaluator.query(c.call.args[0]?.value, c.scope) : undefined;
    const setting = (key: string, variable: string, usual: Value): Value =>
      custom
        ? anyOf(alternatives(custom).map((v) => configured(v, key, variable, usual, evaluator)))
        : env(variable, usual);
    sink.listeners.push({
      framework: "Rocket",
      protocol: "http",
      port: factValues(setting("port", "ROCKET_PORT", PORT)),
      host: factValues(setting("address", "ROCKET_ADDRESS", LOCAL)),
      defaults: { port: 8000, host: "localhost" },
      place: place(module, c.call),
      reach: { conditions: [], env: [], development: false },
      evidence: [quote(module, c.call)],
      handlesSigterm: true,
    });
  }
}

/** What `rocket::custom` is given says of one key. */
function configured(custom: Value, key: string, variable: string, usual: Value, evaluator: Evaluator): Value {
  if (custom.t === "record") return evaluator.member(custom, key);
  if (custom.t === "object") return isOverDefaults(custom, key, evaluator) ? usual : evaluator.member(custom, key);
  const merged = figmentKeys(custom, evaluator);
  return merged ? (merged.get(key) ?? env(variable, usual)) : UNKNOWN;
}

/** `Config { port, ..Default::default() }`: a key that is not among those written. */
function isOverDefaults({ expr, scope }: Value & { t: "object" }, key: string, evaluator: Evaluator): boolean {
  const usual = (e: Expr): boolean => {
    const value = evaluator.query(e, scope);
    return value.t === "record" || (value.t === "ref" && /(^|\.)Default(\.default)?\(\)$/.test(value.path));
  };
  return expr.entries.every((e) => (e.spread ? usual(e.value) : e.key !== undefined && e.key !== key));
}

/**
 * `Config::figment().merge(("port", port))`: what is merged over Rocket's defaults; `Config::build(mode).port(port)`: what
 * it is built with. Undefined for other values.
 */
function figmentKeys(value: Value, evaluator: Evaluator): Map<string, Value> | undefined {
  const keys = new Map<string, Value>();
  let v: Value = value;
  for (let i = 0; i < 20 && v.t === "ref"; i++) {
    if (/(^|\.)(Config\.figment|Figment\.(from|new))\(\)$/.test(v.path)) return keys;
    // Before it knew of figments it took all interfaces but for development.
    const built = /(^|\.)Config\.(build|development|staging|production)\(\)$/.exec(v.path)?.[2];
    if (built) {
      const asked = v.call?.call.args[0]?.value;
      const mode = (built === "build" ? asked && lastName(asked) : built) ?? "";
      const known = /^(development|staging|production)$/i.test(mode);
      const usual = /^dev/i.test(mode) ? LOCAL : known ? literal("0.0.0.0") : UNKNOWN;
      return new Map([["address", usual], ["port", PORT], ...keys]);
    }
    const made = v.call;
    const given = made?.call.args[0]?.value;
    const method = /\.(merge|port|address)\(\)$/.exec(v.path)?.[1];
    if (made && given && method === "merge") {
      const pair = evaluator.query(given, made.scope, made.frame);
      const name = pair.t === "array" ? textOf(pair.items[0]) : undefined;
      if (pair.t === "array" && name !== undefined && !keys.has(name)) keys.set(name, pair.items[1] ?? UNKNOWN);
      else if (name === undefined) return undefined;
    } else if (made && given && method && !keys.has(method))
      keys.set(method, evaluator.query(given, made.scope, made.frame));
    v = v.receiver ?? UNKNOWN;
  }
  return undefined;
}
