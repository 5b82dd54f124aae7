import { DEFAULT_PORT } from "../../contract/ports.ts";
import { defineDockerfileRule } from "../../dockerfile/rule.ts";
import { exposedRanges, isExposed } from "../../dockerfile/start.ts";

export default defineDockerfileRule({
  id: "KN004",
  severity: "info",
  clause: "S12",
  summary: "EXPOSE 8080",
  help: "EXPOSE is documentation. 8080 is where requests arrive unless the service names another containerPort, which must then agree.",
  examples: { good: ["FROM debian:13\nEXPOSE 8080\n"], bad: ["FROM debian:13\nEXPOSE 3000\n"] },
  *check(subject) {
    const ranges = exposedRanges(subject);
    if (ranges.some((range) => isExposed(DEFAULT_PORT, range))) return;
    for (const { first, at } of ranges)
      yield { at, message: `requests arrive on ${DEFAULT_PORT} unless the service names ${first}` };
  },
});
