import { dockerfileRules } from "../../generated/dockerfileRules.ts";
import { defineCommand } from "../command.ts";
import { formatTable } from "../format.ts";

export default defineCommand({
  usage: "rules",
  summary: "List the rules: ids, aliases, severities, clauses",
  examples: ["knbuild rules", "knbuild rules --markdown > RULES.md", "knbuild rules --json"],
  configure(command) {
    command.option("--markdown", "a Markdown table");
  },
  async run(_args, options, context) {
    const { sourceRules } = await import("../../generated/sourceRules.ts");
    const rules = [...dockerfileRules, ...sourceRules].sort((a, b) => (a.id < b.id ? -1 : 1));
    const rows = rules.map(({ id, aliases, subject, severity, clause, optIn, summary }) => ({
      id,
      aliases,
      subject,
      severity,
      clause: clause ?? null,
      optIn: optIn ?? false,
      summary,
    }));
    if (context.json) context.printJson(rows);
    else if (options["markdown"]) {
      context.print("| id | aliases | judges | severity | clause | |\n|---|---|---|---|---|---|");
      for (const row of rows) {
        const cells = [
          row.id,
          row.aliases.join(" "),
          row.subject,
          row.optIn ? `${row.severity}, off` : row.severity,
          row.clause ?? "",
          row.summary,
        ];
        context.print(`| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`);
      }
    } else {
      context.print(
        formatTable(
          rows.map((row) => [
            row.id,
            row.optIn ? "off" : row.severity,
            row.clause ?? "",
            row.summary,
            context.style("dim", row.aliases.join(" ")),
          ]),
        ),
      );
    }
    return 0;
  },
});
