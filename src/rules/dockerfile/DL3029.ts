import { defineDockerfileRule } from "../../dockerfile/rule.ts";

const PLATFORM = /^(?:[a-z]+|[\w.-]+(?:\/[\w.-]+){1,2})$/i;

export default defineDockerfileRule({
  id: "DL3029",
  aliases: ["FromPlatformFlagConstDisallowed"],
  severity: "warning",
  summary: "Do not fix the platform in FROM",
  help: "A constant `--platform` builds for that platform whatever was asked for. `$BUILDPLATFORM` and `$TARGETPLATFORM` follow the request. linux/amd64 is the platform of the contract: naming it is no finding of hadolint's kind, BuildKit still remarks it unless the stage's name says so.",
  examples: {
    good: ["FROM --platform=$BUILDPLATFORM golang:1.25 AS build\n"],
    bad: ["FROM --platform=linux/arm64 debian:13\n"],
  },
  *check({ model }) {
    for (const { from, name } of model.stages) {
      const flag = from?.flags.find((one) => one.name === "platform");
      if (!from || !flag) continue;
      const hadolint = !/BUILDPLATFORM|TARGETPLATFORM/.test(flag.value) && flag.value !== "linux/amd64";
      const [os = "", architecture] = platformParts(flag.value);
      const buildkit =
        !flag.value.includes("$") &&
        PLATFORM.test(flag.value) &&
        !(name?.includes(os) ?? false) &&
        !(name !== undefined && architecture !== undefined && name.includes(architecture));
      if (!hadolint && !buildkit) continue;
      yield {
        at: flag.span,
        message: `the platform is fixed to ${flag.value}`,
        ids: [
          ...(hadolint ? [{ rule: "DL3029" }] : []),
          ...(buildkit ? [{ rule: "FromPlatformFlagConstDisallowed" }] : []),
        ],
      };
    }
  },
});

const ARCHITECTURES: Readonly<Record<string, string>> = {
  x86_64: "amd64",
  "x86-64": "amd64",
  aarch64: "arm64",
  i386: "386",
  armhf: "arm",
  armel: "arm",
};

/** `linux`, `amd64`; a single word is an architecture unless it names a system. */
function platformParts(text: string): [string, string | undefined] {
  const [first = "", second] = text.toLowerCase().split("/");
  if (second !== undefined) return [first, ARCHITECTURES[second] ?? second];
  return /^(?:linux|windows|darwin|freebsd)$/.test(first) ? [first, "amd64"] : ["linux", ARCHITECTURES[first] ?? first];
}
