import { readPragmas } from "../../dockerfile/pragmas.ts";
import { defineDockerfileRule } from "../../dockerfile/rule.ts";
export default defineDockerfileRule({
  id: "KN101",
  severity: "info",
  summary: "A pragma that silences nothing",
  help: "The finding it was written for is gone, the id is misspelt, or the comment does not stand right above the instruction. Ids that did not run are not counted.",
  examples: {
    good: ["FROM debian:13\n# knbuild ignore=DL3003 reason=installer needs it\nRUN cd /x\n"],
    bad: [
      "FROM debian:13\n# knbuild ignore=DL3003\nRUN make\n",
      "FROM debian:13\n# hadolint ignore=DL3003,nonsense\nRUN cd /x\n",
    ],
  },
  *check({ document }) {
    for (const { span, message } of readPragmas(document).malformed) yield { at: span, message };
  },
});
