/** RUN by Docker's BuildKit: `docker buildx build`, or `docker build` of the clients that had BuildKit built in. */
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { KnbuildError } from "../../base/errors.ts";
import { step as progressStep } from "../../base/events.ts";
import type { DockerfileStep } from "../../plan/types.ts";
import { lastLine, runProgram } from "../../sandbox/program.ts";
import { builderArguments } from "../dockerfile/builder-arguments.ts";
import { baseOf } from "../dockerfile/container-builder.ts";
import { importImage } from "../dockerfile/import-image.ts";
import { runBuilder } from "../dockerfile/run-program.ts";
import { type DockerfileContext, defineEngine, type EngineResult } from "../types.ts";

interface Client {
  program: string;
  /** `buildx build`, or `build` with DOCKER_BUILDKIT=1. */
  buildx: boolean;
}

type Found = Client | { reason: string; hint: string };

/** Clients from this version on have their BuildKit in the plug-in buildx only. */
const WITHOUT_BUILDKIT = 23;

let remembered: Promise<Found> | undefined;

function found(): Promise<Found> {
  remembered ??= find();
  return remembered;
}

export default defineEngine({
  id: "docker",
  summary: "Dockerfiles with RUN, by Docker's BuildKit",
  rank: 10,
  capabilities: ["dockerfile"],
  async probe() {
    const result = await found();
    return "program" in result ? { ok: true } : { ok: false, ...result };
  },
  build: () => {
    throw new KnbuildError({ code: "ENGINE_CANNOT", message: "docker builds Dockerfiles only" });
  },
  dockerfile: {
    offers: ["run", "git"],
    async build(step, context) {
      const result = await found();
      if ("program" in result) return buildWith(result, step, context);
      throw new KnbuildError({ code: "ENGINE_UNAVAILABLE", message: `docker: ${result.reason}`, hint: result.hint });
    },
    async holds(ref) {
      const result = await found();
      if (!("program" in result)) return false;
      return (await runProgram(result.program, ["image", "inspect", ref], { timeoutMs: 20_000 })).code === 0;
    },
  },
});

/** The first of the clients in PATH that reaches a daemon and has BuildKit: several may be installed. */
async function find(): Promise<Found> {
  const programs = (process.env["PATH"] ?? "")
    .split(delimiter)
    .filter(Boolean)
    .map((folder) => join(folder, "docker"))
    .filter((path, i, all) => existsSync(path) && all.indexOf(path) === i);
  if (programs.length === 0) {
    return { reason: "docker is not installed", hint: "See Docker's own installation guide for this system." };
  }
  let why: Found = { reason: "no daemon answers", hint: "Start it, or let DOCKER_HOST say where it listens." };
  for (const program of programs) {
    const format = "{{.Client.Version}} {{.Server.Version}}";
    const version = await runProgram(program, ["version", "--format", format], { timeoutMs: 20_000 });
    if (version.code !== 0) {
      why = { ...why, reason: lastLine(version.stderr) || why.reason };
      continue;
    }
    if ((await runProgram(program, ["buildx", "version"], { timeoutMs: 20_000 })).code === 0) {
      return { program, buildx: true };
    }
    if (Number.parseInt(version.stdout, 10) < WITHOUT_BUILDKIT) return { program, buildx: false };
    why = { reason: "this docker client has no BuildKit", hint: "Install its plug-in docker-buildx." };
  }
  return why;
}

async function buildWith(client: Client, step: DockerfileStep, context: DockerfileContext): Promise<EngineResult> {
  const { program, buildx } = client;
  const { emit, signal } = context;
  const folder = await mkdtemp(join(tmpdir(), "knbuild-docker-"));
  const begin = performance.now();
  const env: NodeJS.ProcessEnv = { ...context.env, ...(!buildx && { DOCKER_BUILDKIT: "1" }) };
  try {
    const idFile = join(folder, "id");
    const args = [
      ...(buildx ? ["buildx", "build", "--load", "--provenance=false"] : ["build"]),
      ...["--progress", "plain", "--iidfile", idFile],
      ...[
        ...builderArguments(step, context, { contexts: buildx, cache: buildx ? "buildx" : "classic" }),
        context.sourceDir,
      ],
    ];
    await progressStep(emit, "docker", `build ${step.file} with docker`, () =>
      runBuilder({ program, args, env, id: "docker", emit, signal, cwd: context.sourceDir }),
    );
    const buildMs = Math.round(performance.now() - begin);
    const image = (await readFile(idFile, "utf8")).trim();
    const archive = join(folder, "image.tar");
    await runBuilder({
      program,
      args: ["save", "--output", archive, image],
      env,
      id: "docker",
      emit: () => {},
      signal,
    });
    const result = await progressStep(emit, "import", "take over from docker", async () =>
      importImage(await context.importArchive(archive, "docker"), await baseOf(step, context), context),
    );
    return { ...result, timingsMs: { build: buildMs, ...result.timingsMs } };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
