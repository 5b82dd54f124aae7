/** The options of a build, shared by the commands that build (`build`, `run`). */
import { existsSync } from "node:fs";
import { type Command, InvalidArgumentError, Option } from "commander";
import type { SbomFormat } from "../attest/sbom/types.ts";
import type { SignatureForm } from "../attest/sign/attach-signature.ts";
import { usageError } from "../base/errors.ts";
import type { BuildOptions } from "../pipeline/build-types.ts";
import type { CliContext } from "./command.ts";
import { addSigningOptions, toSigningOptions } from "./signing-options.ts";

type OutputOption = NonNullable<BuildOptions["outputs"]>[number];

export function addBuildOptions(command: Command): void {
  command
    .option(
      "-t, --tag <reference>",
      "name of the image, with templates {sha} {shortSha} {branch} {tag} {version} (repeatable)",
      collect,
      [],
    )
    .option("--push", "push to the registry of its names")
    .addOption(
      new Option("-o, --output <output>", "type=oci|docker|layout|registry|store,dest=PATH (repeatable)")
        .argParser(collectOutput)
        .default([]),
    )
    .option("--load <daemon>", "load into docker or podman")
    .option("-f, --file <dockerfile>", "Dockerfile to build (default: the directory's own, where it has one)")
    .option("--target <stage>", "stage of the Dockerfile that becomes the image")
    .option("--build-arg <name=value>", "argument of the Dockerfile (repeatable)", collectPair)
    .option(
      "--build-context <name=place>",
      "name for FROM: a directory, docker-image://, oci-layout:// (repeatable)",
      collectPair,
    )
    .option("--secret <id=name,src=file>", "secret for RUN (repeatable)", collect, [])
    .option("--ssh <default|id=socket>", "agent or key for RUN (repeatable)", collect, [])
    .option("--network <mode>", "network of RUN: default, none or host")
    .option("--cache-from <ref>", "where RUN's cached layers are taken from (repeatable)", collect, [])
    .option("--cache-to <ref>", "where they are kept (repeatable)", collect, [])
    .option("--base <base>", "base: an id of knbuild base list, or an image reference")
    .option("--buildpack <id>", "use this buildpack, whatever else is detected (dockerfile: the Dockerfile)")
    .option("--entrypoint <file>", "file that starts the server")
    .option("--workspace <name>", "member of a monorepo to build")
    .option("-e, --env <name=value>", "environment of the image (repeatable)", collectPair)
    .option("--label <name=value>", "label of the image (repeatable)", collectPair)
    .option("--annotation <name=value>", "annotation of the manifest (repeatable)", collectPair)
    .option("--no-bundle", "ship production node_modules as they are")
    .option("--no-minify", "leave the bundle readable")
    .option("--no-compile-cache", "ship no V8 code cache (the image starts slower and is smaller)")
    .option("--no-frozen", "let the package manager update an out-of-date lock file (in its staging copy)")
    .option("--ignore-scripts", "run no install scripts of packages")
    .option("--no-lint", "build although source or Dockerfile break the contract")
    .option("--locked", "fail when knbuild.lock would change")
    .option("--compression <kind>", "gzip, zstd or none")
    .option("--engine <id>", "native, docker, buildah or podman (default: the first that can)")
    .option("--fresh", "do everything again, as if nothing had been built before")
    .option(
      "--allow-secret <path=reason>",
      "let a file pass the secret guard; or PATH and REASON as two words (repeatable)",
      collectAllowed,
    )
    .option(
      "--sbom [format]",
      "put a bill of materials beside the image: cyclonedx (default) or spdx (repeatable)",
      collectFormat,
    )
    .option("--provenance", "put SLSA provenance beside the image")
    .option("--sign", "sign the image and what is put beside it (knbuild sign --help: keys)")
    .addOption(
      new Option(
        "--sign-form <form>",
        "bundle: an OCI referrer, as cosign 3; tag: sha256-….sig, as older tools",
      ).choices(["bundle", "tag", "both"]),
    )
    .option("--no-sbom", "no bill of materials, although the configuration asks for one")
    .option("--no-provenance", "no provenance, although the configuration asks for it")
    .option("--no-sign", "no signature, although the configuration asks for one")
    .option("--config <file>", "configuration file")
    .option("--plain-http <host>", "speak plain http with this registry (repeatable)", collect, [])
    .option("--insecure <host>", "do not check this registry's certificate (repeatable)", collect, [])
    .option("--ca <file>", "PEM file of a certificate authority to trust (repeatable)", collect, []);
  addSigningOptions(command);
}

export function toBuildOptions(options: Record<string, unknown>, context: CliContext): Omit<BuildOptions, "dir"> {
  const outputs = [...(options["output"] as OutputOption[])];
  const load = options["load"] as string | undefined;
  if (load !== undefined) {
    if (load !== "docker" && load !== "podman")
      throw usageError(
        "USAGE",
        `--load takes docker or podman, not ${load}`,
        "Write --load docker or --load podman; -o writes archives and layouts.",
      );
    outputs.push({ type: load === "docker" ? "docker-daemon" : "podman" });
  }
  const allowSecret = options["allowSecret"] as Record<string, string> | undefined;
  return {
    cwd: context.cwd,
    env: context.env,
    tags: options["tag"] as string[],
    ...(options["push"] === true && { push: true }),
    outputs,
    locked: options["locked"] === true,
    lint: options["lint"] !== false,
    fresh: options["fresh"] === true,
    engine: options["engine"] as string | undefined,
    configFile: options["config"] as string | undefined,
    overrides: dropUndefined({
      base: options["base"],
      buildpack: options["buildpack"],
      entrypoint: options["entrypoint"],
      workspace: options["workspace"],
      env: options["env"],
      labels: options["label"],
      annotations: options["annotation"],
      compression: options["compression"],
      bundle: options["bundle"] === false ? false : options["minify"] === false ? { minify: false } : undefined,
      compileCache: options["compileCache"] === false ? false : undefined,
      frozen: options["frozen"] === false ? false : undefined,
      ignoreScripts: options["ignoreScripts"],
      dockerfile: dockerfileOptions(options),
      allowSecrets: allowSecret && Object.entries(allowSecret).map(([path, reason]) => ({ path, reason })),
    }),
    attest: toAttest(options, context),
    registry: {
      plainHttp: options["plainHttp"] as string[],
      insecure: options["insecure"] as string[],
      caFiles: options["ca"] as string[],
    },
    emit: context.emit,
    signal: context.signal,
  };
}

/** `--allow-secret PATH REASON`, in two words, is `--allow-secret PATH=REASON`. A directory that follows is no reason. */
export function joinAllowedSecrets(argv: readonly string[]): string[] {
  const joined: string[] = [];
  for (let i = 0; i < argv.length; i++) {
    const [word = "", path, reason] = argv.slice(i, i + 3);
    const pair = word === "--allow-secret" && path !== undefined && !/^-|=/.test(path);
    if (pair && reason !== undefined && !reason.startsWith("-") && !existsSync(reason)) {
      joined.push(word, `${path}=${reason}`);
      i += 2;
    } else joined.push(word);
  }
  return joined;
}

function dockerfileOptions(options: Record<string, unknown>): Record<string, unknown> | undefined {
  const some = (name: string): unknown => {
    const value = options[name];
    return Array.isArray(value) && value.length === 0 ? undefined : value;
  };
  const given = dropUndefined({
    file: options["file"],
    target: options["target"],
    args: options["buildArg"],
    contexts: options["buildContext"],
    secrets: some("secret"),
    ssh: some("ssh"),
    network: options["network"],
    cacheFrom: some("cacheFrom"),
    cacheTo: some("cacheTo"),
  });
  return Object.keys(given).length === 0 ? undefined : given;
}

/** What no flag says is left to the configuration. */
function toAttest(options: Record<string, unknown>, context: CliContext): NonNullable<BuildOptions["attest"]> {
  const { sign, sbom, provenance, signForm } = options;
  const signing = toSigningOptions(options, context);
  return {
    ...(sign === true && { sign: signing }),
    ...(sign === false && { sign: false }),
    signing,
    ...(signForm !== undefined && { form: signForm as SignatureForm }),
    ...(sbom !== undefined && { sbom: sbom === true ? ["cyclonedx"] : sbom === false ? [] : (sbom as SbomFormat[]) }),
    ...(provenance !== undefined && { provenance: provenance === true }),
  };
}

/** `--sbom` alone is CycloneDX. */
function collectFormat(text: string, previous?: SbomFormat[] | boolean): SbomFormat[] {
  if (text !== "cyclonedx" && text !== "spdx") throw new InvalidArgumentError("write cyclonedx or spdx");
  return [...new Set([...(Array.isArray(previous) ? previous : []), text as SbomFormat])];
}

function dropUndefined(values: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}

export function collect(value: string, previous: string[] = []): string[] {
  return [...previous, value];
}

/** `name=value`; `name` alone takes the value of this process's environment, as docker's -e does. */
export function collectPair(text: string, previous: Record<string, string> = {}): Record<string, string> {
  const equals = text.indexOf("=");
  if (equals === 0) throw new InvalidArgumentError("write name=value");
  if (equals < 0) {
    const value = process.env[text];
    return value === undefined ? previous : { ...previous, [text]: value };
  }
  return { ...previous, [text.slice(0, equals)]: text.slice(equals + 1) };
}

/** A path alone is refused: what stands for a reason is written down, and no variable of that name is asked. */
function collectAllowed(text: string, previous: Record<string, string> = {}): Record<string, string> {
  if (!/^[^=]+=.*\S/s.test(text)) throw new InvalidArgumentError("write path=reason");
  return collectPair(text, previous);
}

/** `type=oci,dest=x.tar`, as docker buildx writes it. */
function collectOutput(text: string, previous: OutputOption[] = []): OutputOption[] {
  const parts: Record<string, string> = {};
  for (const part of text.split(",")) {
    const equals = part.indexOf("=");
    if (equals < 1) throw new InvalidArgumentError("write type=oci,dest=PATH");
    parts[part.slice(0, equals).trim()] = part.slice(equals + 1).trim();
  }
  const { type, dest, ...rest } = parts;
  const unknown = Object.keys(rest)[0];
  if (!type || unknown)
    throw new InvalidArgumentError(
      unknown ? `unknown key ${unknown}; write type=oci,dest=PATH` : "the type is missing; write type=oci,dest=PATH",
    );
  return [...previous, { type, ...(dest !== undefined && { dest }) }];
}
