import { defineDockerfileRule } from "../../dockerfile/rule.ts";
import { exposedRanges } from "../../dockerfile/start.ts";

const MAX_SHOWN = 20;

export default defineDockerfileRule({
  id: "KN005",
  severity: "warning",
  clause: "U2",
  summary: "One port",
  help: "A service has one port; others are never reached. Metrics, debuggers and second protocols need a service of their own.",
  examples: { good: ["FROM debian:13\nEXPOSE 8080\n"], bad: ["FROM debian:13\nEXPOSE 8080 9229\n"] },
  *check(subject) {
    const ranges = exposedRanges(subject);
    const [one] = ranges;
    const second = ranges.find(({ first, last }) => first !== one?.first || last !== first);
    if (!second) return;
    const named = new Set(ranges.map(({ first, last }) => (last > first ? `${first}-${last}` : `${first}`)));
    const shown = [...named].slice(0, MAX_SHOWN).join(", ");
    yield {
      at: second.at,
      message: `only one port is served, more are named: ${shown}${named.size > MAX_SHOWN ? "…" : ""}`,
    };
  },
});
