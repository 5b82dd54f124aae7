import { fromView, type ImageName, splitImageName } from "../../dockerfile/image-name.ts";
import { readMount } from "../../dockerfile/mounts.ts";
import { defineDockerfileRule } from "../../dockerfile/rule.ts";
export default defineDockerfileRule({
  id: "DL3026",
  severity: "error",
  summary: "Only images from allowed registries",
  help: "`lint.allowedRegistries` lists registries (`gcr.io`, `*.example.com`) or image patterns (`gcr.io/distroless/*`) that base images may come from. Empty: all.",
  examples: { good: ["FROM debian:13\n"], bad: [] },
  *check({ document, settings }) {
    const allowed = settings.allowedRegistries;
    if (allowed.length === 0) return;
    const stages = new Set<string>();
    for (const instruction of document.instructions) {
      if (instruction.name === "from") {
        const view = fromView(instruction);
        if (!stages.has(view.name) && !permitted(view, allowed)) {
          yield {
            at: instruction.args[0]?.span ?? instruction,
            message: `${instruction.args[0]?.value} is not from an allowed registry`,
          };
        }
        if (view.alias) stages.add(view.alias);
        continue;
      }
      for (const flag of instruction.flags) {
        const image =
          flag.name === "from" && instruction.name === "copy"
            ? flag.value
            : flag.name === "mount"
              ? readMount(flag.value).from
              : undefined;
        if (image === undefined || /^\d+$/.test(image)) continue;
        const view = splitImageName(image);
        if (stages.has(image) || permitted(view, allowed)) continue;
        yield { at: flag.span, message: `${image} is not from an allowed registry` };
      }
    }
  },
});

function permitted(image: ImageName, allowed: readonly string[]): boolean {
  if (image.registry === undefined && image.name === "scratch") return true;
  const hosts = image.registry === undefined ? ["docker.io", "hub.docker.com"] : [image.registry];
  return allowed.some((pattern) =>
    hosts.some(
      (host) => matches(pattern, host) || (pattern.includes("/") && matches(pattern, `${host}/${image.name}`)),
    ),
  );
}

function matches(pattern: string, text: string): boolean {
  if (pattern === "*") return true;
  if (pattern.startsWith("*")) return text.endsWith(pattern.slice(1));
  if (pattern.endsWith("*")) return text.startsWith(pattern.slice(0, -1));
  return pattern === text;
}
