/** The options of every command that talks to a registry. */
import type { Command } from "commander";
import { collect } from "./build-options.ts";

export { registryClient, registryClientOptions } from "./registry-connection.ts";

export function addRegistryOptions(command: Command): void {
  command
    .option("--plain-http <host>", "speak plain http with this registry (repeatable)", collect, [])
    .option("--insecure <host>", "do not check this registry's certificate (repeatable)", collect, [])
    .option("--ca <file>", "PEM file of a certificate authority to trust (repeatable)", collect, [])
    .option("--config <file>", "configuration file");
}
