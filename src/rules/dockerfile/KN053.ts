import { installations } from "../../dockerfile/packages.ts";
import { defineDockerfileRule, inSource } from "../../dockerfile/rule.ts";
import { exposedRanges, finalRuns, isExposed, startCommand } from "../../dockerfile/start.ts";

export default defineDockerfileRule({
  id: "KN053",
  severity: "error",
  clause: "U2",
  summary: "No SSH server",
  help: "Only HTTP on one port reaches the container. Look at logs and traces, or run the image locally.",
  examples: {
    good: ["FROM debian:13\nRUN apt-get install -y openssh-client\n"],
    bad: ["FROM debian:13\nEXPOSE 22\n", "FROM debian:13\nRUN apt-get install -y openssh-server\n"],
  },
  *check(subject) {
    for (const range of exposedRanges(subject))
      if (isExposed(22, range)) yield { at: range.at, message: "22: no SSH reaches the container" };
    const start = startCommand(subject);
    const daemon = start?.programs.find(
      ({ name, words }) =>
        name === "sshd" || name === "dropbear" || (name === "service" && /^sshd?$/.test(words[1] ?? "")),
    );
    if (start && daemon) yield { at: start.instruction, message: `${daemon.name}: no SSH reaches the container` };
    for (const { run, command, packages, from } of installations(subject)) {
      if (from === "language") continue;
      const name = packages.find(
        (one) =>
          /^(?:openssh-server.*|dropbear|dropbear-run|ssh)$/.test(one) || (one === "openssh" && command.name === "apk"),
      );
      if (name) yield { at: inSource(run, command.span), message: `${name}: no SSH reaches the container` };
    }
    for (const run of finalRuns(subject, ["service", "ssh-keygen", "sshd"])) {
      for (const { name, args, span } of run.script.commands) {
        const [first, second] = args;
        const starts =
          name === "service" && /^sshd?$/.test(first?.text ?? "") && /^(?:re)?start$/.test(second?.text ?? "");
        const keys = name === "ssh-keygen" && first?.text === "-A";
        if (starts || keys || name === "sshd")
          yield { at: inSource(run, span), message: `${name}: no SSH reaches the container` };
      }
    }
  },
});
