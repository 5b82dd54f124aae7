/** The options of every command that signs. */
import type { Command } from "commander";
import type { SigningOptions, SigstoreServices } from "../attest/sign/bundle.ts";
import type { SubjectSources } from "../pipeline/subject.ts";
import type { RegistryClient } from "../registry/client.ts";
import type { CliContext } from "./command.ts";

export function addSigningOptions(command: Command): void {
  command
    .option(
      "--key <source>",
      "key: a file, env://NAME or command:PROGRAM (default: keyless, with this machine's identity)",
    )
    .option("--fulcio-url <url>", "certificate authority of a private Sigstore")
    .option("--rekor-url <url>", "transparency log of a private Sigstore; with a key, log the signature there")
    .option("--no-log", "write nothing to a transparency log")
    .option("--tsa-url <url>", "timestamp authority (RFC 3161)");
}

/** Flags, then the environment: KNBUILD_SIGN_KEY, KNBUILD_FULCIO_URL, KNBUILD_REKOR_URL, KNBUILD_TSA_URL. */
export function toSigningOptions(options: Record<string, unknown>, context: CliContext): SigningOptions {
  const { env } = context;
  const text = (flag: string, variable: string) =>
    (options[flag] as string | undefined) ?? (env[variable] || undefined);
  const key = text("key", "KNBUILD_SIGN_KEY");
  const fulcioUrl = text("fulcioUrl", "KNBUILD_FULCIO_URL");
  const rekorUrl = options["log"] === false ? false : text("rekorUrl", "KNBUILD_REKOR_URL");
  const tsaUrl = text("tsaUrl", "KNBUILD_TSA_URL");
  const services: SigstoreServices = {
    ...(fulcioUrl && { fulcioUrl }),
    ...(rekorUrl !== undefined && { rekorUrl }),
    ...(tsaUrl && { tsaUrl }),
  };
  return { cwd: context.cwd, env, signal: context.signal, services, ...(key && { key }) };
}

export function subjectSources(client: RegistryClient, context: CliContext): SubjectSources {
  return { registry: () => client, cwd: context.cwd, env: context.env };
}
