/** For each RUN: the shell it runs in, and the variables that ARG and ENV have set by then. */

import { fromView } from "./image-name.ts";
import { LayeredSet } from "./layered.ts";
import { argNames, plainPairs } from "./pairs.ts";
import { readHadolintShell } from "./pragmas.ts";
import { type DockerfileSubject, type Run, runOf } from "./rule.ts";

export interface ShellRun extends Run {
  /** Name of the shell's program: `sh`, `bash`, `ash`. */
  shell: string;
  /** Names that ARG and ENV of the stage set, and those of what it builds on. */
  known: Iterable<string> & { has(name: string): boolean; readonly bound: number };
}

const PROXIES = [
  "HTTP_PROXY",
  "http_proxy",
  "HTTPS_PROXY",
  "https_proxy",
  "FTP_PROXY",
  "ftp_proxy",
  "NO_PROXY",
  "no_proxy",
];

/** Those whose language ShellCheck reads. */
const SHELLS = /^(?:sh|ash|bash|dash|ksh\d*|busybox)$/;

/** What stages begin with; nothing is added to it. */
const STANDARD = new LayeredSet(PROXIES);

interface Scope {
  shell: string;
  known: LayeredSet;
}

interface State extends Scope {
  /** Where ONBUILD runs, in a build on this image: ENV and SHELL are handed on, an ARG is not. */
  triggers: Scope;
  /** Names that its ONBUILD sets: known from the beginning in a build on it. */
  triggered: string[];
  handedOn?: LayeredSet;
}

/** What a stage on this one knows when it begins; made once, and only when the stage has ended. */
function handedOn(base: State): LayeredSet {
  if (base.triggered.length === 0) return base.known;
  if (!base.handedOn) {
    base.handedOn = new LayeredSet(base.known);
    for (const name of base.triggered) base.handedOn.add(name);
  }
  return base.handedOn;
}

function createState(shell: string, base?: State): State {
  return {
    shell: base?.triggers.shell ?? shell,
    known: new LayeredSet(base ? handedOn(base) : STANDARD),
    triggers: { shell: base?.triggers.shell ?? shell, known: new LayeredSet(base?.triggers.known ?? STANDARD) },
    triggered: [],
  };
}

/** RUN instructions in a POSIX shell, in shell form, readable. */
export function shellRuns(subject: DockerfileSubject): readonly ShellRun[] {
  let found = cache.get(subject);
  if (!found) {
    found = [...collect(subject)];
    cache.set(subject, found);
  }
  return found;
}

/** Those among them with a variable or a substitution. */
export function expandingRuns(subject: DockerfileSubject): readonly ShellRun[] {
  let found = expanding.get(subject);
  if (!found) {
    found = shellRuns(subject).filter(({ script: { text } }) => text.includes("$") || text.includes("`"));
    expanding.set(subject, found);
  }
  return found;
}

const expanding = new WeakMap<DockerfileSubject, readonly ShellRun[]>();
const cache = new WeakMap<DockerfileSubject, readonly ShellRun[]>();

function* collect(subject: DockerfileSubject): Generator<ShellRun> {
  const { document } = subject;
  let standard = "sh";
  const stages = new Map<string, State>();
  let state = createState(standard);
  let started = false;
  for (const node of document.nodes) {
    if (node.kind === "comment") {
      const shell = readHadolintShell(node.text);
      if (shell === undefined) continue;
      state.shell = programName(shell);
      state.triggers.shell = state.shell;
      // Above the first FROM it holds for all stages.
      if (!started) standard = state.shell;
      continue;
    }
    if (node.kind !== "instruction") continue;
    const inner = node.trigger ?? node;
    const scope = node.trigger ? state.triggers : state;
    if (inner.name === "from") {
      const { name, alias } = fromView(inner);
      state = createState(standard, stages.get(name));
      if (alias) stages.set(alias, state);
      started = true;
    } else if (inner.name === "arg") {
      for (const name of argNames(inner)) {
        scope.known.add(name);
        if (node.trigger) state.triggered.push(name);
      }
    } else if (inner.name === "env") {
      for (const { key } of plainPairs(inner, document.escape)) {
        if (node.trigger) state.triggered.push(key);
        scope.known.add(key);
        state.triggers.known.add(key);
      }
    } else if (inner.name === "shell") {
      scope.shell = programName(inner.args[0]?.value ?? "sh");
      state.triggers.shell = scope.shell;
    } else if (inner.name === "run" && !inner.json) {
      const run = runOf(subject, node);
      if (!run?.script.tree || !SHELLS.test(scope.shell)) continue;
      const { text } = run.script;
      const shebang = text.startsWith("#!") ? /^#!\s*(\S+)(?:\s+(\S+))?/.exec(text) : undefined;
      const shell = shebang
        ? programName(shebang[1]?.endsWith("/env") ? (shebang[2] ?? "sh") : (shebang[1] as string))
        : scope.shell;
      yield { outer: run.outer, instruction: run.instruction, script: run.script, shell, known: scope.known };
    }
  }
}

function programName(path: string): string {
  return (
    path
      .trim()
      .split(/\s+/, 1)[0]
      ?.replace(/^.*[\\/]/, "")
      .toLowerCase() ?? "sh"
  );
}

/** Only what POSIX has: Debian's dash and others; BusyBox' ash knows some of bash. */
export function isPosixOnly(shell: string): boolean {
  return shell === "sh" || shell === "dash";
}
