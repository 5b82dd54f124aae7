import { defineDockerfileRule } from "../../dockerfile/rule.ts";
export default defineDockerfileRule({
  id: "InvalidBaseImagePlatform",
  severity: "warning",
  clause: "S8",
  summary: "The base image has the platform that is asked for",
  help: "The catalogue knows the image, and it has no variant for the platform of this stage.",
  examples: { good: ["FROM debian:13\n"], bad: ["FROM mcr.microsoft.com/windows/nanoserver:ltsc2022\n"] },
  *check({ model, facts }) {
    for (const { from, image, base, platform } of model.stages) {
      if (!from || base || image === undefined) continue;
      const known = facts(image);
      const wanted = platform ?? "linux/amd64";
      if (!known?.windows || !wanted.startsWith("linux/")) continue;
      yield { at: from.args[0]?.span ?? from, message: `${image} is a Windows image, ${wanted} is asked for` };
    }
  },
});
