/** What a start script starts, behind wrappers, other scripts, `cd` and builds that precede it. */
import { readFetching } from "./fetching.ts";
import { scriptCall } from "./script-call.ts";
import { type SimpleCommand, simpleCommands } from "./words.ts";

export interface Start {
  /**
   * `file`: node (or tsx, ts-node, …) runs a file. `tool`: a program of a package (`next start`). `unknown`: a shell script or a
   * program nobody here knows.
   */
  kind: "file" | "tool" | "unknown";
  /** The file, or the tool's name; for a tool that is called by its file, `node_modules/…`. */
  target: string;
  /** Options for node before the file. */
  nodeArgs: string[];
  args: string[];
  env: Record<string, string>;
  /** Directory that a `cd` or a workspace flag leads to, relative to the package. */
  directory: string;
  /** Workspace that a package manager is told to run in (`-w web`, `--filter web`). */
  workspace?: string;
  /** What is started side by side with it in other directories or workspaces. */
  beside?: Start[];
  /** Commands that run before it: `npm run build`, `prisma migrate deploy`. */
  before: string[];
  /** Names of scripts passed through, `start` first. */
  through: string[];
  /** A transpiler runs the source: the file is TypeScript or uses JSX. */
  transpiled: boolean;
  /** The package that `npx` and its like fetch where no dependency brings the program, as written: `serve@14`. */
  fetched?: string;
}

const WRAPPERS: Record<string, (args: string[]) => string[]> = {
  "cross-env": skipAssignments,
  "cross-env-shell": skipAssignments,
  env: skipAssignments,
  exec: (args) => args,
  time: (args) => args,
  dotenv: afterDashes,
  "dotenv-flow": afterDashes,
  dotenvx: afterDashes,
  "env-cmd": (args) => skipFlags(args, ["-f", "-e", "-r", "--file", "--environments"]),
  doppler: afterDashes,
  infisical: afterDashes,
  op: afterDashes,
  c8: (args) => skipFlags(args, []),
  nyc: (args) => skipFlags(args, []),
  newrelic: (args) => args,
  "ts-node-dev": (args) => ["ts-node", ...args],
  tsnd: (args) => ["ts-node", ...args],
  "node-dev": (args) => ["node", ...args],
  forever: (args) => ["node", ...(args[0] === "start" ? args.slice(1) : args)],
  supervisor: (args) => ["node", ...args],
  "dumb-init": (args) => skipFlags(args, []),
  tini: afterDashes,
};

/** What wrappers of the command's environment start: `cross-env A=1 webpack` → `webpack`. Others are left as they are. */
export function unwrapped(words: readonly string[]): string[] {
  const rest = [...words];
  for (let depth = 0; depth < 8; depth++) {
    const name = programName(rest[0]);
    const args = rest.slice(1);
    const inner = readFetching(name, args)?.words ?? managerExec(name, args) ?? WRAPPERS[name]?.(args);
    if (inner === undefined || inner.length === 0) break;
    rest.splice(0, rest.length, ...inner);
  }
  return rest;
}

/** A package's program, by its name or by the link to it. */
const programName = (word = "") => word.replace(/^(?:\.\/)?node_modules\/\.bin\//, "");

const TRANSPILERS = new Set([
  "tsx",
  "ts-node",
  "ts-node-esm",
  "esno",
  "esr",
  "babel-node",
  "swc-node",
  "sucrase-node",
  "jiti",
  "vite-node",
  "bun",
  "deno",
]);
/** Options of node that take the next word. */
const NODE_VALUE_OPTIONS = new Set([
  "-r",
  "--require",
  "--import",
  "--loader",
  "--experimental-loader",
  "-C",
  "--conditions",
  "--env-file",
  "--env-file-if-exists",
  "--title",
  "--max-http-header-size",
  "--icu-data-dir",
  "--openssl-config",
]);
/** Modules that transpile or resolve TypeScript at run time: the bundle does it at build time. */
const REGISTER =
  /^(?:ts-node|tsx|esbuild-register|@swc-node|@swc\/register|@babel\/register|sucrase|tsconfig-paths|esm|jiti)(?:\/|$)|^@esbuild-kit\//;

/** Shells, and programs that start another language: no package of npm's is meant. */
const NOT_NODE =
  /^(?:sh|bash|zsh|make|just|docker|docker-compose|podman|ruby|bundle|rackup|rails|puma|unicorn|python[\d.]*|gunicorn|uvicorn|hypercorn|daphne|flask|celery|uv|poetry|pipenv|php|java|mvn|gradle|gradlew|\.\/gradlew|\.\/mvnw|go|air|dotnet|cargo|mix|elixir|iex|perl|nginx|caddy|httpd|apache2|vendor\/bin\/.*)$/;

/** Small programs of every system that do their work and end. */
const ENDS = /^(?:touch|mkdir|rm|rmdir|cp|mv|ln|chmod|chown|printf|date|cat|ls|exit|:)$/;

/** @param scripts of the package @param name of the script to start with, or a command line with `line` */
export function readStart(scripts: Record<string, string>, name: string, line = scripts[name]): Start | undefined {
  if (!line?.trim()) return undefined;
  return follow(line, scripts, { directory: ".", before: [], through: [name], env: {} }, 0);
}

interface Trail {
  directory: string;
  before: string[];
  through: string[];
  env: Record<string, string>;
  workspace?: string;
  fetched?: string | undefined;
}

function follow(line: string, scripts: Record<string, string>, trail: Trail, depth: number): Start | undefined {
  if (depth > 8) return undefined;
  const commands = simpleCommands(line);
  const runnable: SimpleCommand[] = [];
  for (const [i, command] of commands.entries()) {
    const next = commands[i + 1]?.operator;
    if (command.words[0] === "cd" && command.words[1]) trail.directory = joinPath(trail.directory, command.words[1]);
    else if (command.words[0] === "export")
      Object.assign(trail.env, simpleCommands(command.words.slice(1).join(" "))[0]?.env ?? {});
    else if (command.operator === "|" || command.operator === "||") continue;
    else if (
      next === "&" ||
      command.words.length === 0 ||
      /^(?:sleep|echo|set|true|clear|wait-on)$/.test(command.words[0] as string)
    )
      continue;
    else runnable.push(command);
  }
  // `server start --daemon && touch server.status`
  while (runnable.length > 1 && ENDS.test(runnable.at(-1)?.words[0] ?? "")) runnable.pop();
  const last = runnable.pop() ?? commands.find((command) => command.words.length > 0);
  if (!last) return undefined;
  trail.before.push(...runnable.map((command) => command.words.join(" ")));
  return command(last.words, { ...trail.env, ...last.env }, scripts, trail, depth);
}

function command(
  words: string[],
  env: Record<string, string>,
  scripts: Record<string, string>,
  trail: Trail,
  depth: number,
): Start | undefined {
  const name = programName(words[0]);
  const args = words.slice(1);
  const again = (rest: string[], more: Record<string, string> = {}) =>
    command(rest, { ...env, ...more }, scripts, trail, depth + 1);
  if (depth > 16 || name === "") return undefined;

  const other = scriptCall(name, args);
  if (other) {
    const directory = joinPath(trail.directory, other.directory ?? ".");
    const inner: Trail = { ...trail, directory, env, through: [...trail.through, other.script] };
    if (other.workspace !== undefined)
      return { ...empty(inner), kind: "unknown", target: other.script, workspace: other.workspace };
    if (inner.directory !== "." || trail.through.includes(other.script))
      return { ...empty(inner), kind: "unknown", target: other.script };
    const line = scripts[other.script];
    return line === undefined ? toolStart(name, args, env, trail) : follow(line, scripts, inner, depth + 1);
  }
  const managed = managerExec(name, args);
  if (managed) return again(managed);
  const fetching = readFetching(name, args);
  if (fetching) return command(fetching.words, env, scripts, { ...trail, fetched: fetching.package }, depth + 1);
  if (name === "concurrently" || name === "run-p" || name === "npm-run-all" || name === "run-s") {
    const elsewhere: Start[] = [];
    for (const line of parallelLines(name, args, scripts)) {
      const found = follow(line, scripts, { ...trail, env, before: [...trail.before] }, depth + 1);
      if (found && found.kind !== "unknown") return found;
      if (found && (found.workspace !== undefined || found.directory !== ".")) elsewhere.push(found);
    }
    const [first, ...beside] = elsewhere;
    return first && { ...first, beside };
  }
  if ((name === "sh" || name === "bash") && args[0] === "-c" && args[1])
    return follow(args[1], scripts, { ...trail, env }, depth + 1);
  if (name === "pm2-runtime" || name === "pm2" || name === "pm2-docker") {
    const rest = skipFlags(
      args.filter((arg) => arg !== "start"),
      ["-i", "--instances", "--name", "-n"],
    );
    return rest[0] && /\.[cm]?[jt]s$/.test(rest[0]) && !/(?:ecosystem|pm2)[\w.]*\.config\./.test(rest[0])
      ? again(["node", ...rest])
      : toolStart(name, args, env, trail);
  }
  if (name === "nodemon") {
    const execAt = args.findIndex((arg) => arg === "--exec" || arg === "-x");
    if (execAt >= 0 && args[execAt + 1]) {
      const file = skipFlags(
        [...args.slice(0, execAt), ...args.slice(execAt + 2)],
        ["--watch", "-w", "--ext", "-e", "--ignore", "-i", "--delay", "-d"],
      );
      return follow(`${args[execAt + 1]} ${file.join(" ")}`, scripts, { ...trail, env }, depth + 1);
    }
    return again([
      "node",
      ...skipFlags(args, ["--watch", "-w", "--ext", "-e", "--ignore", "-i", "--delay", "-d", "--signal"]),
    ]);
  }
  const wrapper = WRAPPERS[name];
  if (wrapper) {
    const assigned = name.startsWith("cross-env") || name === "env" ? assignments(args) : {};
    // What a wrapper starts is not what was fetched: that was the wrapper.
    return command(wrapper(args), { ...env, ...assigned }, scripts, { ...trail, fetched: undefined }, depth + 1);
  }
  if (name === "node" || name === "nodejs") return nodeStart(args, env, trail, false);
  if (TRANSPILERS.has(name)) {
    const rest = args[0] === "watch" || args[0] === "run" ? args.slice(1) : args;
    const start = nodeStart(
      skipFlags(
        rest,
        ["-P", "--project", "--tsconfig", "-T", "--transpile-only"].filter(
          (flag) => !flag.endsWith("only") && flag !== "-T",
        ),
        true,
      ),
      env,
      trail,
      true,
    );
    return start ?? toolStart(name, args, env, trail);
  }
  if (/^\.{0,2}\/?[\w./-]+\.[cm]?[jt]sx?$/.test(name)) return nodeStart([name, ...args], env, trail, /ts/.test(name));
  // `./bin/server`: a file of the app, as its first line is to say.
  if (/^\.{1,2}\/[\w./-]+$/.test(name) && !/\.\w+$/.test(name) && !NOT_NODE.test(name))
    return nodeStart([name, ...args], env, trail, false);
  return toolStart(name, args, env, trail);
}

/** Command lines of a runner of several scripts: those named like a server first, then the last one first. */
function parallelLines(runner: string, args: string[], scripts: Record<string, string>): string[] {
  const names = args.filter((arg) => !arg.startsWith("-"));
  const lines = names.flatMap((word) => {
    const script = runner === "concurrently" ? /^(?:npm|pnpm|yarn|bun):(.+)$/.exec(word)?.[1] : word;
    if (script === undefined) return [word];
    // `start:*` is every script of that name, `start:**` deeper ones too.
    const pattern = script
      .replace(/[.+?^${}()|[\]\\]/g, "\\$&")
      .replace(/\*+/g, (stars) => (stars.length > 1 ? ".*" : "[^:]*"));
    const found = Object.keys(scripts).filter((key) => new RegExp(`^${pattern}$`).test(key));
    return (found.length > 0 ? found : [script]).map((key) => `npm run ${key}`);
  });
  const serves = (line: string) => /server|backend|\bapi\b|\bapp\b|\bweb\b|prod/.test(line);
  lines.reverse();
  return [...lines.filter(serves), ...lines.filter((line) => !serves(line))];
}

function nodeStart(args: string[], env: Record<string, string>, trail: Trail, transpiled: boolean): Start | undefined {
  const start: Start = { ...empty(trail), kind: "file", env, transpiled };
  let at = 0;
  for (; at < args.length; at++) {
    const arg = args[at] as string;
    if (!arg.startsWith("-") || arg === "-") break;
    const [option, inline] = arg.split(/=(.*)/s) as [string, string?];
    const value = inline ?? (NODE_VALUE_OPTIONS.has(option) ? args[++at] : undefined);
    if (["-e", "--eval", "-p", "--print", "--test"].includes(option)) return undefined;
    if (
      /^--(?:inspect|env-file|watch|nolazy|experimental-strip-types|no-warnings|experimental-specifier-resolution|expose-internals|files|esm|transpile-only|respawn|clear-screen)/.test(
        option,
      ) ||
      (transpiled && /^-/.test(option) && !NODE_VALUE_OPTIONS.has(option))
    )
      continue;
    if (value !== undefined && REGISTER.test(value)) {
      start.transpiled ||= !/^(?:esm|tsconfig-paths)/.test(value);
      continue;
    }
    start.nodeArgs.push(
      ...(value === undefined ? [arg] : [`${option}${option.startsWith("--") ? "=" : ""}`, value]).reduce<string[]>(
        joinOption,
        [],
      ),
    );
  }
  const target = args[at];
  if (target === undefined || target.startsWith("$")) return undefined;
  const file = target.replace(/^\.\//, "");
  // A package's program, by its file or by the link to it.
  const program = /^node_modules\/(?:\.bin\/([^/]+)$)?/.exec(file);
  if (program) return { ...start, kind: "tool", target: program[1] ?? file, args: args.slice(at + 1) };
  return { ...start, target: file, args: args.slice(at + 1) };
}

/** `--import=` and its value are one word, `-r` and its value two. */
function joinOption(words: string[], word: string): string[] {
  const last = words.at(-1);
  return last?.endsWith("=") ? [...words.slice(0, -1), last + word] : [...words, word];
}

function toolStart(name: string, args: string[], env: Record<string, string>, trail: Trail): Start {
  // A manager that runs a script which is not there, or does something else than running, is no program of a package.
  const unknown = /\.(?:sh|rb|py|php)$/.test(name) || NOT_NODE.test(name) || /^(?:npm|npx|pnpm|yarn)$/.test(name);
  return { ...empty(trail), kind: unknown ? "unknown" : "tool", target: name, args, env };
}

function empty(trail: Trail): Start {
  return {
    kind: "unknown",
    target: "",
    nodeArgs: [],
    args: [],
    env: { ...trail.env },
    directory: trail.directory,
    before: trail.before,
    through: trail.through,
    transpiled: false,
    ...(trail.fetched !== undefined && { fetched: trail.fetched }),
  };
}

/** `pnpm exec x`, `yarn exec x`, `yarn node x`: programs that dependencies bring. */
function managerExec(name: string, args: string[]): string[] | undefined {
  if (name === "yarn" && args[0] === "node") return args;
  return (name === "yarn" || name === "pnpm") && args[0] === "exec" ? skipFlags(args.slice(1), []) : undefined;
}

function skipAssignments(args: string[]): string[] {
  const at = args.findIndex((arg) => !/^[A-Za-z_]\w*=/.test(arg) && !arg.startsWith("-"));
  return at < 0 ? [] : args.slice(at);
}

function assignments(args: string[]): Record<string, string> {
  const env: Record<string, string> = {};
  for (const arg of args) {
    const match = /^([A-Za-z_]\w*)=(.*)$/s.exec(arg);
    if (!match) break;
    env[match[1] as string] = match[2] as string;
  }
  return env;
}

function afterDashes(args: string[]): string[] {
  const at = args.indexOf("--");
  if (at >= 0) return args.slice(at + 1);
  return skipFlags(args[0] === "run" ? args.slice(1) : args, ["-e", "-f", "-c", "-p"]);
}

function skipFlags(args: string[], valued: string[], keepNodeOptions = false): string[] {
  let at = 0;
  while (at < args.length && (args[at] as string).startsWith("-")) {
    if (args[at] === "--") return args.slice(at + 1);
    if (keepNodeOptions && NODE_VALUE_OPTIONS.has((args[at] as string).split("=")[0] as string)) break;
    at += valued.includes(args[at] as string) ? 2 : 1;
  }
  return args.slice(at);
}

function joinPath(a: string, b: string): string {
  const parts: string[] = [];
  for (const part of `${a}/${b}`.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  }
  return parts.join("/") || ".";
}
