import { defineRunRule } from "../../dockerfile/run-rule.ts";
import { type Command, calls, operands } from "../../dockerfile/shell/commands.ts";

const VALUED = ["loglevel", "registry"];

export default defineRunRule({
  id: "DL3016",
  severity: "warning",
  summary: "Pin versions of npm packages",
  help: "`npm install name` takes whatever is newest. Write `name@version`, or use `npm ci` with a lock file.",
  examples: {
    good: ["FROM node:24\nRUN npm install -g serve@14.2.4\n"],
    bad: ["FROM node:24\nRUN npm install -g serve\n"],
  },
  programs: ["npm"],
  offends: (command) => unpinned(command).length > 0,
  message: (commands) => `pin the versions of ${commands.flatMap(unpinned).slice(0, 5).join(", ")}`,
});

function unpinned(command: Command): string[] {
  if (!calls(command, "npm", ["install"])) return [];
  const words = operands(command, VALUED).map((arg) => arg.text);
  if (words[0] !== "install") return [];
  let at = 0;
  while (words[at] === "install") at++;
  return words.slice(at).filter((name) => !pinned(name));
}

function pinned(name: string): boolean {
  if (/^git(?:\+(?:ssh|https?))?:\/\//.test(name)) return name.includes("#");
  if (/\.(?:tar|tar\.gz|tgz)$/.test(name) || /^(?:\.{0,2}|~)\//.test(name)) return true;
  const unscoped = name.startsWith("@") ? afterScope(name) : name;
  return unscoped.includes("@");
}

/** The rest from the first character that sorts at or before `/`. */
function afterScope(name: string): string {
  const at = [...name].findIndex((c) => c <= "/");
  return at < 0 ? "" : name.slice(at);
}
