/** The options of the `base` commands, and what they mean for `resolveBase`. */
import { join, resolve } from "node:path";
import type { Command } from "commander";
import type { DebianMirror } from "../bases/apt-sources.ts";
import type { ResolveBaseOptions } from "../bases/resolve.ts";
import { LOCK_FILE } from "../config/files.ts";
import type { Config } from "../config/schema.ts";
import { collect } from "./build-options.ts";
import type { CliContext } from "./command.ts";
import { addRegistryOptions, registryClient } from "./registry-options.ts";

export function addBaseOptions(command: Command): void {
  command
    .option("-C, --directory <dir>", "the project; its knbuild.lock is read and written", ".")
    .option("--package <name>", "extra Debian package (repeatable)", collect, [])
    .option("--mirror <url>", "Debian mirror (default: mirror.debian of the configuration, else apt's sources)")
    .option("--security-mirror <url>", "Debian security mirror")
    .option("--keyring <file>", "OpenPGP keys that may sign the archive, besides Debian's (repeatable)", collect, []);
  addRegistryOptions(command);
}

export interface BaseCommandOptions {
  /** For `resolveBase` and `updateBase`; without extra packages. */
  options: ResolveBaseOptions & { lockFile: string };
  /** Extra packages of the command line. */
  packages: string[];
  dir: string;
  close(): void;
}

export async function readBaseOptions(
  flags: Record<string, unknown>,
  context: CliContext,
): Promise<BaseCommandOptions> {
  const dir = resolve(context.cwd, flags["directory"] as string);
  const client = registryClient(flags, context);
  const { loadConfig } = await import("../config/load.ts");
  const { baseNetwork } = await import("../pipeline/base-network.ts");
  const { openSourcePlace, parseTransport } = await import("../pipeline/transports.ts");
  const { openStore } = await import("../store/store.ts");
  const file = flags["config"] as string | undefined;
  const { config } = loadConfig({ dir, file, cwd: context.cwd, env: context.env });
  const mirror = chooseMirror(flags, config);
  return {
    dir,
    packages: flags["package"] as string[],
    options: {
      ...(mirror && { mirror }),
      keyrings: (flags["keyring"] as string[]).map((path) => resolve(context.cwd, path)),
      lockFile: join(dir, LOCK_FILE),
      cwd: dir,
      ...baseNetwork(context.env, context.signal),
      emit: context.emit,
      async openReference(ref) {
        const place = await openSourcePlace(ref, {
          store: () => openStore(),
          registry: (reference) => client.repository(reference, { access: "pull" }),
        });
        return { target: place.target, tag: place.tag, remote: parseTransport(place.spec).transport === "docker://" };
      },
    },
    close: () => client.close(),
  };
}

function chooseMirror(flags: Record<string, unknown>, config: Config): Partial<DebianMirror> {
  const url = (flags["mirror"] as string | undefined) ?? config.mirror?.debian;
  const securityUrl = (flags["securityMirror"] as string | undefined) ?? config.mirror?.debianSecurity;
  const trim = (text: string) => text.replace(/\/+$/, "");
  return { ...(url && { url: trim(url) }), ...(securityUrl && { securityUrl: trim(securityUrl) }) };
}
