import { isPip, isPipInstall } from "../../dockerfile/package-tools.ts";
import { defineRunRule } from "../../dockerfile/run-rule.ts";
import { type Command, hasFlag, operands } from "../../dockerfile/shell/commands.ts";

const VALUED = (
  "abi b build e editable extra-index-url f find-links i index-url implementation no-binary only-binary platform prefix " +
  "progress-bar proxy python python-version root root-user-action src t target trusted-host upgrade-strategy"
).split(" ");

/** pip's version control schemes; names that merely begin so count too, as in hadolint. */
const VCS = /^(?:git|svn|hg\+(?:file|https?|ssh|static-http)|bzr\+(?:https?|ssh|sftp|ftp|lp))/;

export default defineRunRule({
  id: "DL3013",
  severity: "warning",
  summary: "Pin versions of pip packages",
  help: "Install from a requirements or lock file, or write `package==version`: otherwise the next build may take other versions.",
  examples: {
    good: [
      "FROM python:3.13\nRUN pip install --no-cache-dir -r requirements.txt\n",
      "FROM python:3.13\nRUN pip install flask==3.1.0\n",
    ],
    bad: ["FROM python:3.13\nRUN pip install flask\n"],
  },
  programs: isPip,
  offends(command) {
    if (!isPipInstall(command) || hasFlag(command, "constraint", "c")) return false;
    if (command.args.some(({ text }) => text === "--requirement" || text === "-r" || text === ".")) return false;
    return packages(command).some((name) => !pinned(name));
  },
  message: (commands) =>
    `pin the versions of ${commands
      .flatMap((command) => packages(command).filter((name) => !pinned(name)))
      .slice(0, 5)
      .join(", ")}`,
});

function packages(command: Command): string[] {
  const words = operands(command, VALUED).map((arg) => arg.text);
  const install = words.indexOf("install");
  if (install < 0) return [];
  let at = install;
  while (words[at] === "install") at++;
  return words.slice(at);
}

function pinned(name: string): boolean {
  if (/[=!~<>]=|[<>]/.test(name)) return true;
  if (VCS.test(name)) return name.includes("@") || /\.(?:whl|tar\.gz)$/.test(name);
  return /\.(?:whl|tar\.gz)$/.test(name) || name.includes("/");
}
