/** Before any work: which engine can do every step, and works here. */
import { KnbuildError, usageError } from "../base/errors.ts";
import type { Engine } from "../engines/types.ts";
import { engines as installed } from "../generated/engines.ts";
import type { DockerfileNeed, DockerfileStep, Plan } from "../plan/types.ts";

const NEEDS: Readonly<Record<DockerfileNeed, string>> = {
  run: "it runs commands (RUN)",
  git: "it fetches a git repository (ADD)",
};

/** @throws ENGINE_UNKNOWN, ENGINE_CANNOT (both exit 2), ENGINE_UNAVAILABLE */
export async function chooseEngine(plan: Plan, wanted: string | undefined): Promise<Engine> {
  const engines = [...installed].sort((a, b) => a.rank - b.rank);
  const able = engines.filter((engine) => obstacle(engine, plan) === undefined);
  if (wanted !== undefined) return wantedEngine(plan, wanted, engines, able);
  const reasons: string[] = [];
  for (const engine of able) {
    const probe = await engine.probe();
    if (probe.ok) return engine;
    reasons.push(`${engine.id}: ${probe.reason}`);
  }
  const step = dockerfileStep(plan);
  const why = step?.needs[0] && NEEDS[step.needs[0]];
  throw new KnbuildError({
    code: "ENGINE_UNAVAILABLE",
    message: why
      ? `no engine on this machine can build ${step?.file}: ${why}`
      : "no engine on this machine can build this",
    detail: reasons.join("\n"),
    hint: `Install one of ${able.map(({ id }) => id).join(", ")}; knbuild doctor says how.`,
  });
}

async function wantedEngine(
  plan: Plan,
  wanted: string,
  engines: readonly Engine[],
  able: readonly Engine[],
): Promise<Engine> {
  const engine = engines.find(({ id }) => id === wanted);
  if (!engine) {
    const ids = engines.map(({ id }) => id).join(", ");
    throw usageError("ENGINE_UNKNOWN", `no such engine: ${wanted}`, `Use one of ${ids}.`);
  }
  const why = obstacle(engine, plan);
  if (why !== undefined) {
    const probes = await Promise.all(able.map(async ({ id, probe }) => ({ id, ok: (await probe()).ok })));
    const ready = probes.filter(({ ok }) => ok).map(({ id }) => id);
    const others = able.map(({ id }) => id);
    throw usageError(
      "ENGINE_CANNOT",
      `the engine ${wanted} cannot build this: ${why}`,
      ready.length > 0
        ? `Use --engine ${ready[0]}.`
        : others.length > 0
          ? `${others.join(", ")} can, but none of them works here: knbuild doctor says why.`
          : undefined,
    );
  }
  const probe = await engine.probe();
  if (probe.ok) return engine;
  throw new KnbuildError({ code: "ENGINE_UNAVAILABLE", message: `${wanted}: ${probe.reason}`, hint: probe.hint });
}

/** What stands between an engine and a plan. */
function obstacle(engine: Engine, plan: Plan): string | undefined {
  const missing = plan.steps.find(({ type }) => !engine.capabilities.includes(type));
  if (missing) return `it has no way to do the step ${missing.type}`;
  const need = dockerfileStep(plan)?.needs.find((one) => !engine.dockerfile?.offers.includes(one));
  return need && NEEDS[need];
}

function dockerfileStep(plan: Plan): DockerfileStep | undefined {
  return plan.steps.find((step) => step.type === "dockerfile");
}
