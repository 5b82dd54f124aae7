/** Settings of .NET's configuration: what appsettings.json says under a key, and the classes that a section of it fills. */
import { escaped } from "../../base/escaped.ts";
import type { Evaluator } from "../evaluate/evaluator.ts";
import { lastName } from "../ir.ts";
import type { Scope, SourceModule } from "../scope/scope.ts";
import { literal, type Value, variableOf } from "../values.ts";

/** Later ones go over the former. */
const FILES = ["appsettings.json", "appsettings.Production.json"];

/** `Configuration["Web:Host"]`: the variable of that name where it may be one, else what the program's own file says. */
export function configured(key: string, fallback: Value, near: SourceModule, evaluator: Evaluator): Value {
  // Configuration has the environment in it: an upper-case key is a variable.
  if (/^[A-Z][A-Z0-9_]*$/.test(key)) return variableOf(literal(key), fallback);
  const written = writtenUnder(key.split(":"), near, evaluator);
  return { t: "option", name: key, default: written ?? fallback };
}

/** Is it a group of settings in the program's own file? What is read of it stands under that key. */
export function isSection(key: string, near: SourceModule, evaluator: Evaluator): boolean {
  const path = key.toLowerCase().split(":");
  return FILES.some((file) => isGroup(heldUnder(evaluator.project.data(file, near), path)));
}

function isGroup(data: unknown): boolean {
  return data !== null && typeof data === "object";
}

function writtenUnder(key: readonly string[], near: SourceModule, evaluator: Evaluator): Value | undefined {
  if (evaluator.project.matching(OTHER_SOURCES, near).length > 0) return undefined;
  const path = key.map((word) => word.toLowerCase());
  return FILES.map((file) => at(evaluator.project.data(file, near), path)).findLast((v) => v !== undefined);
}

/** What may go over the program's own files. */
const OTHER_SOURCES =
  /\bAddInMemoryCollection\s*\(|\bAddJsonFile\s*\(\s*"(?!appsettings)|[cC]onfig(?:uration)?\["[^"\n]+"\]\s*=(?!=)/;

function at(data: unknown, path: readonly string[]): Value | undefined {
  const said = heldUnder(data, path);
  return typeof said === "string" || typeof said === "number" ? literal(said) : undefined;
}

/** What settings hold under a path of keys, in capitals or not: .NET tells no difference. */
export function heldUnder(data: unknown, path: readonly string[]): unknown {
  let inner = data;
  for (const word of path) {
    if (inner === null || typeof inner !== "object") return undefined;
    inner = Object.entries(inner).find(([key]) => key.toLowerCase() === word)?.[1];
  }
  return inner;
}

/** `GetSection("Web").Get<WebOptions>()`, `Configure<WebOptions>(configuration.GetSection("Web"))`, `GetSection("Web").Bind(options)`. */
export function sectionField(scope: Scope, name: string, evaluator: Evaluator): Value | undefined {
  const type = scope.class?.name;
  if (!type || !scope.class?.members.some((m) => m.name === name && !m.fn)) return undefined;
  const section = sectionOf(scope, type, evaluator);
  const written = section === undefined ? undefined : writtenUnder([...section, name], scope.file, evaluator);
  return written && { t: "option", name, default: written };
}

const SECTIONS = new WeakMap<Scope, readonly string[] | undefined>();

/** The path of the section that fills a class; empty where it is the whole configuration. */
function sectionOf(scope: Scope, type: string, evaluator: Evaluator): readonly string[] | undefined {
  if (SECTIONS.has(scope)) return SECTIONS.get(scope);
  SECTIONS.set(scope, undefined);
  const found = boundSection(scope, type, evaluator) ?? nestedSection(scope, type, evaluator);
  SECTIONS.set(scope, found);
  return found;
}

function boundSection(scope: Scope, type: string, evaluator: Evaluator): readonly string[] | undefined {
  const word = escaped(type);
  // `GetSection(WebOptions.Section)`: a constant, mostly of the class itself.
  const key = String.raw`(?:"([\w:]+)"|nameof\((?:\w+\.)*(\w+)\)|((?:\w+\.)*\w+))`;
  const get = String.raw`Get(?:Required)?Section\(\s*${key}\s*\)`;
  const whole = String.raw`\b_?[cC]onfig(?:uration|Root)?\s*\.\s*`;
  const bound = [
    new RegExp(String.raw`${get}\s*\.\s*Get<${word}>\(`),
    new RegExp(String.raw`\b(?:Configure|BindConfiguration)<${word}>\([^;]{0,80}?${get}`),
    new RegExp(
      String.raw`\bAddOptions\w*<${word}>\([^;]{0,400}?\.\s*(?:Bind\([^;]{0,80}?${get}|BindConfiguration\(\s*${key})`,
    ),
    new RegExp(String.raw`\b${word}\s+(\w+)\s*=\s*new\b|\bvar\s+(\w+)\s*=\s*new\s+${word}\b`),
  ] as const;
  const last = bound[bound.length - 1];
  const named = (m: RegExpExecArray | null): string | undefined => {
    const at = m?.slice(1).findIndex((g) => g !== undefined) ?? -1;
    const name = m?.[at + 1];
    return name !== undefined && at % 3 === 2 ? constantText(name, scope, evaluator) : name;
  };
  let found: string | undefined;
  for (const pattern of bound)
    for (const { text } of found === undefined ? evaluator.project.matching(pattern, scope.file) : []) {
      const m = pattern.exec(text);
      const name = pattern === last ? (m?.[1] ?? m?.[2]) : named(m);
      if (name === undefined) continue;
      if (pattern !== last) found ??= name;
      // An object of the class, that a section is bound to, or all of it.
      const into = new RegExp(String.raw`(?:${get}\s*\.\s*|${whole})Bind\(\s*${name}\s*\)`).exec(text);
      if (into && pattern === last) found ??= into.slice(1).some(Boolean) ? named(into) : "";
    }
  if (found !== undefined) return found.split(":").filter(Boolean);
  const all = new RegExp(String.raw`${whole}Get<${word}>\(|\bConfigure<${word}>\(\s*(?:\w+\.)*_?[cC]onfiguration\s*\)`);
  return evaluator.project.matching(all, scope.file, type).length > 0 ? [] : undefined;
}

/** `public const string Section = "Web";` of the class that is filled, or of another of its name. */
function constantText(path: string, scope: Scope, evaluator: Evaluator): string | undefined {
  const name = path.slice(path.lastIndexOf(".") + 1);
  const declared = new RegExp(
    String.raw`\b(?:const|static\s+readonly)\s+string\s+${escaped(name)}\s*=\s*(?:"([\w:]+)"|nameof\((?:\w+\.)*(\w+)\))`,
  );
  const owner = path.split(".").at(-2);
  const files = evaluator.project.matching(declared, scope.file);
  const of = files.find(
    ({ text }) => owner === undefined || new RegExp(`\\b(?:class|record|struct)\\s+${owner}\\b`).test(text),
  );
  const m = declared.exec(of?.text ?? "");
  return m?.[1] ?? m?.[2];
}

/** `public HttpOptions Http { get; set; }` of a class that is filled itself. */
function nestedSection(scope: Scope, type: string, evaluator: Evaluator): readonly string[] | undefined {
  const word = escaped(type);
  const pattern = new RegExp(String.raw`\bpublic\s+(?:required\s+)?${word}\??\s+(\w+)\s*\{\s*get\b`);
  const holders = evaluator.project.matching(pattern, scope.file, type);
  for (const { classes } of holders.length < MOST_HOLDERS ? holders : [])
    for (const { class: cls, inner } of classes) {
      const member = cls.members.find((m) => m.type && lastName(m.type) === type && !m.fn && /^[A-Z]/.test(m.name));
      const outer = member && cls.name ? sectionOf(inner, cls.name, evaluator) : undefined;
      if (member && outer) return [...outer, member.name];
    }
  return undefined;
}
const MOST_HOLDERS = 4;

/** A section of it, by the path that `GetSection` is given here. */
const SECTION = /(?:^|\.)Section\(([\w:]+)\)$/;

/** @returns the path of the configuration, or of a section of it, before a key; undefined where it is something else */
export function configurationAt(path: string): string | undefined {
  const section = SECTION.exec(path)?.[1];
  return section === undefined ? (CONFIGURATION.test(path) ? "" : undefined) : `${section}:`;
}

/** What the configuration is, by how it is got: `builder.Configuration`, `new ConfigurationBuilder().Build()`, `_config`. */
const CONFIGURATION =
  /(?:^|\.)_?[cC]onfig(?:uration)?$|(?:^|\.)ConfigurationBuilder\(\)(?:\.\w+\(\))*$|(?:^|\.)I?Configuration(?:Root|Manager)?$/;
