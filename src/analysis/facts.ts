/** What the source says about itself, independent of its language: what the rules read. Plain data. */
import type { Location, Rule } from "../check/types.ts";

/** Offsets into a file's text, UTF-16 units, end exclusive. */
export interface Place {
  file: string;
  start: number;
  end: number;
}

/** One possible value. A fact holds all that were found; `unknown` among them means that others are possible. */
export type FactValue =
  | { kind: "literal"; value: string | number | boolean | null; at?: Place }
  | { kind: "env"; name: string; fallback?: FactValue[] }
  /** A flag, a system property or a configuration key with what it is when nobody sets it; `open`: what sets it was not followed. */
  | { kind: "option"; name: string; fallback?: FactValue[]; open?: true }
  /** Computed from environment variables; `*` is one that cannot be named. */
  | { kind: "derived"; env: string[] }
  | { kind: "absent" }
  | { kind: "unknown" };

/** When a place is reached: the conditions around it, as the source writes them. */
export interface Reach {
  /** `process.env.USE_TLS`, `cfg.TLS != ""`. */
  conditions: string[];
  /** Environment variables in them. */
  env: string[];
  /** Only in development or in tests. */
  development: boolean;
}

export interface Listener {
  framework: string;
  protocol: "http" | "grpc" | "tcp" | "websocket";
  port: FactValue[];
  host: FactValue[];
  /** What the framework does when it is given no port, no host. */
  defaults: { port?: number | "PORT"; host?: "all" | "localhost" };
  place: Place;
  /** Where to put a corrected port or host, when that is one literal. */
  portPlace?: Place;
  hostPlace?: Place;
  /** An expression that reads PORT in this language, when a literal can be replaced by it. */
  portFix?: string;
  reach: Reach;
  evidence: string[];
  /** The server that this language's runtime starts handles SIGTERM by itself. */
  handlesSigterm?: boolean;
  /** Of a server that speaks over the network only where it is told so: what it is told. */
  over?: FactValue[];
  /** Metrics, profiling, health: not the listener that serves requests. */
  secondary?: boolean;
  /** It is closed by the first request that it waits for. */
  passing?: boolean;
  /** Only when a function is called: not by being loaded. */
  inFunction?: boolean;
  /** Its host was not followed to it, but found by its name. */
  guessed?: true;
  /** A server program that may start the application in its place: nothing says how it is started. */
  otherStarter?: string;
}

export interface TlsServer {
  what: string;
  place: Place;
  reach: Reach;
  evidence: string[];
  /** In a configuration file rather than in code. */
  config?: boolean;
  /** Of a configuration file: it is the program's own framework that reads it, not a server in front of it. */
  ofProgram?: boolean;
  /** The option that switches it on, when there is one. */
  option?: string;
  /** Only redirects to https: not a server. */
  redirect?: boolean;
  /** The function that has to be called first; "" when it has no name. */
  within?: string;
}

export interface SignalHandler {
  signals: string[];
  by: string;
  place: Place;
  /** How long it lets a drain take, when it says so. */
  drainMs?: number;
  /** Conditions that switch it on. */
  reach: Reach;
  /** It never ends the process nor closes a server. */
  endless?: boolean;
  /** It closes the server and waits: whoever keeps a connection open keeps the process. */
  waitsForConnections?: boolean;
}

export interface BackgroundWork {
  what: string;
  kind: "timer" | "scheduler" | "queue" | "thread" | "after-response";
  place: Place;
  reach: Reach;
  /** Does not keep the process busy (`unref`), or serves metrics. */
  minor?: boolean;
  evidence?: string[];
}

export interface StateUse {
  what: string;
  /** `memory`: a collection of the program itself. */
  kind: "file" | "session" | "cache" | "database" | "memory";
  place: Place;
  reach: Reach;
  /** Below the temporary folder: lost too, but meant to be. */
  temporary?: boolean;
  /** A variable that can put it elsewhere. */
  option?: string;
  evidence?: string[];
}

export interface EnvironmentNeed {
  name: string;
  /** What fails without it. */
  failure: "start" | "handler";
  /** `answers 500`, `throws`, `exits with 1`. */
  how: string;
  place: Place;
  evidence: string[];
  /** The route or function that fails. */
  handler?: string;
}

export interface OtherFact {
  kind: "architecture" | "metadata" | "project" | "assignment" | "keep-alive" | "h2c" | "drain";
  what: string;
  place: Place;
  reach: Reach;
  /** Depends on the kind: milliseconds, the name of a variable, … */
  value?: string | number;
  evidence?: string[];
  /** Worth knowing, breaks nothing by itself. */
  minor?: boolean;
}

/** How the program is started, as Dockerfile, Procfile and package.json say. */
export interface StartCommand {
  words: string[];
  /** Where it stands. */
  place: Place;
  from: "dockerfile" | "procfile" | "package.json" | "other";
  /** `sh -c`: its variables are expanded. */
  shell: boolean;
  /** Of a command that the program makes: the values that its words hold. */
  values?: readonly FactValue[];
  /** It runs beside the program that starts it, which gets the signals. */
  child?: boolean;
  /** Of a command that the program makes: when it does, and its text. */
  reach?: Reach;
  evidence?: string;
}

export interface SourceFacts {
  listeners: Listener[];
  tlsServers: TlsServer[];
  signalHandlers: SignalHandler[];
  background: BackgroundWork[];
  state: StateUse[];
  needs: EnvironmentNeed[];
  others: OtherFact[];
  start: StartCommand[];
  /** Variables that the image's Dockerfile sets. */
  imageEnv: Record<string, string>;
  /** Is the variable PORT read, or could it be, anywhere in the program? */
  portMentioned: boolean;
  /** Does a file of the listener's program give a host or an address, or that of a setting, all interfaces, whether or not a value led there? */
  opensElsewhere(l: Pick<Listener, "place">, setting?: string, isFollowed?: boolean): boolean;
  /** The program is started by something that handles SIGTERM itself (gunicorn, an init process). */
  supervisor?: { name: string; effect: "handles" | "kills" };
  /** What the program is, when its listener is somewhere that is not read: `next start`. */
  runtimes: { name: string; place: Place }[];
  languages: string[];
  /** The one in which the program that is started is written, where that is known. */
  startLanguage?: string | undefined;
  /** Files that were judged, and those that were left out, with why. */
  judged: string[];
  skipped: { file: string; why: string }[];
  /** Text of a file, for regions and fixes. */
  text(file: string): string | undefined;
  locate(place: Place): Location;
  profile: "gke" | "knative";
}

/** What stands in a file or a command: digits are a number. */
export function literalFact(text: string): FactValue & { kind: "literal" } {
  return { kind: "literal", value: /^\d+$/.test(text) ? Number(text) : text };
}

export function emptyReach(): Reach {
  return { conditions: [], env: [], development: false };
}

/** A rule over source code. */
export type SourceRule = Rule<SourceFacts>;
