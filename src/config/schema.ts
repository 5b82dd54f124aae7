/** Every key of knbuild.yaml (or the `knbuild` key of package.json): type, meaning, default. Nothing else lists them. */
import { z } from "zod";

/** `5GB`, `1.5 GiB`, `0`. */
/** Without flags: a JSON schema has none. */
const SIZE = /^\s*\d+(?:\.\d+)?\s*(?:[kKmMgGtT][iI]?)?[bB]?\s*$/;

const text = (description: string) => z.string().describe(description);
const list = (description: string) => z.array(z.string()).describe(description);
const map = (description: string) => z.record(z.string(), z.string()).describe(description);

export const bundleSchema = z
  .strictObject({
    enabled: z
      .boolean()
      .default(true)
      .describe("Bundle with esbuild; false ships production node_modules as they are."),
    minify: z.boolean().default(true).describe("Minify the bundle (names of functions and classes are kept)."),
    sourcemaps: z.boolean().default(true).describe("Ship source maps, in a layer of their own."),
    external: list("Packages to ship as files instead of bundling them.").default([]),
    include: list("Packages to bundle although the analysis would ship them as files.").default([]),
  })
  .describe("How Node code is bundled.");

export const outputSchema = z
  .strictObject({
    type: z.string().describe("oci, docker, layout, or another output's id."),
    dest: z.string().optional().describe("File or directory, relative to where knbuild runs."),
  })
  .describe("One output of a build.");

const mirrorEntry = z.union([
  z.array(z.string()),
  z.strictObject({
    urls: list("Mirrors, tried in order."),
    strict: z.boolean().default(false).describe("Never fall back to the origin."),
    ca: z.string().optional().describe("PEM file of a certificate authority for these mirrors."),
  }),
]);

export const mirrorsSchema = z
  .union([z.array(z.string()), z.record(z.string(), mirrorEntry)])
  .describe("Registry mirrors: [gcr] for mirror.gcr.io before Docker Hub, or a map from registry or prefix to URLs.");

const identity = z.strictObject({
  issuer: text("OIDC issuer URL.").optional(),
  identity: text("Exact e-mail or URI of the certificate.").optional(),
  identityRegExp: text("Pattern for the identity.").optional(),
});

const signSchema = z
  .union([
    z.boolean(),
    z.strictObject({
      key: text("A file beside this one, env://NAME or command:PROGRAM; without it: keyless.").optional(),
      form: z
        .enum(["bundle", "tag", "both"])
        .default("bundle")
        .describe("An OCI referrer, as cosign 3; the older tag sha256-….sig; or both."),
      fulcioUrl: text("Certificate authority of a private Sigstore.").optional(),
      rekorUrl: text("Transparency log of a private Sigstore; with a key, log the signature there.").optional(),
      tsaUrl: text("Timestamp authority (RFC 3161).").optional(),
      log: z.boolean().default(true).describe("false writes nothing to a transparency log."),
    }),
  ])
  .describe("Sign what is pushed or written as a layout: true is keyless, with the machine's identity.");

const sbomFormat = z.enum(["cyclonedx", "spdx"]);
const sbomSchema = z
  .union([z.boolean(), sbomFormat, z.array(sbomFormat)])
  .describe("Put a bill of materials beside what is pushed or written as a layout; true is CycloneDX.");

const dockerfileSchema = z
  .strictObject({
    file: text("Dockerfile to build, relative to the directory (default: Dockerfile, Containerfile).").optional(),
    target: text("Stage that becomes the image.").optional(),
    args: map("Build arguments.").default({}),
    contexts: map("Names for FROM and --from: a directory, docker-image://REF or oci-layout://DIR.").default({}),
    secrets: list("Secrets of RUN --mount=type=secret: id=NAME,src=FILE or id=NAME,env=VARIABLE.").default([]),
    ssh: list("Agents of RUN --mount=type=ssh: default, or id=SOCKET.").default([]),
    network: z.enum(["default", "none", "host"]).optional().describe("Network of RUN."),
    cacheFrom: list("Images to take cached layers from.").default([]),
    cacheTo: list("Places to keep cached layers.").default([]),
  })
  .describe("How the directory's Dockerfile is built.");

interface ListedImage {
  dir: string;
  name?: string | undefined;
  tags?: string[] | undefined;
}

export const configSchema = z
  .strictObject({
    $schema: text("For editors.").optional(),
    name: text("Name of the image where no tag gives one.").optional(),
    buildpack: text("Id of the buildpack to use, whatever else is detected; dockerfile for the Dockerfile.").optional(),
    entrypoint: text("File that starts the server, relative to the app.").optional(),
    args: list("Arguments after the entrypoint.").default([]),
    env: map("Environment of the image. PORT and K_* belong to the platform.").default({}),
    user: z
      .string()
      .regex(/^\d+(:\d+)?$/, "must be numeric: uid or uid:gid")
      .default("65532:65532")
      .describe("Numeric uid[:gid]."),
    workdir: z
      .string()
      .startsWith("/", "must be an absolute path")
      .default("/app")
      .describe("Where the app lies in the image."),
    labels: map("Labels of the image's configuration.").default({}),
    annotations: map("Annotations of the manifest.").default({}),
    ports: z
      .array(z.union([z.number().int(), z.string()]))
      .default([])
      .describe("Ports to expose; default 8080."),
    base: z
      .union([
        z.string(),
        z.strictObject({
          ref: text("Base id or image reference.").optional(),
          packages: list("Extra Debian packages for an assembled base.").default([]),
        }),
      ])
      .optional()
      .describe("Base image: an assembled base's id (knbuild base list), or a reference."),
    bundle: z.union([z.boolean(), bundleSchema]).optional().describe("Bundling: true, false, or details."),
    dockerfile: dockerfileSchema.optional(),
    include: list("Files to ship besides what was found (globs).").default([]),
    ignore: list("Files to leave out (patterns as in .dockerignore).").default([]),
    build: text("Build command; replaces the package's own build script.").optional(),
    install: text("Install command; replaces the package manager's.").optional(),
    frozen: z.boolean().default(true).describe("An out-of-date lock file is an error."),
    ignoreScripts: z.boolean().default(false).describe("Run no install scripts of packages."),
    workspace: text("Member of a monorepo to build, by name.").optional(),
    gracefulShutdown: z
      .boolean()
      .default(true)
      .describe("Finish requests and exit on SIGTERM where the app does not do so itself."),
    compileCache: z
      .boolean()
      .default(true)
      .describe("Ship V8's code cache of the bundle, made by the image's own node, for faster starts."),
    nodeOptions: list("Options for node, before the entrypoint.").default([]),
    compression: z.enum(["gzip", "zstd", "none"]).default("gzip").describe("Compression of layers."),
    tags: list("References to tag; templates {sha} {shortSha} {branch} {version} {tag} are filled in.").default([]),
    outputs: z.array(outputSchema).default([]).describe("Where the image goes besides the local store."),
    profile: z.enum(["gke", "knative", "cloudrun"]).default("gke").describe("Which contract is checked."),
    mirrors: mirrorsSchema.optional(),
    trustedRealms: z
      .record(z.string(), list("Hosts, with the port where it is not the usual one."))
      .optional()
      .describe("By registry: token servers outside its domain that may see the login for it."),
    mirror: z
      .strictObject({
        debian: text("Debian mirror.").optional(),
        debianSecurity: text("Debian security mirror.").optional(),
      })
      .optional()
      .describe("Package mirrors for assembled bases."),
    lint: z.record(z.string(), z.unknown()).optional().describe("Rules: severities, ignores, per-path overrides."),
    verify: z
      .strictObject({
        base: z
          .strictObject({
            identities: z.array(identity).default([]).describe("Accepted signers of keyless signatures."),
            issuers: list("Accepted issuers.").default([]),
            keys: list("Public key files.").default([]),
            trustedRoot: text("Trusted root file.").optional(),
          })
          .optional()
          .describe("What the base's signature must meet."),
      })
      .optional()
      .describe("Signature policy."),
    sign: signSchema.optional(),
    sbom: sbomSchema.optional(),
    provenance: z
      .boolean()
      .default(false)
      .describe("Put SLSA provenance beside what is pushed or written as a layout."),
    allowSecrets: z
      .array(z.strictObject({ path: text("Path in the image."), reason: text("Why it is no secret.") }))
      .default([])
      .describe("Files that the secret guard lets pass."),
    cacheMaxSize: z
      .union([
        z.string().regex(SIZE, "must be a size: 5GB, 500MB; 0 for no bound"),
        // As YAML reads a 0 without quotes.
        z.number().int().nonnegative().transform(String),
      ])
      .default("10GB")
      .describe("What the cache may hold; once a day what was not used for longest goes. 0: no bound."),
    images: z
      .array(
        z.union([
          text("Directory to build.").transform((dir): ListedImage => ({ dir })),
          z.strictObject({
            dir: text("Directory to build."),
            name: text("Name.").optional(),
            tags: list("Tags.").optional(),
          }),
        ]),
      )
      .optional()
      .describe("Several images in one call: directories, or each with a name and tags of its own."),
  })
  .describe("Configuration of knbuild");

/** After defaults: what the pipeline works with. */
export type Config = z.infer<typeof configSchema>;
/** As written in a file. */
export type ConfigInput = z.input<typeof configSchema>;

/** JSON schema of the configuration file, for editors. */
export function configJsonSchema(): unknown {
  return { ...(z.toJSONSchema(configSchema, { io: "input" }) as object), title: "knbuild configuration" };
}
