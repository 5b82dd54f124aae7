import { defineDockerfileRule } from "../../dockerfile/rule.ts";
import { inForce } from "../../dockerfile/start.ts";

export default defineDockerfileRule({
  id: "KN070",
  severity: "warning",
  clause: "U8",
  summary: "The app does not run as root",
  help: "Nothing a web app does needs root, and clusters may refuse it (`runAsNonRoot`). `USER 10001` after the last step that needs root.",
  examples: {
    good: [
      "FROM debian:13\nUSER 10001\n",
      "FROM gcr.io/distroless/static:nonroot\n",
      "FROM debian:13 AS base\nONBUILD USER 10001\nFROM base\nCOPY a /a\n",
    ],
    bad: ["FROM debian:13\n", "FROM debian:13\nUSER root\n"],
  },
  *check(subject) {
    const { model } = subject;
    const stage = model.final;
    if (!stage?.from) return;
    const last = inForce(subject, "user");
    if (last) {
      const user = model.of(last)?.args[0] ?? "";
      if (/^(?:root|0+)(?::|$)/.test(user)) yield { at: last, message: `the app runs as ${user}` };
      return;
    }
    const bottom = model.finalChain.at(-1);
    const known = bottom?.image === undefined ? undefined : subject.facts(bottom.image);
    if (bottom?.image === undefined || (known && known.user !== "root")) return;
    yield { at: stage.from, message: "the app runs as root: no USER is set" };
  },
});
