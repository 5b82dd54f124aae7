import { defineRunRule } from "../../dockerfile/run-rule.ts";

const POINTLESS = new Set(["free", "kill", "mount", "ps", "service", "shutdown", "ssh", "top", "vim"]);

export default defineRunRule({
  id: "DL3001",
  severity: "info",
  summary: "Commands that make no sense while an image is built",
  help: "There is no running system during a build: no services to start, no processes to list, nobody to type into an editor.",
  examples: { good: ["FROM debian:13\nRUN make all\n"], bad: ["FROM debian:13\nRUN service nginx start\n"] },
  programs: [...POINTLESS],
  offends: (command) => POINTLESS.has(command.name),
  message: ([first]) => `${first?.name} does nothing useful while an image is built`,
});
