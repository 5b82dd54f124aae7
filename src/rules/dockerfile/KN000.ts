import { checkExposed } from "../../dockerfile/expose.ts";
import type { Interpretation } from "../../dockerfile/interpret.ts";
import { isImageReference } from "../../dockerfile/reference-form.ts";
import { defineDockerfileRule } from "../../dockerfile/rule.ts";
import { isStopSignal } from "../../dockerfile/stop-signal.ts";
import type { Instruction } from "../../dockerfile/syntax.ts";
import { templateMarker } from "../../dockerfile/template-marker.ts";
export default defineDockerfileRule({
  id: "KN000",
  severity: "error",
  clause: "S7",
  summary: "The builder can read the Dockerfile",
  help: "BuildKit refuses this file here. What follows is judged all the same.",
  examples: {
    good: [
      "FROM debian:13\nRUN a\n",
      "FROM debian:13\nRUN --mount=type=secret,id=a,required,mode=0400 --mount=type=tmpfs,target=/t,size=10m a\n",
    ],
    bad: [
      "FROM debian:13\nRNU a\n",
      "FROM debian:13\nENV A=${x\n",
      "FROM Debian:13\n",
      "FROM debian:13\nEXPOSE 80/http\n",
      "FROM debian:13\nRUN --mount=type=cache,target=/c,foo=1 make\n",
      "FROM debian:13\nRUN --mount=type=secret make\n",
      "FROM debian:13\nRUN --device=example.com/a=b,name=example.com/c make\n",
      "FROM debian:13\nRUN --mount=type=tmpfs,target=/t,mode=0700 make\n",
      "FROM debian:13\nADD --checksum=sha256:00 a /a\n",
      "FROM debian:13\nRUN a\n\\\n",
      "FROM debian:13 AS a\nCOPY --from=b /x /x\nFROM debian:13 AS b\n",
      "FROM debian:13 AS a\nCOPY --from=a /x /x\n",
      "FROM debian:13\nSTOPSIGNAL SIGNOT\n",
      `FROM debian:13\nENV A=0123456789\n${"ENV A=$A$A\n".repeat(30)}`,
      "# nothing\n",
    ],
  },
  *check({ document, model }) {
    const marker = templateMarker(document);
    if (marker) {
      const message = `a template (${marker.keyword.value}): judge what is made of it`;
      yield { at: marker.keyword.span, severity: "info", message };
      return;
    }
    for (const { message, span } of document.problems) yield { at: span, message };
    if (document.instructions.length > 0 && !document.instructions.some(({ name }) => name === "from")) {
      yield { at: document.instructions[0] as Instruction, message: "there is no FROM: no stage to build" };
    }
    for (const instruction of document.instructions) {
      const error = model.of(instruction)?.error ?? refusal(instruction, model);
      if (error !== undefined) yield { at: instruction, message: error };
    }
    for (const { from, base, image, imageText, defaultImage } of model.stages) {
      // Empty without arguments: that is InvalidDefaultArgInFrom's to say, and an argument mends it.
      if (image === "" && defaultImage === "") continue;
      if (from && !base && image === imageText && image !== "scratch" && !isImageReference(image))
        yield { at: from, message: `${image} cannot be an image's name` };
      if (from && imageText !== "" && (image === undefined || image === "")) {
        yield {
          at: from,
          message:
            image === "" ? `the base name ${imageText} is empty` : `the base name ${imageText} cannot be expanded`,
        };
      }
    }
  },
});

/** What the builder refuses when it comes to the instruction; a value that depends on an argument may yet be good. */
function refusal(instruction: Instruction, model: Interpretation): string | undefined {
  const expanded = model.of(instruction);
  if (instruction.name === "expose" && !instruction.rest.value.includes("$")) {
    try {
      checkExposed(expanded?.args ?? []);
    } catch (error) {
      return (error as Error).message;
    }
  }
  if (instruction.name === "add" && expanded?.flags.has("checksum")) {
    const sources = expanded.args.slice(0, -1);
    if (sources.length > 1) return "checksum can't be specified for multiple sources";
    if (!/^(?:https?|git|ssh):\/\/|^git@|\$/.test(sources[0] ?? "")) return "checksum requires HTTP(S) or Git sources";
  }
  if (instruction.name === "stopsignal" && !instruction.rest.value.includes("$")) {
    const signal = expanded?.args[0] ?? "";
    if (!isStopSignal(signal)) return `invalid signal: ${signal}`;
  }
  const from = instruction.name === "copy" ? expanded?.flags.get("from") : undefined;
  const later = from === undefined || /^\d+$/.test(from) ? undefined : model.stageOf(from);
  if (later && later === expanded?.stage) return `circular dependency: ${from} copies from itself`;
  if (!later || !expanded || later.index < expanded.stage.index) return undefined;
  // The same name may have stood above, too.
  const above = model.stages.some(({ name, index }) => name === later.name && index < expanded.stage.index);
  return above ? undefined : `cannot copy from stage ${from}: it comes later`;
}
