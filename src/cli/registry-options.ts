/** The options of every command that talks to a registry, and the client that they make. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import { createRegistryClient, type RegistryClient, type RegistryClientOptions } from "../registry/client.ts";
import type { MirrorsConfig } from "../registry/mirrors/rules.ts";
import { collect } from "./build-options.ts";
import type { CliContext } from "./command.ts";

export function addRegistryOptions(command: Command): void {
  command
    .option("--plain-http <host>", "speak plain http with this registry (repeatable)", collect, [])
    .option("--insecure <host>", "do not check this registry's certificate (repeatable)", collect, [])
    .option("--ca <file>", "PEM file of a certificate authority to trust (repeatable)", collect, [])
    .option("--config <file>", "configuration file");
}

/** What the options say; without a context nothing is read from a configuration file. */
export function registryClientOptions(
  options: Record<string, unknown>,
  context?: Pick<CliContext, "cwd" | "env">,
): RegistryClientOptions {
  return {
    plainHttp: options["plainHttp"] as string[],
    insecure: options["insecure"] as string[] | undefined,
    caFiles: options["ca"] as string[],
    ...(context && { mirrors: () => configuredMirrors(options, context) }),
  };
}

export function registryClient(options: Record<string, unknown>, context: CliContext): RegistryClient {
  return createRegistryClient({
    ...registryClientOptions(options, context),
    env: context.env,
    emit: context.emit,
    signal: context.signal,
  });
}

/** `mirrors:` of the configuration file that is named or lies here. Reading and checking it costs time: only when asked. */
async function configuredMirrors(
  options: Record<string, unknown>,
  { cwd, env }: Pick<CliContext, "cwd" | "env">,
): Promise<MirrorsConfig | undefined> {
  const named = options["config"] as string | undefined;
  const candidates = ["knbuild.yaml", "knbuild.yml", "knbuild.json", "package.json"].map((name) => join(cwd, name));
  if (named === undefined && !env["KNBUILD_CONFIG"] && !candidates.some((file) => existsSync(file))) return undefined;
  const { loadConfig } = await import("../config/load.ts");
  return loadConfig({ dir: cwd, cwd, file: named, env }).config.mirrors;
}
