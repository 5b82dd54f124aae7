import { foreignArchitecture } from "../../dockerfile/foreign.ts";
import { knownVariables } from "../../dockerfile/known-variables.ts";
import { defineDockerfileRule, inSource, runOf } from "../../dockerfile/rule.ts";
import { contributingStages } from "../../dockerfile/start.ts";

const ASKS = /:\/\/|--add-architecture/;
/** The address may stand in a variable. */
const FETCHES = /\b(?:curl|wget|aria2c)\b/;

export default defineDockerfileRule({
  id: "KN011",
  severity: "error",
  clause: "S8",
  summary: "No binaries of other architectures",
  help: "Nodes are x86-64: fetch the amd64 build, or name it by `${TARGETARCH}`.",
  examples: {
    good: [
      "FROM debian:13\nADD https://example.com/tool-linux-amd64.tar.gz /t\n",
      "FROM debian:13\nRUN curl -LO https://example.com/issues/386/notes-1.0.386.txt\n",
      "FROM debian:13\nARG TARGETARCH\nADD https://example.com/tool-${TARGETARCH} /t\n",
      "FROM debian:13\nENV ARCH=arm64\nRUN ARCH=$(dpkg --print-architecture); curl -LO https://example.com/tool-linux-$ARCH\n",
    ],
    bad: [
      "FROM debian:13\nADD https://example.com/tool-linux-arm64.tar.gz /t\n",
      "FROM debian:13\nRUN curl -LO https://example.com/v1/bin/linux/386/tool\n",
      "FROM debian:13\nADD https://example.com/tool-linux386.tar.gz /t\n",
      "FROM debian:13\nRUN dpkg --add-architecture armhf\n",
      "FROM debian:13\nENV URL=https://example.com/tool-linux-aarch64.tgz\nRUN curl -LO $URL\n",
      "FROM debian:13\nARG ARCH=arm64\nRUN curl -LO https://example.com/tool-linux-${ARCH}.tgz\n",
    ],
  },
  *check(subject) {
    for (const stage of contributingStages(subject)) {
      for (const instruction of stage.instructions) {
        if (instruction.name === "add") {
          for (const [i, source] of (subject.model.of(instruction)?.args ?? []).slice(0, -1).entries()) {
            const foreign = /^(?:https?|ftp):/.test(source) ? foreignArchitecture(source) : undefined;
            if (foreign)
              yield { at: instruction.args[i]?.span ?? instruction, message: `this is built for ${foreign}` };
          }
        }
        const run = instruction.name === "run" ? runOf(subject, instruction) : undefined;
        if (run) {
          const { text } = run.script;
          if (!ASKS.test(text) && !(text.includes("$") && FETCHES.test(text))) continue;
        }
        const known = run && knownVariables(run.script, (name) => stage.env.get(name));
        for (const command of run?.script.commands ?? []) {
          if (command.name !== "dpkg" && !command.args.some(({ text }) => /:\/\/|\$/.test(text))) continue;
          const words = command.args.map((arg) => known?.(arg.text) ?? arg.text);
          const added = words[words.indexOf("--add-architecture") + 1];
          const foreign =
            command.name === "dpkg" && words.includes("--add-architecture")
              ? added !== "amd64"
                ? added
                : undefined
              : words
                  .filter((word) => /^(?:https?|ftp):/.test(word))
                  .map(foreignArchitecture)
                  .find(Boolean);
          if (run && foreign) yield { at: inSource(run, command.span), message: `this is built for ${foreign}` };
        }
      }
    }
  },
});
