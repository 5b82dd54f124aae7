import { knownVariables } from "../../dockerfile/known-variables.ts";
import { installedPackages } from "../../dockerfile/packages.ts";
import { defineDockerfileRule, inSource, runOf } from "../../dockerfile/rule.ts";
import { exposedPorts, finalInstructions, startCommand } from "../../dockerfile/start.ts";

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
    for (const { port, at } of exposedPorts(subject))
      if (port === 22) yield { at, message: "22: no SSH reaches the container" };
    const start = startCommand(subject);
    const daemon = start?.programs.find(
      ({ name, words }) =>
        name === "sshd" || name === "dropbear" || (name === "service" && /^sshd?$/.test(words[1] ?? "")),
    );
    if (start && daemon) yield { at: start.instruction, message: `${daemon.name}: no SSH reaches the container` };
    for (const instruction of finalInstructions(subject)) {
      const run = instruction.name === "run" ? runOf(subject, instruction) : undefined;
      const known = run && knownVariables(run.script, (name) => subject.model.of(instruction)?.stage.env.get(name));
      for (const command of run?.script.commands ?? []) {
        const name = installedPackages(command, known).find(
          (one) =>
            /^(?:openssh-server.*|dropbear|dropbear-run|ssh)$/.test(one) ||
            (one === "openssh" && command.name === "apk"),
        );
        const [first, second] = command.args.map(({ text }) => text);
        const starts = command.name === "service" && /^sshd?$/.test(first ?? "") && /^(?:re)?start$/.test(second ?? "");
        const keys = command.name === "ssh-keygen" && first === "-A";
        if (run && (starts || keys || command.name === "sshd"))
          yield { at: inSource(run, command.span), message: `${command.name}: no SSH reaches the container` };
        if (run && name) yield { at: inSource(run, command.span), message: `${name}: no SSH reaches the container` };
      }
    }
  },
});
