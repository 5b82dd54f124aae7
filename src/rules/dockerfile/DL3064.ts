import { firedTriggers } from "../../dockerfile/fired.ts";
import { instructionsOf } from "../../dockerfile/lookup.ts";
import { argNames, plainPairs } from "../../dockerfile/pairs.ts";
import { defineDockerfileRule } from "../../dockerfile/rule.ts";
import { buildkitSecret, hadolintSecret } from "../../dockerfile/secret-names.ts";

export default defineDockerfileRule({
  id: "DL3064",
  aliases: ["SecretsUsedInArgOrEnv"],
  severity: "warning",
  summary: "No secrets in ARG and ENV",
  help: "Both end up in the image: ENV in its configuration, ARG in its history. Use `RUN --mount=type=secret`. The finding names the source whose word list it is.",
  examples: { good: ["FROM debian:13\nENV SERVICE=x\n"], bad: ["FROM debian:13\nARG GITHUB_TOKEN\n"] },
  *check(subject) {
    const { document, model } = subject;
    const plain = instructionsOf(document, "arg", "env");
    const triggers = instructionsOf(document, "onbuild");
    const firstFrom = instructionsOf(document, "from")[0]?.index ?? Number.POSITIVE_INFINITY;
    for (const pass of [plain, triggers]) {
      for (const outer of pass) {
        const inner = outer.trigger ?? outer;
        const names =
          inner.name === "arg"
            ? argNames(inner)
            : inner.name === "env"
              ? plainPairs(inner, document.escape).map(({ key }) => key)
              : [];
        // BuildKit looks at expanded names, and not at arguments before the first FROM or at triggers.
        const own = names.length > 0 ? (model.of(outer)?.pairs.map(({ key }) => key) ?? []) : [];
        const buildkit = inner === outer && outer.index > firstFrom ? own.filter(buildkitSecret) : [];
        const hadolint = names.find(hadolintSecret);
        const [first] = buildkit;
        if (hadolint === undefined && first === undefined) continue;
        yield {
          at: outer,
          message: `${hadolint ?? first} looks like a secret: it stays in the image`,
          ids: [
            ...(hadolint === undefined ? [] : [{ rule: "DL3064" }]),
            ...buildkit.map(() => ({ rule: "SecretsUsedInArgOrEnv" })),
          ],
        };
      }
    }
    for (const { trigger, from } of firedTriggers(subject, "arg", "env"))
      for (const { key } of model.of(trigger)?.pairs.filter((pair) => buildkitSecret(pair.key)) ?? [])
        yield {
          at: from,
          message: `${key} of an ONBUILD below fires here and looks like a secret: it stays in the image`,
          ids: [{ rule: "SecretsUsedInArgOrEnv" }],
        };
  },
});
