import { checkExposed } from "../../dockerfile/expose.ts";
import type { Interpretation, Stage } from "../../dockerfile/interpret.ts";
import { readMount } from "../../dockerfile/mounts.ts";
import { readCheckOptions } from "../../dockerfile/pragmas.ts";
import { isImageReference } from "../../dockerfile/reference-form.ts";
import { defineDockerfileRule } from "../../dockerfile/rule.ts";
import { isStopSignal } from "../../dockerfile/stop-signal.ts";
import type { Instruction } from "../../dockerfile/syntax.ts";
import { foreignInstruction, templateMarker } from "../../dockerfile/template-marker.ts";
export default defineDockerfileRule({
  id: "KN000",
  severity: "error",
  clause: "S7",
  summary: "The builder can read the Dockerfile",
  help: "BuildKit refuses this file here. What follows is judged all the same.",
  examples: {
    good: [
      "FROM debian:13\nRUN a\n",
      "FROM debian:13 AS a\nFROM debian:13 AS b\nCOPY --from=0 /x /x\nRUN --mount=from=A,target=/a a\n",
      "FROM debian:13 AS a\nFROM debian:13\nCOPY --from=+0 /x /x\n",
      `FROM debian:13\nENV A=${"ab".repeat(800)}\n${"ENV B=${A//x*y*z/q}\n".repeat(12)}ENV E=1\nWORKDIR /$E\n`,
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
      "FROM debian:13\nCOPY --from=0 /x /x\n",
      "FROM debian:13 AS a\nFROM debian:13\nCOPY --from=2 /x /x\n",
      "ARG V=1\nFROM debian:13\nARG V\nCOPY --from=node:$V /x /x\n",
      "FROM debian:13\nRUN --mount=from=b,target=/b a\nFROM debian:13 AS b\n",
      "# check=skip:all\nFROM debian:13\n",
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
    const foreign = foreignInstruction(document);
    if (foreign) {
      const { frontEnd, instruction } = foreign;
      const message = `${frontEnd} reads this file, and has instructions of its own (${instruction.keyword.value}): judge what is made of it`;
      yield { at: instruction.keyword.span, severity: "info", message };
      return;
    }
    for (const { name, value, span } of document.directives) {
      if (name !== "check" || readCheckOptions(value.split(" ", 1)[0] as string)) continue;
      yield { at: span, message: `not a check option: ${value}` };
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
  if (!expanded?.stage.from) return undefined;
  if (instruction.name === "copy") return sourceProblem(expanded.flags.get("from"), "copy", expanded.stage, model);
  if (instruction.name !== "run") return undefined;
  const mounts = instruction.flags.flatMap((flag) => (flag.name === "mount" ? readMount(flag.value).from : []));
  // Of a mount a number is an image's name, and a variable was refused when it was read.
  const named = mounts.filter((from) => from !== undefined && !INDEX.test(from) && !from.includes("$"));
  return named.map((from) => sourceProblem(from, "mount", expanded.stage, model)).find(Boolean);
}

const INDEX = /^[+-]?\d+$/;

/** @param from of a COPY or a mount: an image, or a stage that must stand above */
function sourceProblem(
  from: string | undefined,
  verb: string,
  stage: Stage,
  { stages, stageOf }: Interpretation,
): string | undefined {
  if (from === undefined) return undefined;
  if (from.includes("$")) return "--from does not expand variables: write FROM $NAME AS a stage, and copy from that";
  const source = stageOf(INDEX.test(from) ? String(Number(from)) : from);
  if (!source) return INDEX.test(from) ? `invalid stage index ${from}` : undefined;
  if (source === stage) return `circular dependency: ${from} would ${verb} from itself`;
  if (source.index < stage.index) return undefined;
  // The same name may have stood above, too.
  const above = source.name !== undefined && stages.some((one) => one.name === source.name && one.index < stage.index);
  return above ? undefined : `cannot ${verb} from stage ${from}: it comes later`;
}
