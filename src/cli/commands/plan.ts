import { basename, resolve } from "node:path";
import { cacheDir } from "../../base/dirs.ts";
import { planDockerfile } from "../../pipeline/dockerfile-plan.ts";
import { findDockerfile } from "../../pipeline/find-dockerfile.ts";
import { type KnownBundle, knownBundle } from "../../pipeline/known-bundle.ts";
import { nodeBases } from "../../pipeline/node-bases.ts";
import { plan } from "../../pipeline/plan.ts";
import { optionsOf } from "../../pipeline/plan-options.ts";
import { planKey } from "../../plan/canonical.ts";
import type { Step } from "../../plan/types.ts";
import { defineCommand } from "../command.ts";

export default defineCommand({
  usage: "plan [directory]",
  summary: "Show what would be built and why; nothing is run",
  examples: ["knbuild plan", "knbuild plan services/api --json"],
  configure(command) {
    command.option("--workspace <name>", "member of a monorepo");
    command.option("--entrypoint <file>", "file that starts the server");
    command.option("--buildpack <id>", "buildpack to use, whatever else is detected");
    command.option("--base <ref>", "base image");
    command.option("--no-bundle", "ship node_modules as they are");
  },
  async run([directory], flags, context) {
    const dir = resolve(context.cwd, (directory as string | undefined) ?? ".");
    const options = optionsOf(dir, flags, context.cwd, context.env);
    const file = findDockerfile(dir, options, context.cwd);
    const made =
      file === undefined
        ? plan({ source: dir, options, nodeBases: nodeBases() })
        : planDockerfile(dir, file, options.name ?? basename(dir), options.dockerfile).plan;
    const { gracefulShutdown } = options;
    const bundle =
      file === undefined && (await knownBundle(dir, made, { cacheDir: cacheDir(context.env), gracefulShutdown }));
    if (context.json) {
      context.printJson({ ...made, key: planKey(made), bundle: bundle || null });
      return 0;
    }
    const row = (name: string, value: string) => context.print(`${context.style("bold", name.padEnd(12))}${value}`);
    row("image", made.name);
    row("base", [made.base.ref, ...made.base.packages].join(" + "));
    if (file === undefined) row("starts", made.entrypoint.argv.join(" "));
    if (file === undefined)
      row("runs as", `${made.config.user} in ${made.config.workdir}, port ${made.config.exposedPorts.join(", ")}`);
    for (const step of made.steps) row(step.type, describe(step));
    if (bundle) tellBundle(bundle, row);
    else if (made.steps.some((step) => step.type === "bundle" && step.enabled)) row("bundled", "known after a build");
    for (const line of made.evidence) context.print(context.style("dim", `because     ${line}`));
    for (const warning of made.warnings)
      context.note(`warning: ${warning.message}${warning.hint ? ` (${warning.hint})` : ""}`);
    return 0;
  },
});

function tellBundle({ bundled, external, current }: KnownBundle, row: (name: string, value: string) => void): void {
  if (!current) row("last build", "what follows is of it; something has changed since");
  if (bundled.length > 0) row("bundled", bundled.join(", "));
  for (const { name, reason } of external) row("as files", `${name}: ${reason}`);
}

function describe(step: Step): string {
  switch (step.type) {
    case "install":
      return `${step.packageManager}${step.version ? `@${step.version}` : ""} as ${step.lockFile ?? "package.json"} says${step.dev ? ", with devDependencies" : ""}`;
    case "host-command":
      return `${step.argv.join(" ")} (${step.why})`;
    case "bundle":
      return step.enabled
        ? `${step.entry} for Node ${step.nodeTarget}`
        : `none: ${step.entry} and what it needs are shipped as files`;
    case "copy":
      return `${step.from}${step.instead?.length ? ` (or ${step.instead.join(", ")}: where an index.html is)` : ""} to ${step.to}`;
    case "runtime-file":
      return step.to;
    case "dockerfile":
      return `${step.file}${step.target ? `, stage ${step.target}` : ""}: ${step.needs.length > 0 ? `needs an engine for ${step.needs.join(" and ")}` : "built in this process"}`;
  }
}
