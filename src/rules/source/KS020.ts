import type { Listener, SourceFacts, SourceRule } from "../../analysis/facts.ts";
import { sigtermFix } from "../../analysis/fixes.ts";
import { isOfOtherGoProgram } from "../../analysis/go/other-programs.ts";
import { languageOf } from "../../analysis/project.ts";
import { isGood } from "../../analysis/verdict.ts";
import type { Finding } from "../../check/types.ts";

const HOW: Record<string, string> = {
  javascript: 'process.on("SIGTERM", () => server.close(() => process.exit(0)))',
  python: "signal.signal(signal.SIGTERM, stop)",
  go: "signal.NotifyContext(ctx, syscall.SIGTERM), then server.Shutdown",
  java: "server.shutdown=graceful, or Runtime.getRuntime().addShutdownHook",
  kotlin: "Runtime.getRuntime().addShutdownHook, or the engine's grace period",
  ruby: 'trap("TERM") { server.shutdown }',
  php: "pcntl_signal(SIGTERM, …)",
  rust: "with_graceful_shutdown on tokio's SignalKind::terminate()",
  csharp: "the generic host handles it, PosixSignalRegistration.Create(PosixSignal.SIGTERM, …) does without one",
};

/** What becomes of a process that does not handle it, as the first process of its container. */
const ELSE: Record<string, string> = {
  javascript: "As the first process of a container Node ignores it and is killed 10 s later",
  python: "As the first process of a container Python ignores it and is killed 10 s later",
  ruby: "Requests in flight are cut",
  rust: "As the first process of a container it is ignored, and the process killed 10 s later",
  go: "The Go runtime ends at once: requests in flight are cut",
  java: "The JVM ends at once: requests in flight are cut",
  kotlin: "The JVM ends at once: requests in flight are cut",
};

const rule: SourceRule = {
  id: "KS020",
  aliases: ["no-sigterm-handler"],
  subject: "source",
  severity: "warning",
  clause: "S23",
  summary: "Nothing handles SIGTERM",
  help: `Before an instance is stopped it gets SIGTERM, and 10 seconds later SIGKILL. A program that handles the signal
finishes the requests that it is answering; one that does not cuts them, or, as the first process of its container, is
not stopped by the signal at all. Handling only SIGINT, SIGHUP or SIGUSR1 is not handling SIGTERM.

Servers that do it themselves (gunicorn, uvicorn, puma, Nest with shutdown hooks, actix, Spring Boot from 3.4, ASP.NET)
need nothing. An init such as tini as entry passes the signal on: the program is killed, not drained.`,
  *check(facts) {
    const seen = new Set<string>();
    // The signal goes to what the image starts: what another language serves, that one stops or leaves.
    const started = facts.start.some((c) => c.from === "dockerfile") ? facts.startLanguage : undefined;
    for (const l of [...facts.listeners].sort((a, b) => Number(isGood(b, facts)) - Number(isGood(a, facts)))) {
      const language = languageOf(l.place.file, facts.text(l.place.file)) ?? "";
      if (seen.has(language) || l.reach.development || isMinor(language, facts)) continue;
      if (started !== undefined && started !== language) continue;
      seen.add(language);
      const found = judge(l, language, facts);
      if (found) yield found;
    }
  },
};

export default rule;

function judge(l: Listener, language: string, facts: SourceFacts): Finding | undefined {
  if (!HOW[language] && !(l.handlesSigterm === false)) return undefined;
  if (facts.supervisor?.effect === "handles") return undefined;
  if (
    facts.listeners.some(
      (x) => x.handlesSigterm && (languageOf(x.place.file, facts.text(x.place.file)) ?? language) === language,
    )
  )
    return undefined;
  // A build script in another language handles nothing of the server's.
  const own = facts.signalHandlers.filter(
    (h) => isOfServer(languageOf(h.place.file, facts.text(h.place.file)), language) && runsWithOne(h.place.file, facts),
  );
  const handlers = own.filter((h) => h.signals.includes("SIGTERM"));
  if (handlers.some((h) => h.reach.env.length === 0)) return undefined;
  const behind = handlers.find((h) => h.reach.env.length > 0);
  const others = [...new Set(own.flatMap((h) => h.signals))].filter((s) => s !== "SIGTERM");
  const consequence = ELSE[language] ?? "Requests in flight are cut";
  const killed = facts.supervisor?.effect === "kills";
  const message = behind
    ? `SIGTERM is handled only when ${behind.reach.env.join(", ")} is set`
    : killed
      ? `nothing handles SIGTERM; ${facts.supervisor?.name} passes it on, so that requests in flight are cut`
      : `${others.length ? `only ${others.join(", ")} is handled, not SIGTERM` : "nothing handles SIGTERM"}. ${consequence}${HOW[language] ? `: ${HOW[language]}` : ""}`;
  const text = behind || killed ? undefined : facts.text(l.place.file);
  const fix = text === undefined ? undefined : sigtermFix(l, text);
  return {
    ...(fix && { fixes: [fix] }),
    rule: rule.id,
    severity: behind || killed ? "info" : "warning",
    message,
    location: facts.locate(l.place),
    evidence: [...l.evidence.slice(0, 1), ...own.map((h) => `${h.by} handles ${h.signals.join(", ")}`).slice(0, 3)],
  };
}

/** A few files beside a server in another language that handles SIGTERM: an agent, an example, a plug-in. */
function isMinor(language: string, facts: SourceFacts): boolean {
  const of = (file: string): string => languageOf(file, facts.text(file)) ?? "";
  const handled = new Set(
    facts.signalHandlers.filter((h) => h.signals.includes("SIGTERM")).map((h) => of(h.place.file)),
  );
  const main = facts.listeners.map((l) => of(l.place.file)).find((other) => other !== language && handled.has(other));
  if (main === undefined || handled.has(language)) return false;
  const files = (which: string): number => facts.judged.filter((file) => of(file) === which).length;
  return files(language) * 4 < files(main);
}

const JVM = /^(java|kotlin)$/;

/** A program of the Go module that serves nothing handles its signals for itself. */
function runsWithOne(file: string, facts: SourceFacts): boolean {
  return facts.listeners.some(({ place }) => !isOfOtherGoProgram(file, place.file, facts));
}

/** What handles a signal runs with the server: in its language, on its machine, or by a configuration file. */
function isOfServer(handler: string | undefined, server: string): boolean {
  return handler === undefined || server === "" || handler === server || (JVM.test(handler) && JVM.test(server));
}
