/** What JavaScript's own library and its configuration libraries give. */
import { escaped } from "../../base/escaped.ts";
import { splitAddress } from "../collect.ts";
import type { Evaluator } from "../evaluate/evaluator.ts";
import { format } from "../format.ts";
import { lastName } from "../ir.ts";
import type { SourceModule } from "../scope/scope.ts";
import type { CallView, Semantics } from "../semantics.ts";
import { alternatives, anyOf, ENVIRON, env, literal, textOf, UNKNOWN, type Value, withDefault } from "../values.ts";
import { confidenceKey } from "./confidence.ts";
import { CONFIG_PACKAGE } from "./config-package.ts";
import { effectConfig } from "./effect-config.ts";
import { environmentBySchema } from "./env-schemas.ts";
import { freePort, handedOn } from "./free-port.ts";
import { asInstance, configured, nestKey, registered } from "./nest-config.ts";

export interface ModuleFinder {
  /** The project's file for a specifier, from a file. */
  find(specifier: string, from: string): SourceModule | undefined;
  /** Values of the `config` package's files; undefined when there are none. */
  configKey(key: string): Value | undefined;
}

const IDENTITY = new Set(
  "parseInt Number parseFloat String Number.parseInt Number.parseFloat Promise.resolve Promise.all Object.freeze Object.seal structuredClone JSON.parse JSON.stringify __importDefault __importStar __toESM _interopRequireDefault _interopRequireWildcard _interop_require_default _interop_require_wildcard __toModule tslib.__importDefault tslib.__importStar lodash.cloneDeep lodash.clone lodash.pick lodash.omit lodash.pickBy lodash.omitBy lodash.cloneDeepWith toNumber deep-freeze deep-freeze-strict".split(
    " ",
  ),
);

const COMMAND_LINE =
  /^(yargs|minimist|commander|meow|cac|arg|argparse|optimist|command-line-args|mri|sade|citty|dashdash|nopt|clipanion)\b/;

export function javascriptSemantics(finder: ModuleFinder): Semantics {
  return {
    resolve(module, specifier) {
      const found = finder.find(specifier, module.path);
      return found ? [found] : [];
    },
    externalPath(specifier, imported) {
      const name = specifier.replace(/^node:/, "");
      return imported === undefined || imported === "default" ? name : `${name}.${imported}`;
    },
    value(path, evaluator) {
      // `import config from "config"; config.server.port`
      const named = CONFIG_PACKAGE.exec(path)?.[0].length ?? 0;
      const key = /^(?!(?:get|has|util)$)\w+(?:\.\w+)*$/.exec(named > 0 ? path.slice(named) : "")?.[0];
      const set = key && (finder.configKey(key) ?? configScript(key, finder, evaluator));
      if (set) return set;
      if (/^(globalThis\.)?process\.env$/.test(path) || path === "Bun.env" || path === "Deno.env" || path === "bun.env")
        return ENVIRON;
      if (path === "$env/dynamic/private.env") return ENVIRON;
      if (path.startsWith("$env/static/private.")) return env(path.slice(20));
      if (path === "process.argv" || /^process\.argv\b/.test(path)) return { t: "option", name: "argv" };
      if (path === "undefined" || path === "NaN") return literal(null);
      if (/^(minimist|mri|yargs-parser|getopts|arg|optimist)\(\)\.\w[\w-]*$/.test(path))
        return { t: "option", name: path.slice(path.lastIndexOf(".") + 1) };
      if (COMMAND_LINE.test(path) && /\.(argv|opts\(\)|flags|values|parse\(\))\.?/.test(path))
        return { t: "option", name: path.slice(path.lastIndexOf(".") + 1) };
      return undefined;
    },
    call(path, view, evaluator) {
      return (
        freePort(path, view, evaluator) ??
        environmentBySchema(path, view, evaluator) ??
        confidenceKey(path, view, evaluator) ??
        effectConfig(path, view, evaluator) ??
        javascriptCall(path, view, evaluator, finder)
      );
    },
    handed: handedOn,
    // `app.settings.port` of an application that was handed on: `app.set("port", …)` elsewhere.
    keyed: (path, key, near, evaluator) =>
      path.endsWith("().settings")
        ? setUnder(
            key,
            evaluator.project.matching(new RegExp(`\\.set\\(\\s*["'\`]${escaped(key)}["'\`]`), near),
            evaluator,
          )
        : undefined,
  };
}

function javascriptCall(path: string, view: CallView, evaluator: Evaluator, finder: ModuleFinder): Value | undefined {
  const last = path.slice(path.lastIndexOf(".") + 1);
  if (IDENTITY.has(path)) return view.arg(0);
  if (path === "Object.assign") {
    const values = Array.from({ length: view.count }, (_, i) => view.arg(i));
    if (values.some((v) => v.t === "environ")) return ENVIRON;
    // Of objects that are known, the layers are looked through.
    return values.some((v) => v.t === "object" || v.t === "record" || v.t === "layers") ? undefined : values.at(-1);
  }
  if (path === "Object.fromEntries" || path === "Map") {
    const pairs = view.arg(0);
    const entries =
      pairs.t === "array"
        ? pairs.items.map((p) => [textOf(evaluator.member(p, "0")), evaluator.member(p, "1")] as const)
        : [];
    const members = new Map(entries.flatMap(([k, v]) => (k === undefined ? [] : [[k, v] as const])));
    if (members.size > 0 || path === "Map") return { t: "record", members, rest: UNKNOWN };
  }
  if (path === "isNaN" || path === "Number.isNaN" || path === "!") return UNKNOWN;
  if (path === "util.format") {
    const pattern = textOf(view.arg(0));
    return pattern === undefined
      ? undefined
      : format(
          pattern,
          [1, 2, 3, 4].map((i) => view.arg(i)),
        );
  }
  if (/^(url\.)?URL$/.test(path)) {
    const { host, port } = splitAddress(view.arg(0));
    return {
      t: "record",
      members: new Map([
        ["hostname", host],
        ["port", port],
        ["host", host],
      ]),
      rest: UNKNOWN,
    };
  }
  if (path === "util.parseArgs") return parsedArguments(view, evaluator);
  if (path === "dotenv.config" || path === "dotenv.parse")
    return path === "dotenv.config" ? { t: "record", members: new Map([["parsed", ENVIRON]]) } : ENVIRON;
  if (path === "env-var.get" || path === "env-var.from().get") return named(view.arg(0));
  if (
    /^(@nestjs\/config\.)?ConfigService(\(\))?\.(get|getOrThrow)$/.test(path) ||
    /^@nestjs\/config\.ConfigService/.test(path)
  )
    return last === "get" || last === "getOrThrow" ? nestKey(view, evaluator) : undefined;
  if (/^class-transformer\.plainTo(?:Instance|Class)$/.test(path)) return asInstance(view);
  if (/^nconf\.(get|any|required)$/.test(path)) {
    const usual = nconfDefault(textOf(view.arg(0)) ?? "", view.scope.file, evaluator);
    return usual ? withDefault(configured(view.arg(0)), usual) : configured(view.arg(0));
  }
  // `rc("app", { port: 80 })`: the defaults under what files and variables say.
  if (path === "rc" && view.count > 1) return view.arg(1);
  if (path === "c12.loadConfig" && view.option(0, "defaults").t !== "absent")
    return { t: "record", members: new Map([["config", view.option(0, "defaults")]]), rest: { t: "unknown" } };
  if (CONFIG_PACKAGE.test(path) && /^(get|has)$/.test(path.replace(CONFIG_PACKAGE, ""))) {
    const key = textOf(view.arg(0));
    if (key === undefined) return UNKNOWN;
    const set = finder.configKey(key) ?? configScript(key, finder, evaluator);
    return set ?? (path.startsWith("config.") ? { t: "option", name: key } : undefined);
  }
  if (/^convict\(\)(\..*)?\.(get|getProperties|root)$/.test(path)) return convictKey(view, evaluator);
  // `app.set("port", …)` read back.
  if (last === "get" && view.count === 1) {
    const key = view.arg(0);
    // `app.get(ConfigService)` of Nest's application.
    if (key.t === "ref" && key.path === "@nestjs/config.ConfigService") return key;
    if (key.t === "literal" && typeof key.value === "string")
      return registered(key, view.scope.file, evaluator) ?? settingOf(view, key.value, evaluator);
  }
  if (/^(lodash|ramda)\.(get|pathOr)$/.test(path)) {
    let value = view.arg(0);
    for (const key of (textOf(view.arg(1)) ?? "").split(".").filter(Boolean)) value = evaluator.member(value, key);
    return withDefault(value, view.arg(2));
  }
  return undefined;
}

/** `parseArgs({ options: { port: { default: … } } }).values.port`. */
function parsedArguments(view: CallView, evaluator: Evaluator): Value {
  const options = view.option(0, "options");
  const members = new Map<string, Value>();
  if (options.t === "object")
    for (const e of options.expr.entries) {
      if (!e.key) continue;
      const fallback = evaluator.member(evaluator.eval(e.value, options.scope, options.frame), "default");
      members.set(e.key, {
        t: "option",
        name: `--${e.key}`,
        ...(fallback.t === "absent" ? {} : { default: fallback }),
      });
    }
  return { t: "record", members: new Map([["values", { t: "record", members, rest: UNKNOWN }]]), rest: UNKNOWN };
}

function named(key: Value): Value {
  return anyOf(
    alternatives(key).map((k) => (k.t === "literal" && typeof k.value === "string" ? env(k.value) : UNKNOWN)),
  );
}

/** The same from files of code: `config/default.js`, and what `config/production.js` lays over it. */
function configScript(key: string, finder: ModuleFinder, evaluator: Evaluator): Value | undefined {
  const said = ["default", "production"].flatMap((name) => {
    const module = finder.find(`./config/${name}`, "package.json");
    if (!module) return [];
    const value = key.split(".").reduce<Value>((v, part) => evaluator.member(v, part), { t: "module", module });
    return value.t === "absent" || value.t === "unknown" ? [] : [value];
  });
  return said.length > 0 ? anyOf(said) : undefined;
}

/** `nconf.argv().env().defaults({ http: { port: 80 } })`, read as `http:port`. */
function nconfDefault(key: string, near: SourceModule, evaluator: Evaluator): Value | undefined {
  for (const module of evaluator.project.matching(/\.defaults\(\s*[{\w]/, near))
    for (const { call, scope } of module.calls) {
      if (lastName(call.callee) !== "defaults" || !call.args[0]) continue;
      let value = evaluator.eval(call.args[0].value, scope);
      for (const part of key.split(":")) value = evaluator.member(value, part);
      if (value.t !== "absent" && value.t !== "unknown" && value.t !== "ref") return value;
    }
  return undefined;
}

function settingOf(view: CallView, key: string, evaluator: Evaluator): Value | undefined {
  // Here, and where the application was made.
  const { receiver } = view;
  const files = [view.scope.file, ...(receiver.t === "ref" && receiver.call ? [receiver.call.scope.file] : [])];
  return setUnder(key, files, evaluator);
}

/** What the calls `app.set("port", …)` of some files give. */
function setUnder(key: string, files: readonly SourceModule[], evaluator: Evaluator): Value | undefined {
  const values: Value[] = [];
  for (const file of new Set(files))
    for (const { call, scope } of file.calls) {
      const { callee, args } = call;
      if (callee.kind !== "member" || callee.property !== "set" || args.length < 2) continue;
      const first = args[0]?.value;
      if (first?.kind === "literal" && first.value === key) values.push(evaluator.eval(args[1]?.value, scope));
    }
  return values.length ? anyOf(values) : undefined;
}

/** `convict({port: {env: "PORT", default: 8080}}).get("port")`. */
function convictKey(view: CallView, evaluator: Evaluator): Value {
  const key = view.count === 0 ? "" : textOf(view.arg(0));
  let made: Value = view.receiver;
  while (made.t === "ref" && made.path !== "convict()" && made.receiver) made = made.receiver;
  if (key === undefined || made.t !== "ref" || !made.call) return { t: "derived", of: [ENVIRON] };
  let schema = evaluator.eval(made.call.call.args[0]?.value, made.call.scope, made.call.frame);
  for (const part of key.split(".").filter(Boolean)) schema = evaluator.member(schema, part);
  // `config.loadFile("./production.json")`: what is in there goes before what the schema says, where it says anything.
  const isLoaded = /\.load(?:File)?\((?!\s*[[{]\s*[\]}])/.test(made.call.scope.file.text);
  return convictValue(schema, key, evaluator, isLoaded);
}

/** `default: "127.0.0.1"`; the first versions wrote `format: 'string = "127.0.0.1"'`. */
function convictDefault(schema: Value, evaluator: Evaluator): Value {
  const given = evaluator.member(schema, "default");
  const format = given.t === "absent" ? textOf(evaluator.member(schema, "format")) : undefined;
  const written = /=\s*(?:"([^"]*)"|(\d+))\s*$/.exec(format ?? "");
  return written ? literal(written[1] ?? Number(written[2])) : given;
}

/** A key with its variable and its default, or a group of keys. */
function convictValue(schema: Value, key: string, evaluator: Evaluator, isLoaded: boolean): Value {
  const name = textOf(evaluator.member(schema, "env"));
  const usual = convictDefault(schema, evaluator);
  const given = usual.t === "literal" || usual.t === "env";
  const fallback: Value = isLoaded && given ? { t: "option", name: key, default: usual, open: true } : usual;
  if (name) return isLoaded && !given ? env(name) : env(name, fallback);
  if (usual.t === "literal" && !isLoaded) return { t: "option", name: key, default: usual };
  const group = schema.t === "object" ? schema.expr.entries.map((e) => e.key) : [];
  if (group.length === 0 || group.includes("format") || group.some((k) => k === undefined))
    return { t: "derived", of: [ENVIRON] };
  const members = group.map((k = ""): [string, Value] => [
    k,
    convictValue(evaluator.member(schema, k), key ? `${key}.${k}` : k, evaluator, isLoaded),
  ]);
  return { t: "record", members: new Map(members) };
}
