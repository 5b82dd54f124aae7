import { type DoctorLine, examine } from "../../pipeline/doctor.ts";
import { defineCommand } from "../command.ts";
import { formatTable } from "../format.ts";

export default defineCommand({
  usage: "doctor",
  summary: "Show what this machine has for building and running, and what to install",
  examples: ["knbuild doctor", "knbuild doctor --json"],
  async run(_args, _options, context) {
    const report = await examine({ env: context.env, cwd: context.cwd, signal: context.signal });
    if (context.json) {
      context.printJson(report);
      return report.ok ? 0 : 1;
    }
    const mark = (line: DoctorLine) =>
      line.ok ? context.style("green", "✓") : line.needed ? context.style("red", "✗") : context.style("dim", "–");
    for (const { title, lines } of report.sections) {
      context.print(context.style("bold", title));
      context.print(
        formatTable(lines.map((line) => [`  ${mark(line)} ${line.name}`, line.ok ? line.found : line.reason])),
      );
      for (const line of lines)
        if (!line.ok && (line.needed || title !== "Start images"))
          context.print(context.style("dim", `      ${line.name}: ${line.hint}`));
    }
    context.print("");
    context.print(report.ok ? "Ready to build and to run." : `Missing: ${report.missing.join(" · ")}`);
    return report.ok ? 0 : 1;
  },
});
