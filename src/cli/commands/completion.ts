import { readFileSync } from "node:fs";
import { usageError } from "../../base/errors.ts";
import { templatePath } from "../../base/package-root.ts";
import { commands } from "../../generated/commands.ts";
import { defineCommand } from "../command.ts";
import { complete } from "../complete.ts";
import { toCommander } from "../run-cli.ts";

const SCRIPTS: Readonly<Record<string, string>> = { bash: "bash.sh", zsh: "zsh.sh", fish: "fish.fish" };

export default defineCommand({
  usage: "completion <shell> [line]",
  summary: "Print the completion script for bash, zsh or fish",
  examples: [
    "source <(knbuild completion bash)                 # in ~/.bashrc",
    "source <(knbuild completion zsh)                  # in ~/.zshrc, after compinit",
    "knbuild completion fish > ~/.config/fish/completions/knbuild.fish",
  ],
  async run([given = "", line], _options, context) {
    const shell = String(given);
    // The scripts call this with the line so far: one candidate a line, its description behind a tab.
    if (shell === "candidates") {
      const { env, cwd } = context;
      const build = (definition: Parameters<typeof toCommander>[0]) => toCommander(definition, async () => {});
      const { candidates, paths } = await complete(wordsOf(String(line ?? "")), { commands, build, env, cwd });
      for (const { value, description } of candidates)
        context.print(description ? `${value}\t${description.replace(/\s+/g, " ")}` : value);
      if (paths) context.print(`:${paths}`);
      return 0;
    }
    const script = SCRIPTS[shell];
    if (!script)
      throw usageError("USAGE", `no completion for ${shell}`, `Use one of ${Object.keys(SCRIPTS).join(", ")}.`);
    context.print(readFileSync(templatePath("completion", script), "utf8").trimEnd());
    return 0;
  },
});

/** Words after the program's name; quotes and backslashes as the shells have them. An open quote is the word being typed. */
function wordsOf(line: string): string[] {
  const words = [""];
  let quote = "";
  for (let i = 0; i < line.length; i++) {
    const char = line[i] as string;
    if (quote ? char === quote : char === '"' || char === "'") quote = quote ? "" : char;
    else if (char === "\\" && quote !== "'") words[words.length - 1] += line[++i] ?? "";
    else if (!quote && /\s/.test(char)) {
      if (words.at(-1) !== "") words.push("");
    } else words[words.length - 1] += char;
  }
  return words.slice(1);
}
