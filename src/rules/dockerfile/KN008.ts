import { fixedPorts } from "../../dockerfile/fixed-ports.ts";
import { defineDockerfileRule } from "../../dockerfile/rule.ts";
import { exposedRanges } from "../../dockerfile/start.ts";
export default defineDockerfileRule({
  id: "KN008",
  severity: "warning",
  clause: "U8",
  summary: "Ports under 1024 need privileges",
  help: "A container that does not run as root may not bind them everywhere. Use 8080.",
  examples: {
    good: ["FROM debian:13\nEXPOSE 8080\n"],
    bad: ["FROM debian:13\nEXPOSE 80\n", 'FROM debian:13\nENV ASPNETCORE_URLS=http://+:80\nCMD ["/app"]\n'],
  },
  *check(subject) {
    for (const { first, at } of exposedRanges(subject))
      if (first < 1024) yield { at, message: `${first} needs privileges: use 8080` };
    for (const { port, at, text } of fixedPorts(subject)) {
      if (port < 1024) yield { at, message: `${port} needs privileges: use 8080`, evidence: [text] };
    }
  },
});
