/**
 * What a Kotlin expression can be: through constants, properties of objects and classes, defaults of parameters, the
 * environment, and the keys of configuration files that delegates and `config.getString` name.
 */
import { closerAfter } from "../brackets.ts";
import { blankComments } from "../comments.ts";
import { propertyValue } from "../config/properties.ts";
import type { FactValue } from "../facts.ts";
import { isOfOthers } from "../settings/usual-address.ts";
import { assignedLater, givenInBlocks } from "./assigned-later.ts";
import { choiceOf, lastOf, letOf, returnsOf, type Scoped, scopedOf, triedOf } from "./choices.ts";
import { choose, orElse } from "./chosen.ts";
import { entryOf, heldBy } from "./enums.ts";
import { converted, elvis, expressionAt, usual } from "./expressions.ts";
import { FILLS, settingsOf } from "./settings.ts";
import { argumentsAt, endAt } from "./text.ts";

/** @param text of the file in which the expression stands, comments blanked */
export type Follow = (expression: string, text: string) => FactValue[];

const UNKNOWN: FactValue[] = [{ kind: "unknown" }];
const MAX_DEPTH = 8;

/** Fields of Java's classes as Kotlin would declare them: to Kotlin they are properties. */
function ofJava(text: string): string {
  return blankComments(text).replace(
    /\b(?:(?:private|protected|public|static|final|volatile)\s+)+(?:String|int|Integer|InetAddress)\s+(?=\w+\s*=)/g,
    "val ",
  );
}

export function createFollow(texts: ReadonlyMap<string, string>, judged: readonly string[]): Follow {
  let sources: string[] | undefined;
  let settings: Map<string, string[]> | undefined;
  const all = (): string[] =>
    (sources ??= judged.flatMap((p) =>
      p.endsWith(".kt") ? [blankComments(texts.get(p) ?? "")] : p.endsWith(".java") ? [ofJava(texts.get(p) ?? "")] : [],
    ));

  const setting = (key: string): FactValue[] => {
    settings ??= settingsOf(texts);
    const given = settings.get(key);
    if (!given) return UNKNOWN;
    const place = { file: "", start: 0, end: 0 };
    const fallback = given
      // Some write `${HOST:-localhost}`, as shells do.
      .flatMap((value) => propertyValue({ value: value.replace(/^(\$\{\w+:)-/, "$1"), place }))
      .map(({ ...v }) => {
        if (v.kind === "literal") delete v.at;
        return v;
      });
    const last = fallback.at(-1);
    // `host = "127.0.0.1"`, and then `host = ${?SHOP_HOST}`: what it is where nobody sets the variable.
    if (fallback.length > 1 && last?.kind === "env" && !last.fallback)
      return [{ ...last, fallback: fallback.slice(0, -1) }];
    return fallback.some((v) => v.kind === "env") ? fallback : [{ kind: "option", name: key, fallback }];
  };

  const value = (expression: string, text: string, depth: number): FactValue[] => {
    if (depth > MAX_DEPTH) return UNKNOWN;
    const e = expression.trim();
    if (e === "") return [{ kind: "absent" }];
    const [first, otherwise] = elvis(usual(e));
    if (otherwise !== undefined) return orElse(value(first, text, depth + 1), value(otherwise, text, depth + 1), first);
    const bare = converted(e);
    if (bare !== e) return value(bare, text, depth + 1);
    if (e.startsWith("(") && closerAfter(e, 0) === e.length - 1) return value(e.slice(1, -1), text, depth + 1);
    const next = (of: string): FactValue[] => value(of, text, depth + 1);
    const choice = choiceOf(e);
    if (choice) return choose(choice, next, (name) => onlyText(declarations(name, text)));
    const tried = triedOf(e);
    if (tried) return tried.flatMap(next);
    const scoped = scopedOf(e);
    if (scoped) return inScope(scoped, next);
    if (e === "null") return [{ kind: "absent" }];
    if (e === "true" || e === "false") return [{ kind: "literal", value: e === "true" }];
    const number = /^(\d[\d_]*)$/.exec(e)?.[1];
    if (number) return [{ kind: "literal", value: Number(number.replaceAll("_", "")) }];
    const string = /^"([^"$]*)"$/.exec(e)?.[1];
    if (string !== undefined) return [{ kind: "literal", value: string }];
    const filled = /^"\$(?:\{([^{}"]+)\}|(\w+))"$/.exec(e);
    if (filled) return next((filled[1] ?? filled[2]) as string);
    const environment =
      /^System\.getenv\(\s*"(\w+)"\s*\)$|^System\.getenv\(\)?\s*\[\s*"(\w+)"\s*\]$|^System\.getenv\(\)\s*\.\s*(?:get|getValue)\(\s*"(\w+)"\s*\)$/.exec(
        e,
      );
    if (environment) return [{ kind: "env", name: (environment[1] ?? environment[2] ?? environment[3]) as string }];
    const withDefault = /^System\.(getenv\(\)\s*\.\s*getOrDefault|getProperty)\(\s*"([\w.]+)"\s*(?:,\s*(.+))?\)$/.exec(
      e,
    );
    if (withDefault) {
      const name = withDefault[2] as string;
      const fallback = withDefault[3] === undefined ? undefined : value(withDefault[3], text, depth + 1);
      return [{ kind: withDefault[1] === "getProperty" ? "option" : "env", name, ...(fallback ? { fallback } : {}) }];
    }
    if (/^(?:InetAddress\.(?:getLoopbackAddress\(\)|getByName\(null\))|LOOPBACK_INTERFACE)$/.test(e))
      return [{ kind: "literal", value: "127.0.0.1" }];
    const named = /^InetAddress\.getByName\((.*)\)$/.exec(e)?.[1];
    if (named) return value(named, text, depth + 1);
    // `by option("--host").default("127.0.0.1")`, of whatever library of arguments.
    const told = /^(?:\w+\.)?(?:option|storing|argument)\b[\s\S]*?\.default\((?:value\s*=\s*)?("[^"]*"|[\w.]+)/.exec(e);
    if (told) {
      const name = /"(--[\w-]+)"/.exec(e)?.[1] ?? "option";
      const variable = /\benvvar\s*=\s*"(\w+)"/.exec(e)?.[1];
      const fallback = value(told[1] as string, text, depth + 1);
      return [variable ? { kind: "env", name: variable, fallback } : { kind: "option", name, fallback }];
    }
    const key = KEYED.exec(e)?.[1] ?? keyOfSection(e, text);
    if (key) return setting(key);
    const called = /^(?:(\w+)\.)*?(\w+)\(/.exec(e);
    if (called && endAt(e, called[0].length, e.length, () => false) === e.length - 1)
      return returned(called[2] as string, called[1], text, depth);
    if (/^\w+$/.test(e)) return declared(e, text, depth);
    const [, type, constant, property] = /^(?:\w+\.)*([A-Z]\w*)\.([A-Z]\w*)(?:\.(\w+))?$/.exec(e) ?? [];
    const entry = type && constant ? entryOf(type, constant, all()) : undefined;
    if (entry && property === undefined) return [{ kind: "literal", value: `${type}.${constant}` }];
    const held = entry && heldBy(entry, property as string);
    if (entry && held !== undefined) return value(held, entry.source, depth + 1);
    const member = /^(?:\w+\.)*(\w+)\.(\w+)$/.exec(e);
    if (member) return memberOf(member[1] as string, member[2] as string, text, depth);
    const variable = /getenv\(\s*"(\w+)"/.exec(e)?.[1];
    return variable ? [{ kind: "derived", env: [variable] }] : UNKNOWN;
  };

  /** What a scope function gives: what it is called on, or what its block says. */
  const inScope = (scoped: Scoped, next: (of: string) => FactValue[]): FactValue[] => {
    if (scoped.by === "let") return next(letOf(scoped));
    if (scoped.by !== "run") return next(scoped.receiver);
    const last = lastOf(scoped.body);
    const member =
      /^\w+$/.test(last) && /^[\w.]+$/.test(scoped.receiver) ? next(`${scoped.receiver}.${last}`) : UNKNOWN;
    return member.some((v) => v.kind !== "unknown") ? member : next(last);
  };

  /** `fun host() = System.getenv("HOST") ?: "localhost"`: of the only function of that name. */
  const returned = (name: string, owner: string | undefined, text: string, depth: number): FactValue[] => {
    const head = new RegExp(
      `\\bfun\\s+(?:\\w+\\.)?${name}\\s*\\([^()]*\\)\\s*(?::\\s*[\\w.<>?]+\\s*)?(?:=(?!=)|\\{)`,
      "g",
    );
    const found = new Set([text, ...all()]);
    const bodies = [...found].flatMap((t) =>
      t.includes(name)
        ? [...t.matchAll(head)].flatMap((m) =>
            // What a client of something says of itself.
            owner !== undefined && isOfOthers(name, m.index, t) ? [] : [[m.index + m[0].length, t] as const],
          )
        : [],
    );
    const [only] = bodies;
    if (!only || bodies.length !== 1) return UNKNOWN;
    const [from, source] = only;
    const next = (of: string): FactValue[] => value(of, source, depth + 1);
    if (source[from - 1] !== "{") return next(expressionAt(source, from));
    const choice = returnsOf(
      source.slice(
        from,
        endAt(source, from, source.length, () => false),
      ),
    );
    return choice ? choose(choice, next, (of) => onlyText(declarations(of, source))) : UNKNOWN;
  };

  const declared = (name: string, text: string, depth: number): FactValue[] => {
    const own = declarations(name, text);
    // `class Web(val host: String = "localhost")`: what it is made with goes over that.
    if (own.length === 1 && isProperty(name, text)) return madeWith(name, text, text, own[0] as string, depth);
    const made = isProperty(name, text) ? givenTo(name, text, depth) : UNKNOWN;
    if (made !== UNKNOWN) return made;
    if (own.length === 1) return value(assignedLater(name, text) ?? (own[0] as string), text, depth + 1);
    if (own.length > 1) return UNKNOWN;
    const parameter = parameterDefaults(name, text);
    if (parameter.length === 1)
      return [{ kind: "option", name, fallback: value(parameter[0] as string, text, depth + 1), open: true }];
    // A constant of another file.
    return /^[A-Z]/.test(name) ? onlyOne(name, () => true, depth) : givenTo(name, text, depth);
  };

  /** Each call in the program of what takes a parameter of that name in this file, with what it is given for it. */
  const callsOf = (name: string, text: string): { source: string; text: string | undefined }[] | undefined => {
    const takers = [...text.matchAll(TAKES)].flatMap((m) => {
      const index = argumentsAt(text, m.index + m[0].length).findIndex((p) =>
        new RegExp(`\\b${name}\\s*:`).test(p.text),
      );
      return index < 0 ? [] : [{ of: m[1] as string, index }];
    });
    const taker = takers.length === 1 ? takers[0] : undefined;
    if (!taker) return undefined;
    const calls = `\\b${taker.of}(?<!\\b(?:fun|class)\\s+(?:\\w+\\.)?${taker.of})\\s*\\(`;
    return argumentsOf(calls).map(({ source, args }) => {
      const named = args.find((a) => a.name === name);
      return { source, text: (named ?? (args[taker.index]?.name === undefined ? args[taker.index] : undefined))?.text };
    });
  };

  /** The first calls that match, with what they are given. */
  const argumentsOf = (calls: string): { source: string; args: ReturnType<typeof argumentsAt> }[] => {
    const found: { source: string; args: ReturnType<typeof argumentsAt> }[] = [];
    for (const source of all())
      for (const m of source.matchAll(new RegExp(calls, "g"))) {
        found.push({ source, args: argumentsAt(source, m.index + m[0].length) });
        if (found.length > MOST_CALLS) return found;
      }
    return found;
  };

  /** What the one call in the program gives to the parameter of that name. */
  const givenTo = (name: string, text: string, depth: number): FactValue[] => {
    const given = callsOf(name, text) ?? [];
    const only = given.length === 1 ? given[0] : undefined;
    return only?.text === undefined ? UNKNOWN : value(only.text, only.source, depth + 1);
  };

  /** `data class Config(val host: String = "localhost")`: what those that make it, or a copy, give it beside its default. */
  const madeWith = (name: string, part: string, text: string, usual: string, depth: number): FactValue[] => {
    const given = callsOf(name, part) ?? [];
    const copies = argumentsOf(`\\.copy\\s*\\((?=[^()]{0,300}\\b${name}\\s*=)`).flatMap(({ source, args }) => {
      const arg = args.find((a) => a.name === name);
      return arg ? [{ source, text: arg.text }] : [];
    });
    const said = [...given, ...copies].flatMap((g) => (g.text === undefined ? [] : [{ ...g, text: g.text }]));
    if (said.length > MOST_CALLS) return UNKNOWN;
    const values = said.flatMap((g) => value(g.text, g.source, depth + 1));
    return values.length === 0 || given.some((g) => g.text === undefined)
      ? [...value(usual, text, depth + 1), ...values]
      : values;
  };

  const memberOf = (owner: string, name: string, text: string, depth: number): FactValue[] => {
    const declares = new RegExp(`\\b(?:object|class|interface)\\s+${owner}\\b`);
    if (/^[A-Z]/.test(owner)) return onlyOne(name, (t) => declares.test(t), depth);
    const set = assigned(owner, name, text);
    if (set.length > 0 && set.length < MOST_CALLS) return set.flatMap((s) => value(s, text, depth + 1));
    // `config.host`, of whatever type: the only property of that name in the program.
    const type = new RegExp(`\\b${owner}\\s*:\\s*([A-Z]\\w*)|\\b${owner}\\s*=\\s*([A-Z]\\w*)[(.]`).exec(text);
    const of = type?.[1] ?? type?.[2];
    const found = onlyOne(
      name,
      of ? (t) => new RegExp(`\\b(?:object|class|interface)\\s+${of}\\b`).test(t) : () => true,
      depth,
      of,
    );
    return found === UNKNOWN && all().some((t) => FILLS.test(t)) ? setting(`${owner}.${name}`) : found;
  };

  const onlyOne = (name: string, among: (text: string) => boolean, depth: number, of?: string): FactValue[] => {
    let only: { expression: string; part: string; text: string } | undefined;
    for (const text of all()) {
      if (!text.includes(name) || !among(text)) continue;
      // Of several classes in a file each has its own.
      const part = of === undefined ? text : classIn(text, of);
      // Counted before any is followed: each may lead to as many again.
      const own = new RegExp(`\\b(?:val|var)\\s+${name}\\b`).exec(text);
      // A property's `get() =` asks nobody for anything.
      if (own && isOfOthers(name, own.index, text.replace(/\bget\(\)(?=\s*[={])/g, "     "))) continue;
      for (const expression of declarations(name, part)) {
        // `var host get() = state.host`: another one of that name, that is given out.
        if (new RegExp(`^[\\w.]+\\.${name}$`).test(expression)) continue;
        if (only) return UNKNOWN;
        only = { expression, part, text };
      }
    }
    if (!only) return of === undefined ? UNKNOWN : made(name, of, depth);
    if (isProperty(name, only.part)) return madeWith(name, only.part, only.text, only.expression, depth);
    const usual = value(only.expression, only.text, depth + 1);
    // `class Config { var host = "localhost" }`, filled in by `serve { host = "0.0.0.0" }`.
    if (of === undefined || !new RegExp(`\\bvar\\s+${name}\\b`).test(only.part)) return usual;
    const given = all().flatMap((t) => givenInBlocks(name, t).map((e) => value(e, t, depth + 1)));
    const known = given.filter((v) => v.every((k) => k.kind === "literal"));
    return known.length > 0 && known.length < MOST_CALLS ? known.flat() : usual;
  };

  /** `data class Config(val host: String, …)`: what all that make one give it. */
  const made = (name: string, of: string, depth: number): FactValue[] => {
    const source = all().find((t) => new RegExp(`\\bclass\\s+${of}\\b`).test(t));
    const part = source && classIn(source, of);
    if (!part || !new RegExp(`[(,]\\s*(?:\\w+\\s+)*va[lr]\\s+${name}\\s*:[^=,)]{0,80}[,)]`).test(part)) return UNKNOWN;
    const given = callsOf(name, part) ?? [];
    if (given.length === 0 || given.length > MOST_CALLS) return UNKNOWN;
    const values = given.flatMap((g) => (g.text === undefined ? UNKNOWN : value(g.text, g.source, depth + 1)));
    return values.every((v) => v.kind === "unknown") ? UNKNOWN : values;
  };

  return (expression, text) => value(expression, text, 0);
}

const MOST_CALLS = 8;

const onlyText = (texts: readonly string[]): string | undefined => (texts.length === 1 ? texts[0] : undefined);

/** `val config = Config().apply { host = "localhost" }`, `server { host = … }`, `config.host = …`: what a file gives a member. */
function assigned(owner: string, name: string, text: string): string[] {
  const made = new RegExp(
    `\\bva[lr]\\s+${owner}\\b[^=\\n]{0,60}=\\s*[\\w.]+(?:\\([^(){}]*\\))?(?:\\s*\\.\\s*(?:apply|also))?\\s*\\{`,
  );
  const m = made.exec(text);
  const within = m ? text.slice(m.index + m[0].length, closerAfter(text, m.index + m[0].length - 1)) : "";
  const inside = [...within.matchAll(new RegExp(`(?:^|[\\s;{])(?:(?:this|it)\\.)?${name}\\s*=(?!=)\\s*`, "g"))];
  const after = [...text.matchAll(new RegExp(`(?<![.\\w])${owner}\\.${name}\\s*=(?!=)\\s*`, "g"))];
  return [
    ...inside.map((a) => expressionAt(within, a.index + a[0].length)),
    ...after.map((a) => expressionAt(text, a.index + a[0].length)),
  ];
}

/** Is it declared among the parameters of a class, with a default? */
function isProperty(name: string, text: string): boolean {
  return new RegExp(
    `[(,]\\s*(?:(?:private|protected|internal|override)\\s+)*va[lr]\\s+${name}\\s*:[^=,)]{0,200}=`,
  ).test(text);
}

/** A class, an object or an interface with what it takes and what it holds; else the whole text. */
function classIn(text: string, name: string): string {
  const from = new RegExp(`\\b(?:object|class|interface)\\s+${name}\\b`).exec(text)?.index ?? -1;
  if (from < 0) return text;
  const parameters = /^[^({\n]{0,200}\(/.exec(text.slice(from))?.[0].length;
  const taken = parameters === undefined ? from : closerAfter(text, from + parameters - 1) + 1;
  const body = /^[^{}\n]*\{/.exec(text.slice(taken))?.[0].length;
  // What an interface promises stands in what keeps it.
  if (text.startsWith("interface", from)) return text;
  return text.slice(from, body === undefined ? taken : closerAfter(text, taken + body - 1) + 1);
}

/** Within one file. */
export const followAlone: Follow = createFollow(new Map(), []);

/** `fun serve(`, `class Server(`, `class Server @Inject private constructor(`: what takes parameters. */
const TAKES =
  /\b(?:fun\s+(?:<[^<>(){}]{0,80}>\s*)?(?:\w+\.)?|class\s+)(\w+)(?:<[^<>(){}]{0,80}>)?(?:\s+(?:@\w+\s+)*(?:\w+\s+)?constructor)?\s*\(/g;

/** A dotted key that is read from the configuration. */
const KEYED =
  /^(?:\w+\.)*(?:property|propertyOrNull|tryGetString|getString|getInt|getStringOrNull|getProperty)\(\s*"([\w-]+(?:\.[\w-]+)+)"\s*\)(?:\??\.getString\(\))?$/;

/** `conf.getString("host")`, where `conf` is a section: `ConfigFactory.load().getConfig("app.http")`. */
function keyOfSection(e: string, text: string): string | undefined {
  const [, of, key] = /^(\w+)\.get(?:String|Int)\(\s*"([\w-]+)"\s*\)$/.exec(e) ?? [];
  const section =
    of &&
    new RegExp(`\\bval\\s+${of}\\b[^=\\n]{0,40}=[^\\n;]{0,80}\\.getConfig\\(\\s*"([\\w.-]+)"\\s*\\)`).exec(text)?.[1];
  return section ? `${section}.${key}` : undefined;
}

/** What `val name = …`, `val name by lazy { … }`, `val name get() = …` and delegates over a key say. */
function declarations(name: string, text: string): string[] {
  const out: string[] = [];
  const head = new RegExp(
    `\\b(?:val|var)\\s+${name}\\b(?:\\s*:\\s*[\\w.<>?]+)?\\s*(?:=|by\\s+lazy\\s*\\{|(?:get\\(\\)\\s*=)|by\\s+\\w+\\s*\\{|by\\s+(?=(?:\\w+\\.)?(?:option|storing|argument)\\b))`,
    "g",
  );
  for (const m of text.matchAll(head)) {
    const from = m.index + m[0].length;
    const keyed = /by\s+(?!lazy)\w+\s*\{$/.test(m[0]);
    if (keyed) {
      // The last key of a delegate is the one that has a default.
      const body = text.slice(from, from + 500).split(/\n {0,8}\}/)[0] ?? "";
      const key = [...body.matchAll(/"([\w-]+(?:\.[\w-]+)+)"\s*\.\s*from/g)].at(-1)?.[1];
      if (key) out.push(`config.getString("${key}")`);
    } else out.push(expressionAt(text, from));
  }
  return [...out, ...annotated(name, text)];
}

/** picocli's `@Option(names = ["--host"], defaultValue = DEFAULT_HOST) lateinit var host: String`. */
function annotated(name: string, text: string): string[] {
  const head = /@(?:field:|set:)?(?:CommandLine\.)?Option\s*\(/g;
  return [...text.matchAll(head)].flatMap((m) => {
    const open = m.index + m[0].length;
    const close = closerAfter(text, open - 1);
    if (!new RegExp(`^\\)\\s*(?:\\w+\\s+){0,3}va[lr]\\s+${name}\\b`).test(text.slice(close, close + 200))) return [];
    const said = text.slice(open, close);
    const usual = /\bdefaultValue\s*=\s*("[^"$]*"|[\w.]+)/.exec(said)?.[1];
    const flag = /"(--[\w-]+)"/.exec(said)?.[1] ?? `--${name}`;
    return usual === undefined ? [] : [`option("${flag}").default(${usual})`];
  });
}

function parameterDefaults(name: string, text: string): string[] {
  const pattern = new RegExp(`[(,]\\s*(?:@\\w+\\s+)*${name}\\s*:\\s*[\\w.<>?]+\\s*=\\s*`, "g");
  return [...text.matchAll(pattern)].map((m) => expressionAt(text, m.index + m[0].length));
}
