import { type DockerfileSubject, defineDockerfileRule, inSource } from "../../dockerfile/rule.ts";
import { walk } from "../../dockerfile/shell/commands.ts";
import type { ShellList } from "../../dockerfile/shell/syntax.ts";
import { baseName, bottomImage, finalInstructions, finalRuns, startCommand } from "../../dockerfile/start.ts";

const PRIVILEGED = new Set(
  "dockerd dockerd-entrypoint.sh containerd mount umount modprobe insmod iptables ip6tables nft losetup cryptsetup mkfs swapon fuse-overlayfs chroot unshare kubelet k3s crio runc podman buildah tc buildkitd".split(
    " ",
  ),
);

export default defineDockerfileRule({
  id: "KN072",
  severity: "error",
  clause: "U7",
  summary: "Nothing needs privileges",
  help: "The container has no extra capabilities, and /proc/sys is read-only: kernel settings, mounts and nested container engines fail.",
  examples: {
    good: [
      'FROM node:24\nCMD ["node", "s.js"]\n',
      'FROM debian:13\nCOPY dockerd-entrypoint.sh /bin/\nENTRYPOINT ["/bin/dockerd-entrypoint.sh"]\nCMD ["serve"]\n',
    ],
    bad: [
      'FROM debian:13\nCMD ["sh", "-c", "sysctl -w net.core.somaxconn=1024 && exec app"]\n',
      "FROM debian:13\nRUN --security=insecure make\n",
      "FROM docker:27-dind\n",
      'FROM node:24\nCMD ["sudo", "node", "s.js"]\n',
      "FROM debian:13\nCMD echo 1 > /proc/sys/vm/overcommit_memory && exec /app\n",
    ],
  },
  *check(subject) {
    const start = startCommand(subject);
    const needs = start?.programs.find(
      ({ name, words }) =>
        (PRIVILEGED.has(name) && !bringsItself(subject, name)) ||
        (name === "ip" && /^(?:link|l|addr|address|a|route|r)$/.test(words[1] ?? "") && words.length > 2) ||
        (name === "sysctl" && words.some((word) => word === "-w" || word.includes("=") || word === "-p")),
    );
    if (start && needs)
      yield {
        at: start.instruction,
        message: `${needs.words.slice(0, 2).join(" ")} needs privileges that a container does not get`,
      };
    if (start?.script?.tree && writesKernelSettings(start.script.tree))
      yield { at: start.instruction, message: "/proc/sys is read-only: kernel settings are not the container's" };
    const asked = start?.script?.commands.some(({ name }) => baseName(name) === "sudo");
    if (start && (asked || baseName(start.argv[0] ?? "") === "sudo"))
      yield { at: start.instruction, message: "sudo asks for privileges that a container does not get" };
    const bottom = bottomImage(subject);
    if (bottom && /(?:^|[:-])dind(?:-|@|$)/.test(bottom.image) && (!start || start.instruction === start.cmd))
      yield { at: bottom.from.args[0]?.span ?? bottom.from, message: `${bottom.image} starts a container engine` };
    for (const instruction of finalInstructions(subject)) {
      const insecure = instruction.flags.find((flag) => flag.name === "security" && flag.value === "insecure");
      if (insecure) yield { at: insecure.span, message: "--security=insecure: the build needs privileges" };
    }
    for (const run of finalRuns(subject, ["sysctl"])) {
      const command = run.script.commands.find(
        ({ name, args }) => name === "sysctl" && args.some(({ text }) => /^(?:-[wp]|.*=.*)$/.test(text)),
      );
      if (command) yield { at: inSource(run, command.span), message: "kernel settings are not part of an image" };
    }
  },
});

/** A script that is copied into the image is the project's: more than one calls its own `dockerd-entrypoint.sh`. */
function bringsItself(subject: DockerfileSubject, program: string): boolean {
  return (
    program.endsWith(".sh") &&
    finalInstructions(subject).some(
      ({ name, args }) => (name === "copy" || name === "add") && args.some(({ value }) => baseName(value) === program),
    )
  );
}

/** `echo 1 > /proc/sys/…` */
function writesKernelSettings(script: ShellList): boolean {
  let found = false;
  walk(script, {
    command({ redirects }) {
      found ||= redirects.some(({ operator, target }) => operator.includes(">") && /^\/proc\/sys\//.test(target.text));
    },
  });
  return found;
}
