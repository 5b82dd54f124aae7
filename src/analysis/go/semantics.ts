/** What Go's own library and its configuration libraries give. */

import { goModuleName } from "../../base/go-module.ts";
import { splitAddress } from "../collect.ts";
import type { Evaluator } from "../evaluate/evaluator.ts";
import { format } from "../format.ts";
import { lastName } from "../ir.ts";
import { dirname } from "../javascript/resolve.ts";
import type { ModuleFinder } from "../languages.ts";
import type { SourceModule } from "../scope/scope.ts";
import type { CallView, Semantics } from "../semantics.ts";
import {
  ABSENT,
  alternatives,
  anyOf,
  changed,
  ENVIRON,
  env,
  literal,
  partsOf,
  textOf,
  type Value,
  variableOf,
  withDefault,
} from "../values.ts";
import { excluded } from "./build-tags.ts";
import { filesByFolder, filesByWord } from "./folders.ts";
import { koanfKey } from "./koanf.ts";
import { NONE } from "./lower-expressions.ts";
import { heldIn, listOf, parted, resultOf, TRIMS, taken, trimmed } from "./results.ts";
import { cobraFlag, lostField, taggedField, viperKey } from "./settings.ts";
import { spreadTypes } from "./spread-types.ts";

const IDENTITY = new Set(
  "strconv.Itoa strconv.Atoi strconv.ParseInt strconv.ParseUint strconv.FormatInt strconv.FormatUint string int int64 uint uint16 int32 uint64 strings.TrimSpace strings.ToLower os.ExpandEnv fmt.Sprint github.com/spf13/cast.ToString github.com/spf13/cast.ToInt".split(
    " ",
  ),
);

/** The first word of a line, at the edge or within `var (`. */
const DECLARED = /^(?:(?:func|var|const|type)\s+|\t)?([A-Za-z_]\w*)\b/gm;

function* namesIn(text: string): Generator<string> {
  for (const m of text.matchAll(DECLARED)) yield m[1] as string;
}

export function goSemantics(finder: ModuleFinder): Semantics {
  const folders = filesByFolder(finder);
  const roots = finder.paths
    .filter((p) => /(^|\/)go\.mod$/.test(p))
    .map((p) => ({
      folder: p.replace(/\/?go\.mod$/, ""),
      name: goModuleName(finder.text(p)) ?? "",
    }))
    .filter((r) => r.name);
  const declaredIn = filesByWord(finder, folders, namesIn);
  const inFolder = (folder: string, name: string): SourceModule[] =>
    (declaredIn(folder).get(name) ?? []).slice(0, 8).flatMap((p) => finder.module(p) ?? []);
  const { whole, parts } = spreadTypes(finder, folders, inFolder);
  const firstIn = (folder: string): SourceModule[] => {
    for (const p of folders.get(folder) ?? []) {
      if (excluded(finder.text(p) ?? "")) continue;
      const found = finder.module(p);
      if (found) return [found];
    }
    return [];
  };
  const resolve = (specifier: string): SourceModule[] => {
    for (const root of roots) {
      if (specifier !== root.name && !specifier.startsWith(`${root.name}/`)) continue;
      const inner = specifier.slice(root.name.length).replace(/^\//, "");
      const found = firstIn([root.folder, inner].filter(Boolean).join("/"));
      if (found.length) return found;
    }
    return [];
  };
  return {
    resolve: (_module, specifier) => resolve(specifier),
    siblings(module, name) {
      const own = inFolder(dirname(module.path), name).filter(
        (m) => m !== module && m.tree.package === module.tree.package,
      );
      return [
        ...own,
        ...module.exportStars.flatMap((star) => resolve(star).flatMap((m) => inFolder(dirname(m.path), name))),
      ];
    },
    externalPath: (specifier, imported) => (imported === undefined ? specifier : `${specifier}.${imported}`),
    value(path) {
      if (path === "os.Args") return { t: "option", name: "argument" };
      const address = ADDRESSES.get(path);
      return address === undefined ? undefined : literal(address);
    },
    call: goCall,
    classField: taggedField,
    lostField,
    whole,
    parts,
    structs: true,
  };
}

/** A flag that is declared with its name and its default: of a set of flags, of cobra's commands. */
const FLAG =
  /(?:^flag|\/p?flag|\/goflags|\.FlagSet|\bFlags\(\))\b.*\.(?:String|U?[iI]nt(?:16|32|64)?|Duration|Bool|IP)(P?)$|^flag\.(?:String|U?[iI]nt(?:64)?|Duration|Bool)$/;
/** Flags that are variables too. */
const ENV_FLAGS = /^github\.com\/(namsral\/flag|ianschenck\/envflag)\b/;
const FF = /\bff\.WithEnvVar(NoPrefix|s)?\(\)/;

function goCall(path: string, view: CallView, evaluator: Evaluator): Value | undefined {
  if (IDENTITY.has(path)) return view.arg(0);
  const result = resultOf(path, view) ?? heldIn(path, view) ?? listOf(path, view);
  if (result) return result;
  if (path === "as!") return taken(view.arg(0), view.arg(1));
  if (TRIMS.test(path)) return trimmed(path, view);
  if (path === "os.Getenv" || path === "os.LookupEnv" || path === "syscall.Getenv")
    return variableOf(view.arg(0), ABSENT);
  if (path === "cmp.Or" || path === "or!") {
    const all = Array.from({ length: view.count }, (_, i) => view.arg(i));
    return all.reduceRight((fallback, v) => withDefault(v, fallback));
  }
  const address = addressOf(path, view);
  if (address) return address;
  if (path === "fmt.Sprintf") {
    const pattern = textOf(view.arg(0));
    return pattern === undefined
      ? undefined
      : format(
          pattern,
          [1, 2, 3, 4].map((i) => view.arg(i)),
        );
  }
  if (path === "net.JoinHostPort") return { t: "text", parts: [view.arg(0), literal(":"), view.arg(1)] };
  if (path === "new") {
    const made = view.arg(0);
    return made.t === "class" ? { t: "instance", scope: made.scope, frame: undefined } : undefined;
  }
  if (/^strings\.(Split|SplitN|SplitAfter)$/.test(path)) return split(view);
  if (path === "strings.Join") {
    const list = view.arg(0);
    return list.t === "array"
      ? { t: "text", parts: list.items.flatMap((v, i) => (i ? [view.arg(1), v] : [v])) }
      : undefined;
  }
  // Flags: `flag.String(name, default, …)`; `flag.StringVar(&x, name, default, …)` is made a `flag!`.
  const flag = FLAG.exec(path);
  if (path === "flag!" || (flag && view.count > 1)) {
    const of = path === "flag!" ? view.arg(2) : view.receiver;
    const name = textOf(view.arg(0)) ?? "flag";
    const given = view.call.args[1]?.value;
    const option: Value = { t: "option", name };
    if (!(given?.kind === "name" && given.name === NONE)) option.default = view.arg(flag?.[1] ? 2 : 1);
    const reads = ENV_FLAGS.test(path) || (of.t === "ref" && ENV_FLAGS.test(of.path));
    return reads || FF.test(view.scope.file.text) ? env(name.toUpperCase().replace(/\W/g, "_"), option) : option;
  }
  // `parser.String("b", "bind", &argparse.Options{Default: "localhost:80"})`
  if (/^github\.com\/akamensky\/argparse\..*\.(?:String|Int|StringPositional)$/.test(path) && view.count > 1)
    return { t: "option", name: textOf(view.arg(1)) ?? "flag", default: view.option(view.count - 1, "Default") };
  const kingpin =
    /^(gopkg\.in\/alecthomas\/kingpin\.v2|github\.com\/alecthomas\/kingpin(\/v2)?)\b/.test(path) &&
    !/\.(Flag|Arg|Short|Default|Envar|PlaceHolder|Required|Hidden|OverrideDefaultFromEnvar|HintOptions|NoEnvar|Help|Action|PreAction|Command|New|Application)$/.test(
      path,
    )
      ? chain(view)
      : undefined;
  if (kingpin) return kingpin;
  const named_ = /\.(GetString|GetInt|GetUint16|GetUint|(?:Global)?(?:String|Int|Uint))$/.test(path)
    ? declaredFlag(path, view, evaluator)
    : undefined;
  if (named_) return named_;
  if (
    /^github\.com\/spf13\/viper(\.(New\w*\(\)|GetViper\(\)|Viper))?\.(GetString|GetInt|GetUint\w*|Get|GetInt64)$/.test(
      path,
    )
  )
    return viperKey(view, evaluator);
  if (/^github\.com\/knadh\/koanf(\/v\d)?\.(New\w*\(\)|Koanf)\.(Must)?(String|Int|Int64|Get)$/.test(path))
    return koanfKey(view, evaluator);
  const setting = defaulted(path, view);
  if (setting) return setting;
  if (/^github\.com\/(joho\/godotenv)\.Read$/.test(path)) return ENVIRON;
  if (
    /(^|\/)(env|envutil|envy|osutil|genv|environ)\.(Get|GetString|GetInt|String|Int|GetOrDefault|GetEnv|Getenv|GetDefault|MustGet)$/.test(
      path,
    )
  )
    return variableOf(view.arg(0), view.arg(1));
  return undefined;
}

const ADDRESSES = new Map([
  ["net.IPv4zero", "0.0.0.0"],
  ["net.IPv6zero", "::"],
  ["net.IPv6unspecified", "::"],
  ["net.IPv6loopback", "::1"],
]);

/** Addresses as the packages net and net/url make them of a text. */
function addressOf(path: string, view: CallView): Value | undefined {
  if (path === "net/url.Parse") return hostOfUrl(view.arg(0));
  if (path === "net.SplitHostPort") return parted(view.arg(0));
  if (MULTI.test(path)) return changed(view.arg(0), ofMulti);
  switch (/^net(?:\/netip)?\.(\w+)$/.exec(path)?.[1]) {
    case "ResolveTCPAddr":
      return view.arg(1);
    case "ParseIP":
    case "MustParseAddr":
    case "ParseAddr":
    case "MustParseAddrPort":
    case "ParseAddrPort":
    case "TCPAddrFromAddrPort":
      return view.arg(0);
    case "AddrPortFrom":
      return { t: "text", parts: [view.arg(0), literal(":"), view.arg(1)] };
    case "IPv6Unspecified":
      return literal("::");
    case "IPv4Unspecified":
      return literal("0.0.0.0");
    case "IPv6Loopback":
      return literal("::1");
    case "IPv4":
    case "AddrFrom4":
      return { t: "array", items: view.count === 4 ? [0, 1, 2, 3].map((i) => view.arg(i)) : itemsOf(view.arg(0)) };
    default:
      return undefined;
  }
}

const MULTI = /^github\.com\/multiformats\/go-multiaddr(?:\/v\d+)?\.(?:NewMultiaddr|StringCast)$/;

/** `/ip4/127.0.0.1/tcp/5001/http` */
function ofMulti(text: string): string {
  const [, host, port] = /^\/(?:ip[46]|dns[46]?)\/([^/]+)\/tcp\/(\d+)/.exec(text) ?? [];
  return host && port ? `${host.includes(":") ? `[${host}]` : host}:${port}` : text;
}

function itemsOf(v: Value): Value[] {
  return v.t === "array" ? v.items : [];
}

/** `u, err := url.Parse(base)`: what `u.Host` is. */
function hostOfUrl(v: Value): Value | undefined {
  const found = changed(v, (text) => /^\w+:\/\/([^/]*)/.exec(text)?.[1] ?? "");
  if (!found) return undefined;
  const { host, port } = splitAddress(found);
  const members = new Map([
    ["Host", found],
    ["Hostname", host],
    ["Port", port],
  ]);
  return { t: "record", members, rest: { t: "derived", of: [v] } };
}

/** `section.Key("HTTP_ADDR").MustString("127.0.0.1")`, `AppConfig.DefaultString("addr", ":80")`, of whatever library. */
function defaulted(path: string, view: CallView): Value | undefined {
  const last =
    /\.(?:Must(?:String|Int\w*|Value)|Default(?:String|Int\w*)|(?:Get)?(?:String|Int)(?:Default|Or|OrDefault|WithDefault))$/.exec(
      path,
    );
  if (!last) return undefined;
  const inner = view.receiver.t === "ref" ? view.receiver.call : undefined;
  const { callee } = view.call;
  const keyed = callee.kind === "member" && callee.object.kind === "call" ? callee.object.args[0]?.value : undefined;
  if (view.count === 1 && keyed?.kind === "literal" && typeof keyed.value === "string" && inner)
    return { t: "option", name: keyed.value, default: view.arg(0), open: true };
  const name = view.count > 1 ? textOf(view.arg(view.count - 2)) : undefined;
  return name && /^[\w.:-]+$/.test(name)
    ? { t: "option", name, default: view.arg(view.count - 1), open: true }
    : undefined;
}

/** `strings.Split(addresses, ",")` */
function split(view: CallView): Value | undefined {
  const separator = textOf(view.arg(1));
  if (!separator) return undefined;
  return { t: "array", items: alternatives(view.arg(0)).flatMap((v) => partsOf(v, separator)) };
}

/** `cmd.Flags().GetString("host")`, `c.String("host")`: what the flag of that name was declared with. */
function declaredFlag(path: string, view: CallView, evaluator: Evaluator): Value | undefined {
  const cobra = /\.(Persistent|Local)?Flags\(\)\.Get\w+$/.test(path);
  const urfave = /^github\.com\/(urfave|codegangsta)\/cli(\/v\d)?\.(Context|Command)\.\w+$/.test(path);
  const name = textOf(view.arg(0));
  if (!(cobra || urfave) || name === undefined || !/^[\w.-]+$/.test(name)) return undefined;
  if (cobra) return cobraFlag(name, view.scope.file, evaluator);
  for (const word of ["StringFlag", "StringSliceFlag", "IntFlag", "UintFlag"])
    for (const module of evaluator.project.mentioning(word, view.scope.file))
      for (const { object, scope } of module.typedObjects) {
        if (!object.type || lastName(object.type) !== word) continue;
        const of = (key: string): Value => evaluator.eval(object.entries.find((e) => e.key === key)?.value, scope);
        const called = (textOf(of("Name")) ?? "").split(/\s*,\s*/);
        if (!called.includes(name)) continue;
        const value: Value = { t: "option", name };
        const fallback = of("Value");
        if (fallback.t !== "unknown" && fallback.t !== "absent") value.default = fallback;
        const variables = variablesIn(module.text.slice(object.start, object.end));
        return variables.length ? anyOf(variables.map((v) => env(v, value))) : value;
      }
  return undefined;
}

/** The variables that a flag is read from: `EnvVars: []string{"HOST"}`, `Sources: cli.EnvVars("HOST")`. */
function variablesIn(flag: string): string[] {
  const given = /\b(?:EnvVars?|Sources):\s*([^\n]+)/.exec(flag)?.[1] ?? "";
  return [...given.matchAll(/"([^"]+)"/g)].flatMap((v) => (v[1] as string).split(/\s*,\s*/));
}

/** `kingpin.Flag("port", …).Default("8080").Envar("PORT").Int()`. */
function chain(view: CallView): Value | undefined {
  const text = view.scope.file.text.slice(view.call.start, view.call.end);
  const variable = /\.\s*Envar\("(\w+)"\)/.exec(text)?.[1];
  const fallback = /\.\s*Default\("([^"]*)"\)/.exec(text)?.[1];
  const value: Value = { t: "option", name: /Flag\("([\w.-]+)"/.exec(text)?.[1] ?? "flag" };
  if (fallback !== undefined) value.default = literal(fallback);
  return variable ? env(variable, value) : /Flag\(/.test(text) ? value : undefined;
}
