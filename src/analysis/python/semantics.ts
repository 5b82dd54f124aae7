/** What Python's own library and its configuration libraries give. */

import { namespaceOf } from "../call-views.ts";
import type { Evaluator } from "../evaluate/evaluator.ts";
import { imported } from "../evaluate/imports.ts";
import { type Expr, lastName } from "../ir.ts";
import { leftOut } from "../project.ts";
import type { Scope, SourceModule } from "../scope/scope.ts";
import type { CallView, Semantics } from "../semantics.ts";
import {
  ABSENT,
  alternatives,
  anyOf,
  ENVIRON,
  env,
  textOf,
  UNKNOWN,
  usualText,
  type Value,
  variableOf,
  withDefault,
} from "../values.ts";
import { superclass } from "./bases.ts";
import { clickKeywords, clickParam, commandLine, withEnvvar } from "./command-line.ts";
import { dynaconfSettings } from "./dynaconf.ts";
import { parsedSections } from "./ini.ts";
import { findModule } from "./modules.ts";
import { broughtFrom, starred } from "./stars.ts";

export interface PythonFinder {
  module(path: string): SourceModule | undefined;
  has(path: string): boolean;
}

const IDENTITY = new Set(
  "int str float bool list tuple dict vars os.path.expandvars os.fspath pathlib.Path copy.copy copy.deepcopy shlex.split ipaddress.ip_address ipaddress.IPv4Address ipaddress.IPv6Address".split(
    " ",
  ),
);

export function pythonSemantics(finder: PythonFinder): Semantics {
  const paths = new Map<string, string | undefined>();
  const resolve: Semantics["resolve"] = (module, specifier) => {
    const key = `${module.path.slice(0, module.path.lastIndexOf("/") + 1)} ${specifier}`;
    if (!paths.has(key)) paths.set(key, findModule(specifier, module.path, finder.has));
    const path = paths.get(key);
    const found = path && leftOut(path) !== "vendored" && finder.module(path);
    return found ? [found] : [];
  };
  return {
    resolve,
    siblings: (module, name) => starred(module, name, resolve),
    unresolved(name, module) {
      const path = broughtFrom(name, module);
      return path === undefined ? undefined : { t: "ref", path, file: module };
    },
    externalPath(specifier, imported) {
      // `from thirdparty.bottle.bottle import run`: a copy that the program carries along.
      // `from six.moves.BaseHTTPServer import HTTPServer`: the same in Python 2 and 3.
      const name = specifier
        .replace(/^.*\bbottle$/, "bottle")
        .replace(/^(?:six|future)\.(?:moves|backports)\.(?:xmlrpc_server\b)?/, (m) =>
          m.endsWith("server") ? "xmlrpc.server" : "",
        );
      return imported === undefined ? name : `${name}.${imported}`;
    },
    value(path) {
      if (path === "os.environ" || path === "os.environb") return ENVIRON;
      if (path === "sys.argv") return { t: "option", name: "argv" };
      if (path === "None") return { t: "literal", value: null };
      if (/^tornado\.options\.options\.\w+$/.test(path))
        return { t: "option", name: path.slice(path.lastIndexOf(".") + 1) };
      return undefined;
    },
    call: pythonCall,
    classField,
    param: clickParam,
    keywords: clickKeywords,
  };
}

function pythonCall(path: string, view: CallView, evaluator: Evaluator): Value | undefined {
  if (path === "dict" && view.call.args.some((a) => a.name !== undefined)) {
    const names = view.call.args.flatMap((a) => a.name ?? []);
    return { t: "record", members: new Map(names.map((n) => [n, view.named(n)])) };
  }
  // `SimpleNamespace(**settings)`, `Box(settings)`: what is read by its name is what the dictionary holds.
  if (/(^|\.)(SimpleNamespace|Namespace|Box|Munch|AttrDict|DotDict|EasyDict|DotMap|OmegaConf\.create)$/.test(path))
    return namespaceOf(view, evaluator);
  if (path.endsWith("NamedTuple._make") && view.call.callee.kind === "member") {
    const made = evaluator.eval(view.call.callee.object, view.scope);
    return made.t === "class" ? namedTuple(made.scope, view.arg(0), evaluator) : undefined;
  }
  // `Settings.model_validate(yaml.safe_load(text))`
  if (
    /(^|\.)Base(Model|Settings)\.(model_validate\w*|parse_(obj|raw|file))$/.test(path) &&
    view.call.callee.kind === "member"
  ) {
    const made = evaluator.eval(view.call.callee.object, view.scope);
    if (made.t === "class") return filledWith({ t: "instance", scope: made.scope, frame: undefined }, evaluator);
  }
  if (path === "collections.namedtuple()") return collectionsTuple(view, evaluator);
  if (IDENTITY.has(path)) return view.arg(0);
  // The first map that has a key counts; of the environment's nobody knows which it has.
  if (path === "collections.ChainMap") {
    const maps = view.call.args.map((_, i) => view.arg(i)).filter((m) => m.t !== "environ");
    return { t: "layers", of: maps.reverse() };
  }
  // `run(**asdict(options))`, `run(**settings.model_dump())`
  if (/^(dataclasses|attrs?)\.asdict$/.test(path)) return view.arg(0);
  if (/\.(model_dump|dict|_asdict)$/.test(path) && view.call.callee.kind === "member") {
    const made = evaluator.eval(view.call.callee.object, view.scope);
    if (made.t === "instance" || made.t === "layers") return made;
  }
  // `dataclasses.replace(settings, debug=True)`
  if (/^(dataclasses\.replace|attrs?\.(evolve|assoc))$/.test(path)) return replaced(view.arg(0), view);
  if (/(^|\.)NamedTuple\._replace$/.test(path) && view.call.callee.kind === "member")
    return replaced(evaluator.eval(view.call.callee.object, view.scope), view);
  if (/^configparser\.\w*ConfigParser$/.test(path)) return parsedSections(view, evaluator);
  if (path === "typing.cast") return view.arg(1);
  if (/^(gevent\.|eventlet\.green\.)?socket\.getaddrinfo$/.test(path)) return addressesOf(view.arg(0), view.arg(1));
  // `import_module(os.environ.get("SETTINGS_MODULE", "app.settings.base"))`: the one that is read while nobody names another.
  if (path === "importlib.import_module")
    return imported(evaluator, view.scope.file, usualText(view.arg(0)), undefined);
  if (path === "super") return superclass(view.scope, evaluator);
  const last = path.slice(path.lastIndexOf(".") + 1);
  if (path === "os.getenv" || path === "os.environ.get")
    return variableOf(view.arg(0), given(view.arg(1), view.named("default")));
  if (path === "getattr") {
    const names = alternatives(view.arg(1)).map((name) => evaluator.member(view.arg(0), textOf(name) ?? "?"));
    return withDefault(anyOf(names), view.arg(2));
  }
  if (path === "dotenv.dotenv_values") return ENVIRON;
  // environs, django-environ, starlette, decouple: `env.int("PORT", default=8080)`.
  if (/^(environs|environ)\.(Env|FileAwareEnv)(\(\))?(\.\w+)?$/.test(path) && !/\.(Env|FileAwareEnv)$/.test(path)) {
    if (/\.(read_env|read_envfile|prefixed|seal)$/.test(path)) return undefined;
    return variableOf(view.arg(0), given(view.arg(1), view.named("default")));
  }
  if (/^(decouple\.(config|AutoConfig\(\)|Config\(\))|prettyconf\.config)$/.test(path))
    return variableOf(view.arg(0), view.named("default"));
  if (/^starlette\.config\.Config\(\)$/.test(path))
    return variableOf(view.arg(0), given(view.named("default"), view.arg(2)));
  if (
    /^(argparse\.ArgumentParser|configargparse\.\w+|argparse)(\(\))?(\.\w+\(\))*\.(parse_args|parse_intermixed_args)$/.test(
      path,
    )
  )
    return commandLine(view, evaluator);
  // These give them beside what is left.
  if (
    /^(optparse\.OptionParser\(\)\.parse_args|(argparse\.ArgumentParser|configargparse\.\w+|argparse)(\(\))?(\.\w+\(\))*\.parse_known(_intermixed)?_args)$/.test(
      path,
    )
  )
    return { t: "array", items: [commandLine(view, evaluator), { t: "array", items: [] }] };
  if (/^(typer|click)\.(Option|Argument)$/.test(path))
    return withEnvvar(view.named("envvar"), {
      t: "option",
      name: "option",
      default: given(view.arg(0), view.named("default")),
    });
  if (/^absl\.flags\.DEFINE_\w+$/.test(path))
    return {
      t: "record",
      members: new Map([["value", { t: "option", name: textOf(view.arg(0)) ?? "option", default: view.arg(1) }]]),
    };
  if (path === "pydantic.Field" || path === "pydantic.fields.Field")
    return withEnvvar(
      given(view.named("env"), view.named("validation_alias"), view.named("alias")),
      given(view.arg(0), view.named("default"), fromFactory(view, evaluator)),
    );
  if (path === "dataclasses.field") return given(fromFactory(view, evaluator), view.named("default"));
  const settings = dynaconfSettings(path, view, evaluator);
  if (settings) return settings;
  const filled = filledClass(last, view, evaluator);
  if (filled) return filled;
  if (/^tornado\.options\.(define|parse_command_line)$/.test(path)) return undefined;
  return undefined;
}

/** `socket.getaddrinfo(host, port)[0][-1]`: of each way to get there, the address stands last. */
function addressesOf(host: Value, port: Value): Value {
  const address: Value = { t: "array", items: [host, port] };
  return { t: "array", items: [{ t: "array", items: [UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, address] }] };
}

/** `tyro.cli(Args)`, `OmegaConf.structured(Config)`, `cattrs.structure(data, Config)`: a class, with what it says by itself. */
function filledClass(last: string, view: CallView, evaluator: Evaluator): Value | undefined {
  if (
    !/^(cli|parse|parse_args|structured|structure|from_dict|convert|load|decode|validate|instantiate|CLI)$/.test(last)
  )
    return undefined;
  const given = [0, 1].map((i) => view.arg(i)).find((v) => v.t === "class" && v.class.members.some((m) => !m.fn));
  if (given?.t !== "class") return undefined;
  const made: Value = { t: "instance", scope: given.scope, frame: undefined };
  return /^(cli|CLI|parse_args|structured)$/.test(last) ? made : filledWith(made, evaluator);
}

/** An object that data of a file or a request is filled into: any field may be another than it is by itself. */
function filledWith(made: Value & { t: "instance" }, evaluator: Evaluator, depth = 0): Value {
  const members = new Map<string, Value>();
  const self: Value = { t: "record", members, rest: UNKNOWN };
  for (const { name, fn } of made.scope.class?.members ?? []) {
    if (fn) {
      if (!fn.decorators?.length) members.set(name, { t: "function", fn, scope: made.scope, self });
      continue;
    }
    const usual = evaluator.member(made, name);
    if (usual.t === "instance" && depth < 3) members.set(name, filledWith(usual, evaluator, depth + 1));
    else if (usual.t === "absent" || usual.t === "unknown") members.set(name, { t: "option", name });
    else members.set(name, usual.t === "env" ? usual : { t: "option", name, default: usual, open: true });
  }
  return self;
}

/** An object with some of its members given anew. */
function replaced(object: Value, { call, named }: CallView): Value {
  const given = call.args.flatMap((a): [string, Value][] => (a.name === undefined ? [] : [[a.name, named(a.name)]]));
  return { t: "layers", of: [object, { t: "record", members: new Map(given) }] };
}

/** `Address._make(pair)`: the items of a list by the names of the class's fields. */
function namedTuple(cls: Scope, list: Value, evaluator: Evaluator): Value {
  const fields = (cls.class?.members ?? []).filter((m) => !m.fn);
  return {
    t: "record",
    members: new Map(fields.map(({ name }, i) => [name, evaluator.member(list, String(i))])),
    rest: UNKNOWN,
  };
}

/** `Address = namedtuple("Address", ["host", "port"])`, called: its fields by name, given by name or by place. */
function collectionsTuple(view: CallView, evaluator: Evaluator): Value | undefined {
  const made = evaluator.eval(view.call.callee, view.scope);
  if (made.t !== "ref" || !made.call) return undefined;
  const { call, scope, frame } = made.call;
  const fields = evaluator.eval(call.args.filter((a) => a.name === undefined)[1]?.value, scope, frame);
  const names =
    fields.t === "array" ? fields.items.map((f) => textOf(f) ?? "") : (textOf(fields) ?? "").split(/[\s,]+/);
  const given = view.call.args.some((a) => a.spread)
    ? []
    : names.map((name, i): [string, Value] => {
        const named = view.named(name);
        return [name, named.t === "absent" ? view.arg(i) : named];
      });
  return { t: "record", members: new Map(given.filter(([, v]) => v.t !== "absent")), rest: UNKNOWN };
}

/** `default_factory=Settings`, `default_factory=lambda: "localhost"`. */
function fromFactory(view: CallView, evaluator: Evaluator): Value {
  const given = view.call.args.find((a) => a.name === "default_factory")?.value;
  // pydantic's `default_factory=Settings.model_construct`
  const constructs = given?.kind === "member" && /^(model_)?construct$/.test(given.property);
  const factory = constructs ? evaluator.eval(given.object, view.scope) : view.named("default_factory");
  if (factory.t === "class") return { t: "instance", scope: factory.scope, frame: undefined };
  return factory.t === "function" ? evaluator.apply(factory) : ABSENT;
}

function given(...values: Value[]): Value {
  return values.find((v) => v.t !== "absent") ?? ABSENT;
}

/** Fields of pydantic's settings are variables of the environment. */
function classField(scope: Scope, name: string, evaluator: Evaluator): Value | undefined {
  const cls = scope.class;
  if (!cls) return undefined;
  if (scope.file.imports.some((i) => /^traitlets\b/.test(i))) return trait(scope, name, evaluator);
  // What begins with a line is the class's own, no variable gives it.
  if (name.startsWith("_") || !isSettings(scope, evaluator)) return undefined;
  const member = cls.members.find((m) => m.name === name && !m.fn);
  if (!member) return undefined;
  const fallback = member.value ? evaluator.eval(member.value, scope) : ABSENT;
  if (alternatives(fallback).some((v) => v.t === "env")) return fallback;
  const text = scope.file.text.slice(cls.start, cls.end);
  return env((prefixIn(text, scope, evaluator) + name).toUpperCase(), fallback);
}

/** `env_prefix = "SHOP_"`, also by a constant; nothing where none is said. */
function prefixIn(text: string, scope: Scope, evaluator: Evaluator): string {
  const [, written, name] = /\benv_prefix["']?\s*[=:]\s*(?:["'](\w*)["']|([A-Za-z_]\w*)\b(?!["']))/.exec(text) ?? [];
  if (name === undefined) return written ?? "";
  const { start, end } = scope.class as { start: number; end: number };
  return textOf(evaluator.eval({ kind: "name", name, start, end }, scope.parent ?? scope)) ?? "";
}

/** `ip = Unicode("localhost", config=True)`, with `@default("ip")` or `_ip_default` over it. */
function trait(scope: Scope, name: string, evaluator: Evaluator): Value | undefined {
  const members = scope.class?.members ?? [];
  let call = members.find((m) => m.name === name && m.value?.kind === "call")?.value;
  // `Unicode("localhost").tag(config=True)`
  if (call?.kind === "call" && call.callee.kind === "member" && call.callee.property === "tag")
    call = call.callee.object;
  if (call?.kind !== "call") return undefined;
  const made = evaluator.eval(call.callee, scope);
  if (made.t !== "ref" || !/^traitlets\b/.test(made.path)) return undefined;
  const says = (d: Expr): boolean =>
    d.kind === "call" &&
    lastName(d.callee) === "default" &&
    d.args[0]?.value.kind === "literal" &&
    d.args[0].value.value === name;
  const dynamic = members.find((m) => m.fn && (m.name === `_${name}_default` || m.fn.decorators?.some(says)));
  const first = call.args.find((a) => a.name === "default_value") ?? call.args.find((a) => a.name === undefined);
  const usual = dynamic?.fn
    ? evaluator.apply({ t: "function", fn: dynamic.fn, scope, self: { t: "instance", scope, frame: undefined } })
    : first
      ? evaluator.eval(first.value, scope)
      : ABSENT;
  if (usual.t === "env") return usual;
  return { t: "option", name, ...(usual.t === "absent" ? {} : { default: usual }) };
}

function isSettings(scope: Scope, evaluator: Evaluator, depth = 0): boolean {
  return (scope.class?.bases ?? []).some((base) => {
    const value = evaluator.eval(base, scope.parent ?? scope);
    if (value.t === "ref") return /(^|\.)(BaseSettings|EnvSettings|BaseAppSettings)$/.test(value.path);
    return value.t === "class" && depth < 4 && isSettings(value.scope, evaluator, depth + 1);
  });
}
