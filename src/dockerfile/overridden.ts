/** Of CMD, ENTRYPOINT and HEALTHCHECK only the last one of a stage counts. */
import { instructionsOf } from "./lookup.ts";
import { type DockerfileSubject, type Hit, removal } from "./rule.ts";
import { contributingStages } from "./start.ts";
import type { Instruction } from "./syntax.ts";

const BUILDKIT = "MultipleInstructionsDisallowed";

/** @param rule hadolint's id, which marks the later one; BuildKit marks the one that is overridden */
export function* overridden(
  subject: DockerfileSubject,
  rule: string,
  name: "cmd" | "entrypoint" | "healthcheck",
): Iterable<Hit> {
  const { document } = subject;
  const word = name.toUpperCase();
  let earlier: Instruction | undefined;
  for (const instruction of instructionsOf(document, "from", name)) {
    if (instruction.name === "from") earlier = undefined;
    if (instruction.name !== name) continue;
    if (earlier) {
      yield {
        at: instruction,
        message: `a second ${word}: only the last one of a stage counts`,
        related: [{ at: earlier, message: "this one is overridden" }],
        ids: [{ rule }, { rule: BUILDKIT, line: earlier.startLine }],
        fix: { description: "remove the overridden one", safe: true, edits: [removal(document, earlier)] },
      };
    }
    earlier = instruction;
  }
  for (const { from, triggered, instructions } of contributingStages(subject)) {
    const fired = triggered.filter((trigger) => trigger.name === name);
    const void_ = instructions.some((own) => own.name === name) ? fired : fired.slice(0, -1);
    for (const trigger of from ? void_ : [])
      yield {
        at: from as Instruction,
        message: `the ${word} of an ONBUILD below fires here, and a later one overrides it`,
        related: [{ at: trigger, message: "this one is overridden" }],
        ids: [{ rule: BUILDKIT }],
      };
  }
}
