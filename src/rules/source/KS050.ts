import type { SourceRule } from "../../analysis/facts.ts";
import { condition, severityAt } from "../../analysis/reach.ts";

const rule: SourceRule = {
  id: "KS050",
  aliases: ["foreign-architecture"],
  subject: "source",
  severity: "error",
  clause: "S10",
  summary: "A binary or a package is for another machine than Linux on x86_64",
  help: `The container runs on 64-bit x86 Linux. A program, library or package that is built for arm64, macOS or Windows does not
start there ("exec format error"), or is refused when it is installed.

Name the linux-amd64 build, let the package manager choose (optional dependencies, environment markers), or ask the machine
(\`process.arch\`, \`runtime.GOARCH\`, \`platform.machine()\`) instead of writing it out.`,
  *check(facts) {
    for (const o of facts.others) {
      if (o.kind !== "architecture") continue;
      yield {
        rule: rule.id,
        severity: severityAt(o.reach, o.reach.conditions.length ? "warning" : "error"),
        message: `${o.what} is not for Linux on x86_64${condition(o.reach)}: it does not run in the container`,
        location: facts.locate(o.place),
        ...(o.evidence ? { evidence: o.evidence } : {}),
      };
    }
  },
};

export default rule;
