/** buildah and podman build: found, tried with a tiny build, asked, and their image taken over by way of an OCI archive. */
import { chmod, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { KnbuildError } from "../../base/errors.ts";
import { step as progressStep } from "../../base/events.ts";
import type { DockerfileStep } from "../../plan/types.ts";
import { exitZeroProgram } from "../../sandbox/exit-zero.ts";
import { findProgram, lastLine, runProgram } from "../../sandbox/program.ts";
import { type DockerfileContext, defineEngine, type Engine, type EngineResult } from "../types.ts";
import { builderArguments } from "./builder-arguments.ts";
import { ownIgnoreFile } from "./ignore-file.ts";
import { importImage } from "./import-image.ts";
import { runBuilder } from "./run-program.ts";

export interface ContainerBuilder {
  id: "buildah" | "podman";
  rank: number;
  /** Arguments that save an image as an OCI archive. */
  save(image: string, archive: string): string[];
  /** Flags of the program itself, before `build`, that name the runtime. */
  runtimeFirst: boolean;
}

/**
 * Ways to start RUN's processes, tried in order: as it is configured; with runc, where the configured runtime cannot start
 * anything; with low limits, for machines that may not raise their own; in a chroot, where no container may be made at all.
 */
const LIMITS = ["--ulimit", "nofile=1024:1024", "--ulimit", "nproc=1024:1024"];
const WAYS: readonly { runtime?: string; flags: readonly string[] }[] = [
  { flags: [] },
  { runtime: "runc", flags: [] },
  { flags: LIMITS },
  { runtime: "runc", flags: LIMITS },
  { flags: ["--isolation", "chroot"] },
];

type Way = (typeof WAYS)[number];
type Found = { program: string; way: Way } | { reason: string; hint: string };

export function containerBuilder(builder: ContainerBuilder): Engine {
  const { id } = builder;
  let remembered: Promise<Found> | undefined;
  const found = (): Promise<Found> => {
    remembered ??= find(builder);
    return remembered;
  };
  return defineEngine({
    id,
    summary: `Dockerfiles with RUN, by ${id}`,
    rank: builder.rank,
    capabilities: ["dockerfile"],
    async probe() {
      const result = await found();
      return "program" in result ? { ok: true } : { ok: false, ...result };
    },
    build: () => {
      throw new KnbuildError({ code: "ENGINE_CANNOT", message: `${id} builds Dockerfiles only` });
    },
    dockerfile: {
      offers: ["run", "git"],
      async build(step, context) {
        const result = await found();
        if ("program" in result) return buildWith(builder, result.program, result.way, step, context);
        throw new KnbuildError({ code: "ENGINE_UNAVAILABLE", message: `${id}: ${result.reason}`, hint: result.hint });
      },
      async holds(ref) {
        const result = await found();
        if (!("program" in result)) return false;
        const asked = id === "podman" ? ["image", "exists", ref] : ["inspect", "--type", "image", ref];
        return (await runProgram(result.program, asked, { timeoutMs: 20_000 })).code === 0;
      },
    },
  });
}

async function find(builder: ContainerBuilder): Promise<Found> {
  const { id } = builder;
  const program = findProgram(id);
  if (!program) return { reason: `${id} is not installed`, hint: `Debian, Ubuntu: apt install ${id}.` };
  const folder = await mkdtemp(join(tmpdir(), "knbuild-probe-"));
  try {
    await writeFile(join(folder, "exit-zero"), exitZeroProgram());
    await chmod(join(folder, "exit-zero"), 0o755);
    await writeFile(join(folder, "Dockerfile"), 'FROM scratch\nCOPY exit-zero /\nRUN ["/exit-zero"]\n');
    let reason = "";
    for (const way of WAYS) {
      if (way.runtime && !findProgram(way.runtime)) continue;
      const idFile = join(folder, "id");
      const args = [...buildCommand(builder, way), "--no-cache", "--network", "none", "--iidfile", idFile, folder];
      const result = await runProgram(program, args, { timeoutMs: 60_000 });
      if (result.code === 0) {
        await runProgram(program, ["rmi", (await readFile(idFile, "utf8")).trim()], { timeoutMs: 20_000 });
        return { program, way };
      }
      reason ||= lastLine(result.stderr) || `exit code ${result.code}`;
    }
    return {
      reason: `${id} cannot run a command here: ${reason}`,
      hint: `See what is wrong: printf 'FROM scratch\\n' | ${id} build -f - .`,
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function buildCommand({ runtimeFirst }: ContainerBuilder, { runtime, flags }: Way): string[] {
  const named = runtime === undefined ? [] : ["--runtime", runtime];
  return runtimeFirst ? [...named, "build", ...flags] : ["build", ...named, ...flags];
}

async function buildWith(
  builder: ContainerBuilder,
  program: string,
  way: Way,
  step: DockerfileStep,
  context: DockerfileContext,
): Promise<EngineResult> {
  const { id } = builder;
  const folder = await mkdtemp(join(tmpdir(), `knbuild-${id}-`));
  const begin = performance.now();
  try {
    const env: NodeJS.ProcessEnv = { ...context.env };
    if (context.registriesConf !== undefined && env["CONTAINERS_REGISTRIES_CONF"] === undefined) {
      env["CONTAINERS_REGISTRIES_CONF"] = join(folder, "registries.conf");
      await writeFile(env["CONTAINERS_REGISTRIES_CONF"], registriesConf(context.registriesConf));
    }
    const idFile = join(folder, "id");
    const dialect = { contexts: true, cache: "buildah" as const };
    // Not all of their versions look beside the Dockerfile.
    const ignoreFile = ownIgnoreFile(context.sourceDir, step.file);
    const ignores = ignoreFile === undefined ? [] : ["--ignorefile", resolve(context.sourceDir, ignoreFile)];
    const args = [
      ...[...buildCommand(builder, way), "--layers", "--format", "oci", "--iidfile", idFile],
      ...[...builderArguments(step, context, dialect), ...ignores, context.sourceDir],
    ];
    const { emit, signal } = context;
    await progressStep(emit, id, `build ${step.file} with ${id}`, () =>
      runBuilder({ program, args, env, id, emit, signal, cwd: context.sourceDir }),
    );
    const buildMs = Math.round(performance.now() - begin);
    const archive = join(folder, "image.tar");
    const image = (await readFile(idFile, "utf8")).trim();
    await runBuilder({
      program,
      args: builder.save(image.replace(/^sha256:/, ""), archive),
      env,
      id,
      emit: () => {},
      signal,
    });
    const result = await progressStep(emit, "import", `take over from ${id}`, async () =>
      importImage(await context.importArchive(archive, "oci"), await baseOf(step, context), context),
    );
    return { ...result, timingsMs: { build: buildMs, ...result.timingsMs } };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Short names mean Docker Hub's, as they do everywhere in knbuild. */
function registriesConf(mirrors: string): string {
  return `unqualified-search-registries = ["docker.io"]\nshort-name-mode = "permissive"\n\n${mirrors}`;
}

/** The image that the Dockerfile begins with: its layers need not be packed again. Undefined where nobody can open it. */
export async function baseOf(step: DockerfileStep, context: DockerfileContext) {
  // The target's own is the first that the stage graph comes upon; the others are only copied from.
  const [ref] = step.images;
  const image =
    ref === undefined ? undefined : await context.openImage(step.contexts[ref] ?? ref).catch(() => undefined);
  return ref !== undefined && image ? { ref, image } : undefined;
}
