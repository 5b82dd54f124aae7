import { errorMessage, usageError } from "../../base/errors.ts";
import { parseReference, referenceTag } from "../../oci/reference.ts";
import type { RegistryClient } from "../../registry/client.ts";
import {
  asTold,
  type ExportedFile,
  leftOut,
  type MirrorTool,
  toDaemonJson,
  toHostsToml,
  toRegistriesConf,
} from "../../registry/mirrors/export.ts";
import type { Place } from "../../registry/mirrors/places.ts";
import type { MirrorRule } from "../../registry/mirrors/rules.ts";
import { defineCommand } from "../command.ts";
import { formatTable } from "../format.ts";
import { addRegistryOptions, registryClient, registryClientOptions } from "../registry-options.ts";

export default defineCommand({
  usage: "mirror",
  summary: "Show and check the mirrors that images are read from",
  examples: [
    "knbuild mirror show node:24-slim",
    "knbuild mirror check docker.io/library/node:24-slim",
    "knbuild mirror docker-config --for containerd",
  ],
  subcommands: [
    {
      usage: "show <reference>",
      summary: "Where a reference would be fetched from, in order, and why",
      examples: ["knbuild mirror show node:24-slim"],
      configure: addRegistryOptions,
      async run([reference], options, context) {
        const client = registryClient(options, context);
        try {
          const name = parseReference(reference as string);
          const found = (await client.places(name)).map(({ endpoint: _, ...place }) => place);
          if (context.json) context.printJson({ reference, places: found });
          else {
            const rows = found.map((place, i) => [
              `${i + 1}.`,
              `${place.host}/${place.repository}:${referenceTag(name)}`,
              place.kind,
              place.from,
              [
                place.digestsOnly ? "digests only" : "",
                place.tagsOnly ? "tags only" : "",
                place.insecureBy ? `insecure by ${place.insecureBy}: its certificate is not checked` : "",
                place.asideUntil ? `did not answer; left alone until ${new Date(place.asideUntil).toISOString()}` : "",
              ]
                .filter(Boolean)
                .join(", "),
            ]);
            context.print(formatTable(rows));
            if (!found.some((place) => place.kind === "origin"))
              context.note("strict: the registry itself is never asked");
          }
          return 0;
        } finally {
          client.close();
        }
      },
    },
    {
      usage: "check <image>",
      summary: "Does each mirror hold this image, and is it the registry's?",
      examples: ["knbuild mirror check docker.io/library/node:24-slim"],
      configure: addRegistryOptions,
      async run([image], options, context) {
        const client = registryClient(options, context);
        try {
          const results = await check(client, image as string);
          if (context.json) context.printJson({ image, places: results });
          else {
            context.print(formatTable(results.map((r) => [r.place, r.kind, r.holds, r.digest ?? "", r.note ?? ""])));
          }
          const mirrors = results.filter((result) => result.kind === "mirror");
          if (mirrors.length === 0) context.note("no mirror is configured for this image");
          return mirrors.every((mirror) => mirror.holds === "yes") ? 0 : 1;
        } finally {
          client.close();
        }
      },
    },
    {
      usage: "docker-config",
      summary: "Print the configuration that makes Docker, containerd or podman use the same mirrors",
      examples: ["knbuild mirror docker-config", "knbuild mirror docker-config --for podman"],
      configure(command) {
        command.option("--for <tool>", "docker, containerd or podman", "docker");
        addRegistryOptions(command);
      },
      async run(_args, options, context) {
        const tool = options["for"] as MirrorTool;
        const files = FILES[tool];
        if (!files) throw usageError("USAGE", `--for takes docker, containerd or podman, not ${tool}`);
        const client = registryClient(options, context);
        const { own, machine } = await client.mirrorRules();
        const rules = asTold([...own, ...machine], registryClientOptions(options, context));
        const written = files(rules);
        if (context.json) context.printJson(written);
        else {
          for (const file of written) {
            // Where it belongs: a comment in the file itself, where its form has comments.
            if (tool === "docker") context.note(context.style("dim", `# ${file.path}`));
            else context.print(`# ${file.path}`);
            context.print(file.content.trimEnd());
          }
          if (rules.length === 0) context.note("no mirror is configured: see mirrors: in knbuild.yaml");
        }
        for (const what of leftOut(tool, rules)) context.note(`left out: ${what}`);
        return 0;
      },
    },
  ],
});

const FILES: Readonly<Record<string, (rules: readonly MirrorRule[]) => ExportedFile[]>> = {
  docker: (rules) => [toDaemonJson(rules)],
  containerd: toHostsToml,
  podman: (rules) => [toRegistriesConf(rules)],
};

interface Held {
  place: string;
  kind: "mirror" | "origin";
  holds: "yes" | "no" | "unknown";
  digest?: string;
  note?: string;
}

async function check(client: RegistryClient, image: string): Promise<Held[]> {
  const reference = parseReference(image);
  const places = await client.places(reference);
  async function ask(place: Place, what: string): Promise<Held> {
    const base = { place: `${place.host}/${place.repository}`, kind: place.kind };
    try {
      const found = await client.openPlace(reference, place).resolve(what);
      return found ? { ...base, holds: "yes" as const, digest: found.digest } : { ...base, holds: "no" as const };
    } catch (error) {
      return { ...base, holds: "unknown" as const, note: errorMessage(error) };
    }
  }
  const asked = referenceTag(reference);
  const first = await Promise.all(places.map((place) => (place.digestsOnly ? undefined : ask(place, asked))));
  const origin = first.find((one) => one?.kind === "origin" && one.digest);
  // Who is asked for digests alone is asked for the one that the others name.
  const digest = origin?.digest ?? first.find((one) => one?.digest)?.digest ?? asked;
  const held = await Promise.all(places.map(async (place, i) => first[i] ?? ask(place, digest)));
  for (const one of held) {
    if (origin && one.digest && one.digest !== origin.digest) one.note = "not what the registry has now";
  }
  return held;
}
