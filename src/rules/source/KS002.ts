import { isAskedAtCall } from "../../analysis/asked-at-call.ts";
import { isBridge, isHelper, languageFor } from "../../analysis/bridges.ts";
import type { FactValue, Listener, SourceFacts, SourceRule } from "../../analysis/facts.ts";
import { hostFix } from "../../analysis/fixes.ts";
import { isForTls, isInTls, isMadeForTls } from "../../analysis/for-tls.ts";
import { isOfOtherGoProgram } from "../../analysis/go/other-programs.ts";
import { isForPeers } from "../../analysis/peers.ts";
import { languageOf } from "../../analysis/project.ts";
import { placesOf } from "../../analysis/settings/found-address.ts";
import { isLocalHost } from "../../analysis/values.ts";
import { type HostProblem, hostProblem, portProblem, readsPort, unlessStarted } from "../../analysis/verdict.ts";
import { escaped } from "../../base/escaped.ts";
import type { Finding } from "../../check/types.ts";

const rule: SourceRule = {
  id: "KS002",
  aliases: ["bound-to-localhost"],
  subject: "source",
  severity: "error",
  clause: "S11",
  summary: "The server is bound to localhost",
  help: `Requests come to the container from outside its network namespace: a listener on 127.0.0.1 or ::1 is never reached,
and the instance is never ready. Listen on all interfaces, \`0.0.0.0\` (or \`::\`, dual-stack).

Some frameworks take localhost unless told: Fastify, Flask, uvicorn, Sanic, Django's runserver, Rocket, Sinatra in
development. Give them the host: \`app.listen({ port, host: "0.0.0.0" })\`, \`app.run(host="0.0.0.0")\`, \`--host 0.0.0.0\`.`,
  *check(facts) {
    for (const l of facts.listeners) {
      const problem = hostProblem(l, facts);
      // A tunnel, metrics, a lock: what is bound to localhost beside the server itself is its own affair.
      if (!problem || l.secondary || hasOpenServer(l, problem, facts) || isForOperators(l, problem, facts)) continue;
      if (isSwitchedOn(l) && standsBeside(l, facts)) continue;
      if (isBridge(l, facts) || isHelper(l, problem, facts)) continue;
      yield finding(l, problem, l.reach.development, facts);
    }
  },
};

export default rule;

/** `if cfg.API.Enabled { … }`: what somebody has to ask for. */
function isSwitchedOn(l: Listener): boolean {
  return l.reach.conditions.some(
    (c) => /(?:\.|->|::)(?:is_?)?enabled?\b(?:\(\))?\)?$/i.test(c) && /^not \(!|^(?!not |!)/.test(c),
  );
}

/** Another server of the same language that is always there. */
function standsBeside(l: Listener, facts: SourceFacts): boolean {
  return facts.listeners.some(
    (other) =>
      !other.secondary &&
      !other.reach.development &&
      !isSwitchedOn(other) &&
      languageOf(other.place.file) === languageOf(l.place.file) &&
      hostProblem(other, facts) === undefined,
  );
}

/**
 * Who runs the program is asked there, by the name of its own setting or of the folder in which its address stands; what it
 * serves stands beside it.
 */
function isForOperators(l: Listener, problem: HostProblem, facts: SourceFacts): boolean {
  const { through: outer = "", at } = problem.kind === "literal" ? problem : {};
  // What a condition asks for may stand around the setting that holds the address: that one names it.
  const through = l.host.length === 1 ? (innermost(l.host[0] as FactValue) ?? outer) : outer;
  if (ONLY_FOR_OPERATORS.test(through) || OPERATORS_FOLDER.test(at?.file ?? "")) return true;
  return (
    /(?<![a-z])internal|management|mgmt|metrics|(?<![a-z])admin|debug|pprof|profil|health|monitor|telemetry|(?<![a-z])stats(?![a-z])|statistics|inspect|prometheus|(?<![a-z])(?:remote[-_.]?)?control(?:ler)?(?![a-z])/i.test(
      through,
    ) && facts.listeners.some((other) => other !== l && !other.secondary && hostProblem(other, facts) === undefined)
  );
}

/** The setting whose own default is an address, of several that stand around one another. */
function innermost(v: FactValue): string | undefined {
  if (v.kind !== "option" && v.kind !== "env") return undefined;
  const [only, ...others] = v.fallback ?? [];
  return (only && others.length === 0 ? innermost(only) : undefined) ?? v.name;
}

/** What nobody calls the server itself: also where that was not found. */
const ONLY_FOR_OPERATORS =
  /pprof|mgmt|profiling|health_?check|(?<![a-z])admin[-_.]?(?:server|api|listen|addr|bind|http)/i;
const OPERATORS_FOLDER = /(?:^|\/)(?:pprof|mgmt|profiling|healthz?)\/[^/]*$/;

/**
 * Another listener of the same language that may be reached from outside. Beside a framework that takes localhost by itself,
 * one whose host was not followed says nothing.
 */
function hasOpenServer(l: Listener, problem: HostProblem, facts: SourceFacts): boolean {
  if (facts.listeners.some((other) => other !== l && !other.secondary && isOpenedByImage(other, facts))) return true;
  const isSetting = l.host.some((h) => h.kind === "option" || h.kind === "env");
  // A setting that is localhost by default is the server's own, whatever else is opened for a while or on demand.
  const isOwnDefault =
    problem.kind === "literal" && problem.through !== undefined && !l.host.every((h) => h.kind === "option" && h.open);
  const chosen = problem.kind === "literal" && problem.through === undefined && !isSetting;
  const isSocket = l.protocol === "tcp" && !isServedLater(l, facts);
  return facts.listeners.some(
    (other) =>
      other !== l &&
      !other.secondary &&
      !other.reach.development &&
      !isPickedBySystem(other) &&
      !(isGuess(other) && !isGuess(l)) &&
      (!isOwnDefault ||
        (other.place.file === l.place.file && isAlwaysThere(other)) ||
        readsPort(other) ||
        isRequired(other) ||
        (isSocket && other.protocol === "http") ||
        (isOfProtocol(other) && !isOfProtocol(l))) &&
      (!readsPort(l) || portProblem(other, facts) === undefined) &&
      (other.host.some((h) => h.kind !== "unknown" && !(isSamePort(other, l) && isLost(h))) ||
        (chosen && (other.protocol !== "tcp" || l.protocol === "tcp")) ||
        // The one that reads PORT is the server, wherever it listens.
        (isOwnDefault && readsPort(other) && !readsPort(l)) ||
        // A socket of its own kind beside what is served, where some address is open.
        (facts.opensElsewhere(l) && other.protocol === "http" && isSocket)) &&
      [languageFor(l, facts), facts.startLanguage ?? "none"].includes(languageFor(other, facts)) &&
      !isPerhapsLocal(other) &&
      !(isForPeers(other, facts.text) && !isForPeers(l, facts.text) && !isNeverMade(l, facts)) &&
      !isForTls(other) &&
      !isAskedFor(other, facts) &&
      !(isInTls(other, facts) && !isInTls(l, facts)) &&
      !(isSetting && !readsPort(other) && isMadeForTls(other, facts) && !isMadeForTls(l, facts)) &&
      !isOtherProgram(other, l, facts) &&
      !isChosenBy(other, l, facts) &&
      !isBeside(other, l, facts) &&
      !(isPreview(other, facts) && !isPreview(l, facts)) &&
      !isWithoutCommand(l, other) &&
      hostProblem(other, facts) === undefined,
  );
}

/** A call of something that was not followed, which only looks like a server's, with a host that was not either. */
function isGuess({ framework, host }: Listener): boolean {
  return framework === "a server" && host.every((h) => h.kind === "unknown");
}

/** What is served over HTTP under no condition, at a port that is known while nobody gives any; what calls a function of another file may ask for more. */
function isAlwaysThere({ protocol, reach, port }: Listener): boolean {
  return protocol === "http" && reach.conditions.length === 0 && port.length > 0 && port.every(isKnown);
}

function isKnown(v: FactValue): boolean {
  return v.kind === "literal" || ((v.kind === "option" || v.kind === "env") && (v.fallback ?? []).some(isKnown));
}

/** A socket of Go that a server of HTTP is handed further down: `listener, err := net.Listen(…)`, `server.Serve(listener)`. */
function isServedLater({ place: { file, end } }: Listener, facts: SourceFacts): boolean {
  const text = file.endsWith(".go") ? (facts.text(file) ?? "") : "";
  return text.includes('"net/http"') && /\.Serve(?:TLS)?\(/.test(text.slice(end));
}

/** A socket of a proxy, a broker or a mail server, by what its address is called: beside it an API or a page is for operators. */
function isOfProtocol({ protocol, host, port }: Listener): boolean {
  const names = [...host, ...port].flatMap((v) => (v.kind === "option" || v.kind === "env" ? [v.name] : []));
  return protocol === "tcp" && names.length > 0 && names.every((name) => PROTOCOL.test(name));
}

const PROTOCOL =
  /(?<![a-z])(?:https?[-_.]?)?(?:proxy|socks[45]?|smtp|imap|pop3|mqtt|amqp|dns|ldap|rtmp|rtsp|redis|syslog|broker)(?![a-z])/i;

/** Without its address the program does not start: `public_listen_addr: SocketAddr` of a command line. */
function isRequired({ host, port }: Listener): boolean {
  const isGiven = (v: FactValue): boolean =>
    v.kind === "option" ? v.fallback === undefined && !v.open : v.kind === "env" && (v.fallback ?? []).some(isGiven);
  return [...host, ...port].some(isGiven);
}

/** `ENV APP_ADDR=0.0.0.0:8080`: what the image is for, whatever else its server starts beside itself. */
function isOpenedByImage({ host }: Listener, facts: SourceFacts): boolean {
  // `flag.String("listen", os.Getenv("LISTEN_ADDR"), …)`
  const isOpen = (v: FactValue): boolean =>
    (v.kind === "env" && OPEN_ADDRESS.test(facts.imageEnv[v.name] ?? "localhost")) ||
    ((v.kind === "env" || v.kind === "option") && v.fallback?.some(isOpen) === true);
  return host.some(isOpen);
}

const OPEN_ADDRESS = /^(?=.)(?:\w+:\/\/)?(?:0\.0\.0\.0|\[?::\]?)?(?::\d*)?$/;

/** A server in a class that nothing in the program makes or inherits: what it listens on is the default of a library. */
function isNeverMade({ place }: Listener, facts: SourceFacts): boolean {
  const before = (facts.text(place.file) ?? "").slice(0, place.start);
  const name = [...before.matchAll(/^[ \t]*(?:export (?:default )?)?class (\w+)/gm)].at(-1)?.[1];
  if (name === undefined) return false;
  const used = new RegExp(
    `\\b(?<!class )${name}(?:\\s*\\(|\\.new\\b)|\\bnew \\W?${name}\\b|\\b(?:class \\w+\\(|extends |<).{0,200}\\b${name}\\b`,
  );
  return !facts.judged.some((file) => used.test(facts.text(file) ?? ""));
}

/** `TCPServer.open(host, 0)`, `new ServerSocket()`: looks for a free port, or serves who is told it. */
function isPickedBySystem({ port, defaults, evidence }: Listener): boolean {
  const isNone = defaults.port === undefined && /(?:ServerSocket|\.listen)\(\s*\)/.test(evidence[0] ?? "");
  return port.length > 0 && port.every((v) => (v.kind === "absent" ? isNone : v.kind === "literal" && v.value === 0));
}

/** `run(app, host=host or environ["HOST"])` beside `run(app, host=settings.host)`: the same server, once with a default that was not followed. */
function isSamePort(one: Listener, other: Listener): boolean {
  const named = (v: FactValue): unknown => (v.kind === "literal" ? v.value : "name" in v ? v.name : v.kind);
  return one.port.map(named).join() === other.port.map(named).join();
}

function isLost(v: FactValue): boolean {
  return v.kind === "unknown" || (v.kind === "env" && v.fallback !== undefined && v.fallback.every(isLost));
}

/** `if cfg.Profile != ""`, `admin: Option<SocketAddr>`: where nothing is given it does not listen at all. */
function isAskedFor(l: Listener, facts: SourceFacts): boolean {
  if (isAskedAtCall(l.place, facts)) return true;
  const names = l.port.flatMap((v) => bareName(v) ?? []);
  if (names.length === 0 || names.length !== l.port.length || readsPort(l)) return false;
  const letters = (text: string): string => text.replace(/[^a-z]/gi, "").toLowerCase();
  return names.every((name) => {
    const isGiven = l.reach.conditions.some((c) => {
      const tested = /^[\w.]*?(\w+) != ""$/.exec(c)?.[1];
      return tested !== undefined && letters(tested) === letters(name);
    });
    const field = new RegExp(`\\b${name.replace(/^--/, "").replace(/\W/g, "_")}\\s*:\\s*Option<`);
    return isGiven || (l.place.file.endsWith(".rs") && field.test(facts.text(l.place.file) ?? ""));
  });
}

/** What an option without a default is called. */
function bareName(v: FactValue): string | undefined {
  if (v.kind !== "option" && v.kind !== "env") return undefined;
  const known = v.fallback?.filter((f) => f.kind !== "absent") ?? [];
  return known.length === 0 ? v.name : known.length === 1 ? bareName(known[0] as FactValue) : undefined;
}

/** One of another program of the Go module, or of none; a script of Python. */
function isOtherProgram(other: Listener, l: Listener, facts: SourceFacts): boolean {
  return other.place.file.endsWith(".py")
    ? isScriptAlone(other.place.file, l, facts)
    : isOfOtherGoProgram(other.place.file, l.place.file, facts);
}

/** A module that is only run by its path, where the server belongs to the command that the package installs. */
function isScriptAlone(file: string, l: Listener, facts: SourceFacts): boolean {
  const name = escaped(file.slice(file.lastIndexOf("/") + 1, -".py".length));
  if (!GUARD.test(facts.text(file) ?? "") || isScript(file, facts) || !filesOf(l).some((f) => isScript(f, facts)))
    return false;
  const imports = new RegExp(`^[ \\t]*(?:from|import)\\b[^\\n]*\\b${name}\\b`, "m");
  return !facts.judged.some((f) => f !== file && f.endsWith(".py") && imports.test(facts.text(f) ?? ""));
}

/** What the server's own port is called, by a flag or in the settings. */
const PLAIN_PORT = /^-*(app|server|http|web)?[-_.]?port$/i;
/** What the ports of other servers are called. */
const OTHER_PORT =
  /metric|admin|health|debug|inspect|pprof|profil|probe|monitor|prometheus|telemetry|manage|control|status|websocket|rpc|proxy|redirect|callback|webhook/i;
/** What nobody but the platform asks. */
const PROBED = /health|probe|metric|prometheus|pprof/i;
const GUARD = /__name__\s*==\s*["']__main__["']/;

/** A server for something else: on a port with a name of its own, or only started by running a module of the package. */
function isBeside(other: Listener, l: Listener, facts: SourceFacts): boolean {
  const ports = (x: Listener): string[] =>
    x.port.flatMap((v) => (v.kind === "option" || v.kind === "env" ? [v.name] : []));
  const theirs = ports(other);
  const plain = (name: string): boolean => PLAIN_PORT.test(name);
  if (theirs.length > 0 && theirs.every((name) => OTHER_PORT.test(name)) && ports(l).some(plain)) return true;
  // It is only there where somebody gives its port.
  const isProbed = (x: Listener): boolean => ports(x).some((name) => PROBED.test(name));
  if (theirs.every((name) => PROBED.test(name)) && isProbed(other) && !isProbed(l) && !other.port.some(isKnown))
    return true;
  const guarded = other.reach.conditions.some((c) => GUARD.test(c));
  return guarded && filesOf(l).some((file) => isScript(file, facts)) && !isScript(other.place.file, facts);
}

/** `tool preview` beside `tool dev`: what was built is looked at once more, and nothing starts it so. */
function isPreview({ place }: Listener, facts: SourceFacts): boolean {
  return /(?:^|[/_.-])preview[^/]*$/i.test(place.file) && !facts.start.some((c) => c.words.includes("preview"));
}

/** `if (!command || command === "dev") …; else if (command === "serve") serve();`: one runs without a command, the other by its own. */
function isWithoutCommand(l: Listener, other: Listener): boolean {
  const runs = l.reach.conditions.find((c) => /^!(\w+(?:\.\w+)*) \|\| \1 ===? ["'`]/.test(c));
  const isBeside = other.place.file === l.place.file && !other.reach.conditions.includes(`not (${runs})`);
  return runs !== undefined && !isBeside;
}

/** Where it listens, and where its port and its host are declared. */
function filesOf(l: Listener): string[] {
  return [l.place, ...[...l.host, ...l.port].flatMap(placesOf)].map((p) => p.file);
}

/** Does the package install a command that starts in this file? */
function isScript(file: string, facts: SourceFacts): boolean {
  const module = file.replace(/(\/__init__)?\.py$/, "").replaceAll("/", ".");
  return ["pyproject.toml", "setup.py", "setup.cfg"].some((manifest) =>
    [...(facts.text(manifest) ?? "").matchAll(/=\s*["']?([A-Za-z_][\w.]*):\w+["']?/g)].some(
      ([, named]) => named !== undefined && (module === named || module.endsWith(`.${named}`)),
    ),
  );
}

/** `if (host === "*") listen(port); else listen(port, host);`, or the other way round: the open one serves whoever asks for it. */
function isChosenBy(other: Listener, l: Listener, facts: SourceFacts): boolean {
  // An address that was not followed may not be given: then the open one serves.
  const isGuessed = l.host.every((h) => h.kind === "option" && h.open);
  return other.reach.conditions.some((c) => {
    if (isGuessed && NOT_GIVEN.test(c)) return false;
    if (SWITCH.test(c) && l.reach.conditions.includes(`not (${c})`)) return !isOnByItself(c, facts);
    const closes = /^not \((.*)\)$/.exec(c)?.[1];
    if (closes !== undefined && CLOSING.test(closes) && l.reach.conditions.includes(closes))
      return isOnByItself(closes, facts);
    const asked = c.startsWith("not (") ? c.slice("not (".length, -1) : c;
    // Which of the two it stands under is looked up last: a program may have very many conditions.
    return (
      /[=!]==?|\bis\b|\beq\b/.test(asked) &&
      [...asked.matchAll(/[\w$.>-]*(?:host|addr|bind|ip|listen|interface)\w*/gi)].some((m) =>
        l.evidence[0]?.includes(m[0]),
      ) &&
      l.reach.conditions.includes(asked === c ? `not (${asked})` : asked)
    );
  });
}

/** `public: true` in the program's own settings: the switch is on unless somebody turns it off. */
function isOnByItself(condition: string, facts: SourceFacts): boolean {
  const word = /(\w+)\W*$/.exec(condition)?.[1];
  if (word === undefined) return false;
  const on = new RegExp(`\\b${word}\\b["']?\\s*(?:[:=]|=>)\\s*true\\b`, "i");
  return facts.judged.some((file) => on.test(facts.text(file) ?? ""));
}

/**
 * `if (argv.public) listen(port); else listen(port, "localhost");`: a switch of the command line, or a setting that is called
 * after what it opens, that nobody gives by itself.
 */
const SWITCH =
  /^(?:(?:argv|args|options|opts|program|flags)(?:\.|\[:?["']?)(?!\w*(?:prod|docker|container|cloud|tls|ssl|https|cert))\w+(?:["']?\])?|(?:\w+(?:\.|->|::))*(?:is|use|allow|enable)?_?(?:host|public|remote|expose|external|lan|share|open|unblock|listen|broadcast)(?:_?(?:all|mode|access|network|lan|public))?)$/i;

/** `restrictToLocalhost`, `settings.localOnly`: a switch that is called after what it closes. */
const CLOSING =
  /^(?:\w+(?:\.|->|::))*(?:is|use|bind|listen|restrict|limit|only)?_?(?:to|on)?_?(?:local(?:host)?|loopback)_?(?:only|mode)?(?:\(\))?$/i;

/** `address == null`, `not (address != "")` */
const NOT_GIVEN =
  /^(?!not )[^!]*===?\s*(?:null|nil|undefined|""|'')|^not \([^!]*!==?\s*(?:null|nil|undefined|""|'')\)$/;

/** Localhost by one way, not followed by another. */
function isPerhapsLocal(l: Listener): boolean {
  return (
    l.host.some((h) => isLocalHost(asText(h))) && l.host.every((h) => h.kind === "unknown" || isLocalHost(asText(h)))
  );
}

function asText(v: FactValue): unknown {
  return v.kind === "literal" ? v.value : undefined;
}

function finding(l: Listener, problem: HostProblem, minor: boolean, facts: SourceFacts): Finding {
  const how =
    problem.kind === "default"
      ? `${l.framework} is given no host and takes localhost`
      : `${l.framework} is bound to ${problem.host}${problem.through ? ` unless ${problem.through} says otherwise` : ""}`;
  const found: Finding = {
    rule: rule.id,
    severity: minor ? "info" : l.otherStarter ? "warning" : "error",
    message: `${how}: requests from outside the container do not reach it${unlessStarted(l)}`,
    location: facts.locate(l.place),
    evidence: l.evidence,
    ...(problem.variable !== undefined && { env: { [problem.variable]: "0.0.0.0" } }),
  };
  const literal = problem.kind === "literal" ? problem : undefined;
  const text = facts.text((literal?.at ?? l.place).file);
  // What was found by its name alone may stand for something else: it is shown, and changed by nobody but its owner.
  const fix =
    minor || l.guessed || text === undefined
      ? undefined
      : hostFix(l, literal?.host, literal && (l.hostPlace ?? literal.at), text);
  if (fix) found.fixes = [fix];
  return found;
}
