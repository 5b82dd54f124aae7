/** What the facts of a listener mean for the contract: S1 (the port is PORT) and S11 (all interfaces). */
import type { FactValue, Listener, Place, SourceFacts } from "./facts.ts";
import { languageOf } from "./project.ts";
import { OTHERS } from "./settings/other-address.ts";
import { isLocalHost } from "./values.ts";

export type PortProblem =
  | { kind: "literal"; port: number; at?: Place }
  | { kind: "variable"; name: string; fallback: string | undefined }
  | { kind: "option"; name: string; fallback: string | undefined }
  | { kind: "default"; port: number }
  /** Not followed to its end, but nothing in the program reads PORT. */
  | { kind: "never-read" };

/** Undefined when the port comes from PORT, or when nothing certain can be said. */
export function portProblem(l: Listener, facts: SourceFacts): PortProblem | undefined {
  const all = flatten(l.port);
  // A variable whose name was not followed may be PORT where the program knows that word.
  const reads = (name: string): boolean => name === "PORT" || (name === "*" && facts.portMentioned);
  if (all.some((v) => (v.kind === "env" && reads(v.name)) || (v.kind === "derived" && v.env.some(reads))))
    return facts.imageEnv["#PORT"] ? reassigned(facts) : undefined;
  if (all.some((v) => v.kind === "env" && /\$\{?PORT\b/.test(facts.imageEnv[v.name] ?? ""))) return undefined;
  const passed = facts.start.some((c) => c.words.some((w) => /\$\{?PORT\b/.test(w)));
  const literals = l.port.filter((v) => v.kind === "literal" && portNumber(v.value) !== undefined);
  // A flag (`-Dserver.port=$PORT`) goes over what a configuration file says.
  const configured = /\.(properties|ya?ml|json|toml|conf)$/.test(l.place.file);
  if (passed && (configured || literals.length !== l.port.length)) return undefined;
  if (all.every((v) => v.kind === "absent")) {
    const { port } = l.defaults;
    return typeof port === "number" && !passed ? { kind: "default", port } : undefined;
  }
  if (all.some((v) => v.kind === "unknown" || (v.kind === "derived" && v.env.every((n) => n === "*"))))
    return !facts.portMentioned && (l.defaults.port !== "PORT" || isGiven(l, facts) || literals.length > 0) && !passed
      ? { kind: "never-read" }
      : undefined;
  const variable = all.find((v) => v.kind === "env");
  if (variable?.kind === "env")
    return { kind: "variable", name: variable.name, fallback: firstText(variable.fallback) };
  const derived = all.find((v) => v.kind === "derived");
  if (derived?.kind === "derived") return { kind: "variable", name: derived.env[0] ?? "?", fallback: undefined };
  // A setting that may come from anywhere, in a program that knows the word PORT.
  if (
    facts.portMentioned &&
    all.some((v) => v.kind === "option" && (v.open || !v.fallback) && /(^|[.:_-])port$/i.test(v.name))
  )
    return undefined;
  const option = all.find((v) => v.kind === "option");
  // What it is without the option was not followed.
  if (facts.portMentioned && option?.kind === "option" && option.fallback?.some((v) => v.kind === "unknown"))
    return undefined;
  if (option?.kind === "option") return { kind: "option", name: option.name, fallback: firstText(option.fallback) };
  const literal = all.find((v) => v.kind === "literal" && portNumber(v.value) !== undefined);
  if (literal?.kind === "literal") {
    const problem: PortProblem = { kind: "literal", port: portNumber(literal.value) as number };
    if (literal.at) problem.at = literal.at;
    return problem;
  }
  // A port that the system picks: where it is said to be on localhost, it is a server of the program's own.
  const isPicked = l.port.length > 0 && l.port.every((v) => v.kind === "literal" && Number(v.value) === 0);
  return isPicked && !passed && !facts.portMentioned && hostProblem(l, facts) ? { kind: "never-read" } : undefined;
}

/** In Go an argument is there or not, and Ruby's hash is given or not; what is there goes over the default. */
function isGiven(l: Listener, facts: SourceFacts): boolean {
  const language = languageOf(l.place.file, facts.text(l.place.file)) ?? "";
  return /^(go|ruby)$/.test(language) && l.port.every((v) => v.kind !== "absent");
}

/** The start script overwrites what the platform set. */
function reassigned(facts: SourceFacts): PortProblem {
  return { kind: "literal", port: Number(facts.imageEnv["#PORT"]) };
}

export type HostProblem = ({ kind: "literal"; host: string; at?: Place; through?: string } | { kind: "default" }) & {
  /** The environment variable that alone decides: set to an address, it is where the server listens. */
  variable?: string;
};

/** Undefined when the listener takes all interfaces, or when nothing certain can be said. */
export function hostProblem(l: Listener, facts: SourceFacts): HostProblem | undefined {
  // A declared default weighs more than what else was not followed: `--address` is 127.0.0.1 unless it is given.
  const declared = l.host.filter((v) => (v.kind === "option" || v.kind === "env") && v.fallback?.length);
  const given = l.host.filter((v) => v.kind !== "option" || v.fallback !== undefined);
  const all = given.length > 0 ? given : l.host;
  // A switch that is given no value (`--host`) is no address, except where it means all of them.
  const addresses = isSwitch(l) ? all.filter((v) => !(v.kind === "literal" && v.value === true)) : all;
  const counted =
    declared.length > 0 && !facts.opensElsewhere(l)
      ? addresses.filter((v) => v.kind !== "unknown" && !(v.kind === "literal" && v.value === null))
      : addresses;
  // `if address[0] == ':' { address = "0.0.0.0" + address }`: what is put before an address has no host of its own.
  const filled = counted.some((v) => isFilledIn(v, facts));
  const usual = counted.filter((v) => !isPutBefore(v, counted) && !(filled && isNone(v)));
  // `if not text: return Bind("localhost", 80); return parse(text)`: what is made of a variable is so where somebody sets it.
  const unset = facts.opensElsewhere(l) ? [] : usual.filter((v) => isOfUnset(v, facts));
  const whole = unset.length < usual.length ? usual.filter((v) => !unset.includes(v)) : usual;
  // What a variable of the image opens by another name is not known to be localhost where another file says it.
  const elsewhere =
    Object.entries(facts.imageEnv).some(([k, v]) => OPENING.test(k) && OPEN_VALUE.test(v)) || isWrittenOpen(facts);
  if (elsewhere && counted.some((v) => v.kind === "literal" && v.at?.file !== l.place.file)) return undefined;
  const isOwn = (v: FactValue): boolean => v.kind === "literal" && v.at?.file === l.place.file;
  if (facts.imageEnv["#REWRITTEN"] && !counted.every(isOwn)) return undefined;
  const problems = whole.map((v) => hostOf(v, l, facts));
  if (problems.length === 0 || problems.some((p) => p === undefined)) return undefined;
  const passed = facts.start.some((c) => c.words.some((w) => OPEN_WORD.test(w)) || isGivenAddress(c.words));
  // An argument goes over what the program has as a default: all that does not stand in the call itself.
  const isElsewhere = (v: FactValue): boolean =>
    v.kind !== "literal" || (v.at ? !holds(l.place, v.at) : l.evidence[0]?.includes(String(v.value)) === false);
  if (passed && l.host.some(isElsewhere)) return undefined;
  if (facts.imageEnv["#OPEN"] && l.host.some((v) => v.kind !== "literal")) return undefined;
  // What an option is by default goes before what one caller writes down.
  const declaredOnes = problems.filter((p) => p?.kind === "literal" && p.through !== undefined);
  const first = (declaredOnes[0] ?? problems[0]) as HostProblem;
  const only = counted.length === 1 && counted[0]?.kind === "env" ? counted[0].name : undefined;
  const alone = first.kind === "default" || isWhole(first);
  const decides = only !== undefined && alone && OPENING.test(only) && facts.imageEnv[only] === undefined;
  return decides ? { ...first, variable: only } : first;
}

/** Also within a URL, where .NET writes a star: `--urls http://*:8080`. */
const OPEN_WORD = /(^|[=:]|:\/\/)(0\.0\.0\.0|\[?::\]?)(:|$)|:\/\/[*+]:[\d$]/;

/** `--address any`: a word of the program's own, which is not localhost; granian's `--interface asgi` is no address. */
function isGivenAddress(words: readonly string[]): boolean {
  return words.some((word, i) => {
    const flag = /^(?:-a|-b|--(?:[\w-]*-)?(?:host|hostname|bind|listen|addr(?:ess)?|interface))(?:=(.+))?$/.exec(word);
    const value = flag && (flag[1] ?? words[i + 1]);
    return /^(?![arw]sgi)[a-z*+]\w*$/i.test(value ?? "") && !isLocalHost(value);
  });
}

/** `if host == "" { host = "localhost" }`, `if !*remote { addr = "localhost" + addr }`: what none becomes where nobody asks. */
function isFilledIn(v: FactValue, facts: SourceFacts): boolean {
  if (v.kind === "option" && v.fallback?.length === 1) return isFilledIn(v.fallback[0] as FactValue, facts);
  if (v.kind !== "literal" || !v.at || !isLocalHost(v.value)) return false;
  const before = (facts.text(v.at.file) ?? "").slice(Math.max(0, v.at.start - 120), v.at.start);
  return /\bif \(?(?:!\*?[\w.]+|[\w.]+ == "")\)? \{\s*[\w.]+ = $/.test(before);
}

/** What is computed from variables that are called after an address, of which neither the image nor a script sets one. */
function isOfUnset(v: FactValue, facts: SourceFacts): boolean {
  if (v.kind !== "derived" || v.env.length === 0) return false;
  return v.env.every((n) => OPENING.test(n) && facts.imageEnv[n] === undefined && !isOpenedByVariable(n, facts));
}

function holds(place: Place, at: Place): boolean {
  return at.file === place.file && at.start >= place.start && at.end <= place.end;
}

function isNone(v: FactValue): boolean {
  return v.kind === "absent" || (v.kind === "literal" && v.value === "");
}

function isPutBefore(v: FactValue, all: readonly FactValue[]): boolean {
  const rest = v.kind === "literal" ? /^(?:0\.0\.0\.0|\[?::\]?)(?=.)(.+)$/.exec(String(v.value))?.[1] : undefined;
  return rest !== undefined && all.some((o) => o.kind === "literal" && o.value === rest);
}

/** The host is all that its text holds, not a part of `localhost:3000` or of a URL; the quotes stand around it. */
function isWhole({ host, at }: Extract<HostProblem, { kind: "literal" }>): boolean {
  return at !== undefined && at.end - at.start === host.length + 2;
}

/** Variables that say where a server listens. */
const OPENING = /(HOST|HOSTNAME|BIND|ADDR|ADDRESS|LISTEN|INTERFACE|IP)$/i;

/** PHP's commands read an option without a value as `true`. */
function isSwitch(l: Listener): boolean {
  return l.place.file.endsWith(".php");
}

function hostOf(v: FactValue, l: Listener, facts: SourceFacts): HostProblem | undefined {
  switch (v.kind) {
    case "literal":
      if (!isLocalText(v.value)) return undefined;
      return { kind: "literal", host: String(v.value), ...(v.at ? { at: v.at } : {}) };
    case "absent":
      return l.defaults.host === "localhost" ? { kind: "default" } : undefined;
    case "env":
    case "option": {
      if (v.kind === "env" && facts.imageEnv[v.name] !== undefined) {
        const set = facts.imageEnv[v.name];
        return isLocalHost(set) ? { kind: "literal", host: set as string, through: v.name } : undefined;
      }
      if (isOpenedByVariable(v.name, facts)) return undefined;
      // Nor is an option without a default known to leave it to the framework where a setting opens the server.
      if (v.kind === "option" && facts.opensElsewhere(l, v.name, !v.open && v.fallback !== undefined)) return undefined;
      const fallback = v.fallback ?? [{ kind: "absent" as const }];
      // Localhost, or what goes in a circle on the way to it (`c.Listen = normalize(c.Listen)`).
      const known = fallback.filter((f) => f.kind !== "unknown");
      const isLocal = known.length > 0 && known.every(saysLocal);
      const inner = (isLocal && !facts.opensElsewhere(l) ? known : fallback).map((f) => hostOf(f, l, facts));
      if (inner.length === 0 || inner.some((p) => p === undefined)) return undefined;
      const first = inner[0] as HostProblem;
      return first.kind === "literal" ? { ...first, through: v.name } : first;
    }
    default:
      return undefined;
  }
}

/** `RUN printf 'bind_host = "0.0.0.0"' > app.toml`: settings that the recipe of the image writes. */
function isWrittenOpen(facts: SourceFacts): boolean {
  let open = RECIPES.get(facts);
  if (open === undefined) {
    const recipes = new Set(facts.start.filter((c) => c.from === "dockerfile").map((c) => c.place.file));
    const texts = [...recipes].map((file) => facts.text(file) ?? "");
    const written = texts.flatMap((text) => [...text.matchAll(WRITTEN_OPEN)]);
    open = written.some(([, name = ""]) => !OTHERS.test(name)) || texts.some((text) => REPLACED.test(text));
    RECIPES.set(facts, open);
  }
  return open;
}

const RECIPES = new WeakMap<SourceFacts, boolean>();

const WRITTEN_OPEN =
  /^(?![ \t]*#).*?(?<![\w.-])([\w.-]*(?:host|addr|bind|listen|interface)[\w.-]*)["']?[ \t]*[:=][ \t]*["']?(?:0\.0\.0\.0|\[::\])/gim;

/** `RUN sed -i "s/127.0.0.1/0.0.0.0/" config.php` */
const REPLACED =
  /^(?![ \t]*#).*\bsed\b.*?\bs([/|#,@])(?:(?!\1).)*(?:127\\?\.0\\?\.0\\?\.1|localhost)(?:(?!\1).)*\1(?:(?!\1).)*0\.0\.0\.0/m;

/** `ENV APP_ADDRESS=0.0.0.0:8080` for the flag `address`: what a prefix before its name was not followed for; .NET's `Server__Host`. */
function isOpenedByVariable(setting: string, { imageEnv }: SourceFacts): boolean {
  const own = setting.replace(/^-+/, "").replace(/[-.:]/g, "_").toUpperCase();
  return Object.entries(imageEnv).some(([name, value]) => {
    const plain = name.replaceAll("__", "_").toUpperCase();
    const isOwn = plain.endsWith(`_${own}`) || (plain === own && name.includes("__"));
    return isOwn && OPENING.test(name) && OPEN_VALUE.test(value) && !OTHERS.test(name);
  });
}

const OPEN_VALUE = /^(?:\w+:\/\/)?(?:0\.0\.0\.0|\[?::\]?)(?::|$)/;

/** Also with a port behind it, where both were given as one. */
function isLocalText(value: unknown): boolean {
  return isLocalHost(value) || isLocalHost(/^([a-z\d.]+):\d+$/i.exec(String(value))?.[1]);
}

/** Localhost, or an option or a variable that is localhost as far as it is known. */
function saysLocal(v: FactValue): boolean {
  if (v.kind === "literal") return isLocalText(v.value);
  const isNamed = v.kind === "option" || v.kind === "env";
  const known = isNamed ? (v.fallback ?? []).filter((f) => f.kind !== "unknown") : [];
  return known.length > 0 && known.every(saysLocal);
}

/** Reads PORT and takes all interfaces, as far as is known: the program's real listener. */
export function isGood(l: Listener, facts: SourceFacts): boolean {
  return portProblem(l, facts) === undefined && hostProblem(l, facts) === undefined && readsPort(l);
}

export function readsPort(l: Listener): boolean {
  const all = flatten(l.port);
  if (all.every((v) => v.kind === "absent")) return l.defaults.port === "PORT";
  return all.some(
    (v) =>
      (v.kind === "env" && v.name === "PORT") ||
      (v.kind === "derived" && (v.env.includes("PORT") || v.env.includes("*"))),
  );
}

function flatten(values: readonly FactValue[]): FactValue[] {
  return values.flatMap((v) =>
    (v.kind === "env" || v.kind === "option") && v.fallback
      ? [v, ...flatten(v.fallback).filter((f) => f.kind !== "unknown" && f.kind !== "absent")]
      : [v],
  );
}

function portNumber(value: unknown): number | undefined {
  const n =
    typeof value === "number" ? value : typeof value === "string" && /^\d+$/.test(value) ? Number(value) : Number.NaN;
  return Number.isInteger(n) && n > 0 && n < 65_536 ? n : undefined;
}

function firstText(values: readonly FactValue[] | undefined): string | undefined {
  for (const v of values ?? []) {
    if (v.kind === "literal") return String(v.value);
    if (v.kind === "env" || v.kind === "option") {
      const inner = firstText(v.fallback);
      if (inner) return inner;
    }
  }
  return undefined;
}

/** For what another server program may start in the listener's place. */
export function unlessStarted({ otherStarter }: Listener): string {
  return otherStarter === undefined ? "" : `, unless ${otherStarter} starts the program`;
}
