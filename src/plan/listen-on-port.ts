import type { Plan, RuntimeFileStep } from "./types.ts";

/** Loaded before a server that may know a port or a host of its own only: it is reached on PORT all the same. */
export const LISTEN_ON_PORT: RuntimeFileStep = {
  type: "runtime-file",
  template: "runtime/listen-on-port.cjs",
  to: "/knbuild/listen-on-port.cjs",
  layer: "runtime",
};

/** Whatever port or host the plan's server knows, requests to PORT reach it. */
export function isReachedOnPort({ steps }: Plan): boolean {
  return steps.some((step) => step.type === "runtime-file" && step.template === LISTEN_ON_PORT.template);
}

/** May the server be reached so? It is a program of Node's whose own source listens. */
export function mayBeReachedOnPort(plan: Plan): boolean {
  return plan.entrypoint.argv[0] === "node" && plan.entrypoint.listens === "seen" && !isReachedOnPort(plan);
}

/** The plan with its server reached on PORT. */
export function reachedOnPort(plan: Plan): Plan {
  const [node = "node", ...rest] = plan.entrypoint.argv;
  return {
    ...plan,
    steps: [...plan.steps, LISTEN_ON_PORT],
    entrypoint: { ...plan.entrypoint, argv: [node, "--require", LISTEN_ON_PORT.to, ...rest] },
  };
}
