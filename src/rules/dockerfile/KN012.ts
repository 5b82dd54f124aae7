import { FOREIGN_TEXT, foreignTarget, foreignVariable } from "../../dockerfile/foreign.ts";
import { defineDockerfileRule, inSource, runOf } from "../../dockerfile/rule.ts";
import { contributingStages } from "../../dockerfile/start.ts";

const SETTERS = new Set(["env", "export", "go"]);

export default defineDockerfileRule({
  id: "KN012",
  severity: "error",
  clause: "S8",
  summary: "Compile for linux/amd64",
  help: "Nodes are Linux on x86-64. Leave the target out, or take it from `$TARGETOS` and `$TARGETARCH`.",
  examples: {
    good: ["FROM golang:1.25\nRUN GOOS=linux GOARCH=amd64 go build -o /s .\n"],
    bad: [
      "FROM golang:1.25\nENV GOARCH=arm64\nRUN go build -o /s .\n",
      "FROM debian:13\nENV TARGET_ARCH=386\n",
      "FROM rust:1.90\nRUN cargo build --target aarch64-unknown-linux-gnu\n",
      "FROM golang:1.25\nRUN go env -w GOARCH=arm64 && go build -o /s .\n",
    ],
  },
  *check(subject) {
    for (const stage of contributingStages(subject)) {
      for (const instruction of stage.instructions) {
        if (instruction.name === "env" || instruction.name === "arg") {
          for (const { key, value = "" } of subject.model.of(instruction)?.pairs ?? []) {
            if (foreignVariable(key, value))
              yield { at: instruction, message: `${key}=${value} is not what the platform runs` };
          }
        }
        const run = instruction.name === "run" ? runOf(subject, instruction) : undefined;
        if (run && !FOREIGN_TEXT.test(run.script.text)) continue;
        for (const command of run?.script.commands ?? []) {
          const variables = command.node.assignments.map(({ name, value }) => [name, value.text]);
          if (SETTERS.has(command.name)) variables.push(...command.args.map(({ text }) => text.split("=", 2)));
          const set = variables.find(([key = "", value = ""]) => foreignVariable(key, value));
          const target = set ? set.join("=") : foreignTarget(command);
          if (run && target)
            yield { at: inSource(run, command.span), message: `${target} is not what the platform runs` };
        }
      }
    }
  },
});
