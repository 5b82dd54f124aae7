import type { RuleMeta } from "../../check/types.ts";
import { CLAUSES, type Clause } from "../../contract/clauses.ts";
import { PROFILES } from "../../contract/profiles.ts";
import { dockerfileRules } from "../../generated/dockerfileRules.ts";
import { coverageOf } from "../clause-page.ts";
import { defineCommand } from "../command.ts";
import { formatTable } from "../format.ts";

export default defineCommand({
  usage: "contract",
  summary: "Print the container contract: clauses, profiles",
  examples: ["knbuild contract", "knbuild contract --json", "knbuild contract --markdown"],
  configure(command) {
    command.option("--markdown", "a Markdown table");
  },
  async run(_args, options, context) {
    if (context.json) context.printJson({ clauses: CLAUSES, profiles: PROFILES });
    else if (options["markdown"]) {
      context.print(
        "| clause | | text | in a Dockerfile | in source | in an image | experiment |\n|---|---|---|---|---|---|---|",
      );
      for (const { id, level, text, dockerfile, source, image, experiment } of CLAUSES) {
        context.print(
          `| ${[id, level, text, dockerfile, source, image, experiment].map((cell) => (cell ?? "").replaceAll("|", "\\|")).join(" | ")} |`,
        );
      }
    } else {
      const { sourceRules } = await import("../../generated/sourceRules.ts");
      const rules: RuleMeta[] = [...dockerfileRules, ...sourceRules];
      const checked = (clause: Clause): string =>
        Object.values(coverageOf(clause, rules))
          .flat()
          .map(({ id }) => id)
          .join(" ");
      context.print(
        formatTable([
          ["clause", "", "", "checked by"],
          ...CLAUSES.map((clause) => [
            context.style("bold", clause.id),
            clause.level,
            clause.text,
            context.style("dim", checked(clause)),
          ]),
        ]),
      );
      context.print("");
      context.print(
        formatTable([
          ["profile", "file system", "grace", "start-up", "idle CPU", ""],
          ...Object.values(PROFILES).map(
            ({ id, filesystem, graceSeconds, startupLimitSeconds, idleCpuThrottled, title }) => [
              id,
              filesystem,
              `${graceSeconds} s`,
              `${startupLimitSeconds} s`,
              idleCpuThrottled ? "throttled" : "not throttled",
              title,
            ],
          ),
        ]),
      );
    }
    return 0;
  },
});
