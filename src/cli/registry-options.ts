/** The options of every command that talks to a registry, and the client that they make. */
import type { Command } from "commander";
import { createRegistryClient, type RegistryClient, type RegistryClientOptions } from "../registry/client.ts";
import { collect } from "./build-options.ts";
import type { CliContext } from "./command.ts";

export function addRegistryOptions(command: Command): void {
  command
    .option("--plain-http <host>", "speak plain http with this registry (repeatable)", collect, [])
    .option("--ca <file>", "PEM file of a certificate authority to trust (repeatable)", collect, [])
    .option("--config <file>", "configuration file");
}

export function registryClientOptions(options: Record<string, unknown>): RegistryClientOptions {
  return { plainHttp: options["plainHttp"] as string[], caFiles: options["ca"] as string[] };
}

export function registryClient(options: Record<string, unknown>, context: CliContext): RegistryClient {
  return createRegistryClient({
    ...registryClientOptions(options),
    env: context.env,
    emit: context.emit,
    signal: context.signal,
  });
}
