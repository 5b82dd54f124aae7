/** `--cache-from` and `--cache-to` as each builder has them. BuildKit's own form is `type=registry,ref=…`, or a name alone. */
import { KnbuildError } from "../../base/errors.ts";
import type { DockerfileStep } from "../../plan/types.ts";

/** `buildx` knows every kind; `classic`, docker before 23, images with their cache inside; `buildah`, podman too, one repository. */
export type CacheDialect = "buildx" | "classic" | "buildah";

const NAMES: Readonly<Record<CacheDialect, string>> = {
  buildx: "docker buildx",
  classic: "this docker client, which has no buildx,",
  buildah: "buildah (and podman)",
};

/** @throws ENGINE_CANNOT for a cache that the builder does not know: it would silently not be used */
export function cacheFlags({ cacheFrom, cacheTo }: DockerfileStep, dialect: CacheDialect): string[] {
  if (dialect === "buildx") {
    return [...cacheFrom.flatMap((one) => ["--cache-from", one]), ...cacheTo.flatMap((one) => ["--cache-to", one])];
  }
  const from = cacheFrom.map((one) => repository("--cache-from", one, dialect));
  if (dialect === "classic") {
    const inline = cacheTo.find((one) => !/^type=inline\b/.test(one));
    if (inline !== undefined) throw cannot("--cache-to", inline, dialect, "type=inline");
    return [
      ...from.flatMap((one) => ["--cache-from", one]),
      ...(cacheTo.length > 0 ? ["--build-arg", "BUILDKIT_INLINE_CACHE=1"] : []),
    ];
  }
  const to = cacheTo.map((one) => repository("--cache-to", one, dialect));
  for (const [flag, list] of [
    ["--cache-from", from],
    ["--cache-to", to],
  ] as const)
    if (list.length > 1) throw cannot(flag, list.join(" and "), dialect, "one repository");
  // Layers are tags there: a tag of ours would be refused.
  const named = (flag: string, list: readonly string[]): string[] =>
    list.flatMap((one) => [flag, one.replace(/@.*$/, "").replace(/:[^:/]*$/, "")]);
  return [...named("--cache-from", from), ...named("--cache-to", to)];
}

function repository(flag: string, text: string, dialect: CacheDialect): string {
  if (!/^\w+=/.test(text)) return text;
  const fields = new Map(text.split(",").map((field) => field.split(/=(.*)/s) as [string, string]));
  const ref = fields.get("ref");
  if (fields.get("type") === "registry" && ref) return ref;
  throw cannot(flag, text, dialect, "type=registry,ref=…");
}

function cannot(flag: string, given: string, dialect: CacheDialect, known: string): KnbuildError {
  return new KnbuildError({
    code: "ENGINE_CANNOT",
    message: `${NAMES[dialect]} cannot do ${flag} ${given}`,
    hint: `It knows ${known}. docker buildx knows every kind.`,
    exitCode: 2,
  });
}
