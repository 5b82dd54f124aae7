/** The options of every command that talks to a registry, and the client that they make. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Command } from "commander";
import type { Config } from "../config/schema.ts";
import { createRegistryClient, type RegistryClient, type RegistryClientOptions } from "../registry/client.ts";
import { collect } from "./build-options.ts";
import type { CliContext } from "./command.ts";

export function addRegistryOptions(command: Command): void {
  command
    .option("--plain-http <host>", "speak plain http with this registry (repeatable)", collect, [])
    .option("--insecure <host>", "do not check this registry's certificate (repeatable)", collect, [])
    .option("--ca <file>", "PEM file of a certificate authority to trust (repeatable)", collect, [])
    .option("--config <file>", "configuration file");
}

/** What the options say, and what a configuration file says that is read when it is asked for. */
export function registryClientOptions(
  options: Record<string, unknown>,
  context: Pick<CliContext, "cwd" | "env">,
): RegistryClientOptions {
  let read: Promise<Config | undefined> | undefined;
  const configured = () => (read ??= readConfig(options, context));
  return {
    plainHttp: options["plainHttp"] as string[],
    insecure: options["insecure"] as string[] | undefined,
    caFiles: options["ca"] as string[],
    mirrors: async () => (await configured())?.mirrors,
    trustedRealms: async () => (await configured())?.trustedRealms,
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

/** The configuration file that is named or lies here. Reading and checking it costs time: only when asked. */
async function readConfig(
  options: Record<string, unknown>,
  { cwd, env }: Pick<CliContext, "cwd" | "env">,
): Promise<Config | undefined> {
  const named = options["config"] as string | undefined;
  const own = ["knbuild.yaml", "knbuild.yml", "knbuild.json"].some((name) => existsSync(join(cwd, name)));
  if (named === undefined && !env["KNBUILD_CONFIG"] && !own && !isInManifest(cwd)) return undefined;
  const { loadConfig } = await import("../config/load.ts");
  return (await loadConfig({ dir: cwd, cwd, file: named, env })).config;
}

/** A package.json has a `knbuild` key, or cannot be read: then what reads it properly says why. */
function isInManifest(dir: string): boolean {
  const file = join(dir, "package.json");
  if (!existsSync(file)) return false;
  try {
    const manifest: unknown = JSON.parse(readFileSync(file, "utf8"));
    return typeof manifest === "object" && manifest !== null && "knbuild" in manifest;
  } catch {
    return true;
  }
}
