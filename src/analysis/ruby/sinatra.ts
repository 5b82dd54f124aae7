/** Sinatra starts itself: on PORT, and on localhost while it is in development. */
import { type FactSink, factValues, place, quote, reachOf, type Visit } from "../collect.ts";
import type { Evaluator } from "../evaluate/evaluator.ts";
import { type Call, type Expr, lastName } from "../ir.ts";
import type { Scope, SourceModule } from "../scope/scope.ts";
import { followedByName } from "../settings/declared-options.ts";
import { ABSENT, anyOf, textOf, usually, type Value } from "../values.ts";

/** At the top of a file: what is served, or how. */
const ROUTE = /^(?:get|post|put|patch|delete|options|head|configure|set|enable|disable|helpers|before|after)\b/m;
const SUBCLASS = /<\s*(?:::)?Sinatra::(Base|Application)/;

/** What others load is not the file that was started, and only that one serves. */
const LOADED = /(^|\/)lib\/.*\.rb$/;

/** `require "sinatra"`: the file serves when it is done. One that only defines a class does not. */
export function classicSinatra(module: SourceModule, evaluator: Evaluator, sink: FactSink): void {
  const classic = SUBCLASS.test(module.text) ? null : /^[ \t]*require\s*\(?["']sinatra["']/m.exec(module.text);
  if (!classic || !ROUTE.test(module.text) || LOADED.test(module.path)) return;
  if (isLoadedByFolder(module, evaluator)) return;
  const span = { start: classic.index, end: classic.index + 20 };
  const setting = (name: string): Value => settingIn([module], name, evaluator);
  sink.listeners.push({
    ...listener(module, span, setting("port"), setting("bind"), inProduction([module], evaluator)),
    reach: reachOf(evaluator, module, module.scope, []),
  });
}

/** `Dir["./routes/*.rb"].each { |f| require f }`: none of them is the file that was started. */
function isLoadedByFolder(module: SourceModule, evaluator: Evaluator): boolean {
  const folder = /(?:^|\/)([^/]+)\/[^/]+$/.exec(module.path)?.[1];
  if (folder === undefined) return false;
  const all = new RegExp(
    `\\bDir(?:\\.glob)?\\s?[[(][^\\n]{0,80}["'/]${folder.replace(/\W/g, "\\$&")}["'/][^\\n]*\\brequire`,
  );
  return evaluator.project.matching(all, module).some((m) => m !== module);
}

/** `App.run!`, `App.run!(options)`, and `run!` within the class. */
export function sinatraRun(visit: Visit): void {
  const { module, site, evaluator, sink } = visit;
  const own = filesOf(site.call, module, evaluator);
  if (own.length === 0) return;
  // `App.set :port, port` beside it.
  const files = own.includes(module) ? own : [...own, module];
  const option = (name: string): Value => {
    const given = givenTo(site.call, name, site.scope, evaluator);
    if (given.t === "absent") return settingIn(files, name, evaluator);
    return followedByName(given, site.call.args.find((a) => a.name === name)?.value, site.scope, evaluator);
  };
  sink.listeners.push({
    ...listener(
      module,
      site.call,
      option("port"),
      option("bind"),
      isProduction(option("environment"), files, evaluator),
    ),
    reach: visit.reach(),
  });
}

/** The files that make the application a class of Sinatra's. */
function filesOf({ callee }: Call, module: SourceModule, evaluator: Evaluator): readonly SourceModule[] {
  if (SUBCLASS.test(module.text)) return [module];
  const name = callee.kind === "member" ? lastName(callee.object) : undefined;
  if (callee.kind === "member" && name && /^(::)?Sinatra::/.test(textAt(module, callee.object))) return [module];
  // `class App < Base`, and `class Base < Sinatra::Base` in another file.
  const own = name === undefined ? /^[ \t]*class\s+\S+\s*<\s*([\w:]+)/m.exec(module.text)?.[1] : name;
  return classFiles(own?.replace(/^.*::/, ""), module, evaluator);
}

function classFiles(
  name: string | undefined,
  module: SourceModule,
  evaluator: Evaluator,
  depth = 0,
): readonly SourceModule[] {
  if (name === undefined || !/^[A-Z]\w*$/.test(name) || depth > 3) return [];
  const of = (above: string): RegExp => new RegExp(`\\bclass\\s+(?:\\w+::)*${name}\\s*<\\s*${above}`);
  const direct = evaluator.project.matching(of("(?:::)?Sinatra::"), module);
  if (direct.length > 0) return direct;
  for (const heir of evaluator.project.matching(of("[A-Z]"), module)) {
    const above = new RegExp(`${of("").source}([\\w:]+)`).exec(heir.text)?.[1]?.replace(/^.*::/, "");
    const found = above === name ? [] : classFiles(above, heir, evaluator, depth + 1);
    if (found.length > 0) return [heir, ...found];
  }
  return [];
}

function textAt(module: SourceModule, e: Expr): string {
  return module.text.slice(e.start, e.end);
}

/** What `run!` is given: by keyword, or in a hash. */
function givenTo(call: Call, name: string, scope: Scope, evaluator: Evaluator): Value {
  const direct = call.args.find((a) => a.name === name);
  if (direct) return evaluator.query(direct.value, scope);
  const first = call.args[0];
  if (!first || first.name !== undefined || first.value.kind === "function") return ABSENT;
  const { start, end } = first.value;
  const found = evaluator.query({ kind: "member", object: first.value, property: name, start, end }, scope);
  // What the caller's caller, or the command line, hands over: whatever it holds.
  return found;
}

/** `set :port, 4567`, `set port: 4567`. */
function settingIn(files: readonly SourceModule[], name: string, evaluator: Evaluator): Value {
  const values = files.flatMap((file) =>
    file.calls.flatMap(({ call, scope, guards }) => {
      const { callee } = call;
      const onClass = callee.kind === "member" && /^([A-Z]|klass$|app$|base$)/.test(lastName(callee.object) ?? "");
      if (lastName(callee) !== "set" || !(callee.kind === "name" || onClass)) return [];
      const isNamed = (): boolean => textOf(evaluator.query(call.args[0]?.value, scope)) === name;
      const given = call.args.find((a) => a.name === name)?.value ?? (isNamed() ? call.args[1]?.value : undefined);
      if (!given) return [];
      const value = evaluator.query(given, scope);
      // `set :bind, options.host if options.host`: by default nothing is set.
      const isAsked = guards.some((g) => !g.negated && textAt(file, g.test) === textAt(file, given));
      return [value.t === "unknown" && isAsked ? ABSENT : value];
    }),
  );
  return values.length ? anyOf(values) : ABSENT;
}

/** `set :environment, :production`: it takes localhost in development alone. */
function inProduction(files: readonly SourceModule[], evaluator: Evaluator): boolean {
  return isProduction(ABSENT, files, evaluator);
}

function isProduction(given: Value, files: readonly SourceModule[], evaluator: Evaluator): boolean {
  const near = files[0] as SourceModule;
  // `ENV["RACK_ENV"] ||= "production"` before the application is loaded.
  if (evaluator.project.matching(ASSIGNED, near).length > 0) return true;
  // Where another file configures the class: `klass.set :environment, settings.environment`.
  const others = evaluator.project.matching(/\.set\s*\(?\s*:environment\b/, near);
  const set = given.t === "absent" ? settingIn([...new Set([...files, ...others])], "environment", evaluator) : given;
  if (set.t === "absent") return false;
  const usual = usually(set);
  // What is not followed may be either.
  return usual.t === "unknown" || !/^(development)?$/.test(textOf(usual) ?? "");
}

const ASSIGNED = /\bENV\[["'](?:RACK|APP)_ENV["']\]\s*(?:\|\|)?=\s*["'](?!development)\w/;

function listener(
  module: SourceModule,
  span: { start: number; end: number },
  port: Value,
  host: Value,
  production: boolean,
) {
  return {
    framework: "Sinatra",
    protocol: "http" as const,
    port: factValues(port),
    host: factValues(host),
    defaults: { port: "PORT" as const, host: production ? ("all" as const) : ("localhost" as const) },
    place: place(module, span),
    evidence: [quote(module, span)],
    handlesSigterm: true,
  };
}
