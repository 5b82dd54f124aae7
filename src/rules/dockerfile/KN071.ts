import { defineDockerfileRule, replacement } from "../../dockerfile/rule.ts";
import { inForce } from "../../dockerfile/start.ts";

/** Users that Debian and Alpine have in common. */
const COMMON: Readonly<Record<string, string>> = { nobody: "65534", daemon: "1" };

export default defineDockerfileRule({
  id: "KN071",
  severity: "warning",
  clause: "U8",
  summary: "USER is a number",
  help: "With `runAsNonRoot` the kubelet refuses a named user: it cannot tell whether the name means root. Write the number.",
  examples: { good: ["FROM node:24\nUSER 1000\n"], bad: ["FROM node:24\nUSER node\n"] },
  *check(subject) {
    const { model } = subject;
    const last = inForce(subject, "user");
    const user = last && model.of(last)?.args[0]?.replace(/^["']|["']$/g, "");
    if (!last || !user || /^\d+(?::|$)/.test(user) || /^(?:root)(?::|$)/.test(user) || user.includes("$")) return;
    const [name = "", group] = user.split(":");
    const bottom = model.finalChain.at(-1)?.image;
    const known = bottom === undefined ? undefined : subject.facts(bottom);
    const uid = known?.users[name] ?? (name === "nobody" && known?.kind !== undefined ? COMMON[name] : undefined);
    const plain = group === undefined || group === name || /^\d+$/.test(group);
    yield {
      at: last,
      message: `${user} fails under runAsNonRoot: write its number`,
      ...(uid !== undefined &&
        plain && {
          fix: {
            description: `write ${uid}, which ${name} is in ${known?.name}`,
            safe: true,
            edits: [replacement(last.rest.span, group === undefined ? uid : `${uid}:${group === name ? uid : group}`)],
          },
        }),
    };
  },
});
