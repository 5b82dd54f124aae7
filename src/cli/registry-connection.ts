/** The registry client as a command's options and a configuration file say. */
import { findConfig } from "../config/files.ts";
import type { Config } from "../config/schema.ts";
import { createRegistryClient, type RegistryClient, type RegistryClientOptions } from "../registry/client.ts";
import type { CliContext } from "./command.ts";

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
  const place = { dir: cwd, cwd, file: named, env };
  if (!findConfig(place)) return undefined;
  const { loadConfig } = await import("../config/load.ts");
  return loadConfig(place).config;
}
