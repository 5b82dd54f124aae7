import type { Listener, SourceFacts, SourceRule } from "../../analysis/facts.ts";
import { defaultPortFix, portFix } from "../../analysis/fixes.ts";
import { languageOf } from "../../analysis/project.ts";
import { hostProblem, type PortProblem, portProblem, readsPort, unlessStarted } from "../../analysis/verdict.ts";
import type { Finding, Fix } from "../../check/types.ts";

const rule: SourceRule = {
  id: "KS001",
  aliases: ["port-not-read"],
  subject: "source",
  severity: "error",
  clause: "S1",
  summary: "The server does not listen on the port that PORT names",
  help: `The platform starts the container with \`PORT\` in its environment and sends requests to that port; it may be any number.
A server that listens elsewhere never becomes ready ("failed to start and listen on the port defined by PORT").

Read the variable, with a default for your own machine: \`app.listen(process.env.PORT ?? 8080)\`,
\`app.run(host="0.0.0.0", port=int(os.environ.get("PORT", 8080)))\`, \`http.ListenAndServe(":"+port, nil)\` with
\`port := os.Getenv("PORT")\`, \`server.port=\${PORT:8080}\`. A flag or a variable of another name is not enough unless the
start command passes \`$PORT\` to it.`,
  *check(facts) {
    const mains = facts.listeners.filter((l) => readsPort(l) && portProblem(l, facts) === undefined);
    for (const l of facts.listeners) {
      const problem = portProblem(l, facts);
      // A second port beside the one that PORT names is the program's own affair.
      const isBeside = mains.some((main) => !isPagesOf(main, l, facts));
      if (!problem || l.secondary || (isBeside && !l.reach.development) || isInner(l, facts)) continue;
      yield finding(l, problem, l.reach.development, facts);
    }
  },
};

export default rule;

/** On localhost by a setting of its own, beside an open server that may well listen on PORT: nothing that the platform's requests are meant for. */
function isInner(l: Listener, facts: SourceFacts): boolean {
  return (
    facts.portMentioned &&
    !readsPort(l) &&
    l.host.every((h) => h.kind === "option" || h.kind === "env") &&
    hostProblem(l, facts) !== undefined &&
    facts.listeners.some(
      (other) =>
        !other.secondary &&
        !other.reach.development &&
        languageOf(other.place.file, facts.text(other.place.file)) ===
          languageOf(l.place.file, facts.text(l.place.file)) &&
        other.host.every((h) => h.kind !== "unknown") &&
        portProblem(other, facts) === undefined &&
        hostProblem(other, facts) === undefined,
    )
  );
}

/** `next start` of a folder `ui/` in a program of another language: its pages, which an image of the program does not start. */
function isPagesOf(main: Listener, l: Listener, facts: SourceFacts): boolean {
  const folder = /^(.+\/)package\.json$/.exec(main.place.file)?.[1];
  const { file } = l.place;
  return (
    folder !== undefined &&
    !file.startsWith(folder) &&
    languageOf(file, facts.text(file)) !== "javascript" &&
    facts.text("package.json") === undefined
  );
}

function finding(l: Listener, problem: PortProblem, minor: boolean, facts: SourceFacts): Finding {
  const found: Finding = {
    rule: rule.id,
    severity: minor ? "info" : isUsual(problem) || l.otherStarter ? "warning" : "error",
    message: minor
      ? `${l.framework} also listens on ${subject(problem)}: the platform sends requests to PORT only`
      : `${message(l, problem)}${unlessStarted(l)}`,
    location: facts.locate(l.place),
    evidence: l.evidence,
  };
  const fix = minor ? undefined : fixOf(l, problem, facts);
  if (fix) found.fixes = [fix];
  return found;
}

/** 8080 is the port of a service that names none: it works until somebody does. */
function isUsual(problem: PortProblem): boolean {
  return (problem.kind === "literal" || problem.kind === "default") && problem.port === 8080;
}

function subject(problem: PortProblem): string {
  switch (problem.kind) {
    case "literal":
    case "default":
      return `port ${problem.port}`;
    case "variable":
      return `the port of ${problem.name}${problem.fallback ? ` (else ${problem.fallback})` : ""}`;
    case "option":
      return `the port of the option ${problem.name}${problem.fallback ? ` (else ${problem.fallback})` : ""}`;
    case "never-read":
      return "a port of its own";
  }
}

function message(l: Listener, problem: PortProblem): string {
  switch (problem.kind) {
    case "literal":
      return `${l.framework} listens on ${problem.port} whatever PORT says`;
    case "default":
      return `${l.framework} is given no port and listens on its default ${problem.port}, not on PORT`;
    case "variable":
      return `${l.framework} reads its port from ${problem.name}${problem.fallback ? ` (else ${problem.fallback})` : ""}, which the platform does not set: read PORT`;
    case "option":
      return `${l.framework} takes its port from the option ${problem.name}${problem.fallback ? ` (else ${problem.fallback})` : ""}; nothing passes PORT to it`;
    case "never-read":
      return `${l.framework} listens, but nothing in the program reads PORT`;
  }
}

function fixOf(l: Listener, problem: PortProblem, facts: SourceFacts): Fix | undefined {
  const text = facts.text(l.place.file);
  if (text === undefined) return undefined;
  if (problem.kind === "default") return defaultPortFix(l, problem.port, text);
  return problem.kind === "literal" ? portFix(l, text, goVersion(l.place.file, facts)) : undefined;
}

/** The minor version of Go that the module asks for. */
function goVersion(file: string, facts: SourceFacts): number | undefined {
  for (let folder = file; folder !== ""; ) {
    folder = folder.includes("/") ? folder.slice(0, folder.lastIndexOf("/")) : "";
    const found = /^go 1\.(\d+)/m.exec(facts.text(folder ? `${folder}/go.mod` : "go.mod") ?? "")?.[1];
    if (found) return Number(found);
  }
  return undefined;
}
