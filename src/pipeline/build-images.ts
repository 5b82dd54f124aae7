/** Several images in one call: directories on the command line, or `images:` of a configuration file. */

import { basename, join, resolve } from "node:path";
import { mapConcurrent } from "../base/concurrency.ts";
import { usageError } from "../base/errors.ts";
import { type Emit, silent } from "../base/events.ts";
import type { Config } from "../config/schema.ts";
import { createRegistryClient, type RegistryClient } from "../registry/client.ts";
import { openStore } from "../store/store.ts";
import { build } from "./build.ts";
import type { BuildOptions, BuildReport } from "./build-types.ts";
import { rememberedConfig } from "./remembered-config.ts";

/** Each build keeps a core busy while another waits for the network. */
const AT_ONCE = 2;

/**
 * @returns the reports in the order of the directories; `several` says that more than one image was asked for, even if one came
 * @throws as `build`; the first failure stops those that have not begun
 */
export async function buildImages(
  dirs: readonly string[],
  options: Omit<BuildOptions, "dir">,
): Promise<{ reports: BuildReport[]; several: boolean }> {
  const { builds, several } = await buildTargets(dirs, options);
  const [only] = builds;
  if (!several && only) return { reports: [await build(only)], several };
  const { env = process.env, emit = silent, signal } = options;
  // Builds whose configuration reads registries in the same way share a client: its logins, and what it knows of blobs.
  const clients = new Map<string, RegistryClient>();
  const clientOf = ({ registry }: BuildOptions): RegistryClient => {
    if (typeof registry === "function") return registry();
    const key = JSON.stringify([registry?.mirrors, registry?.trustedRealms]);
    const client = clients.get(key) ?? createRegistryClient({ env, emit, ...(signal && { signal }), ...registry });
    clients.set(key, client);
    return client;
  };
  try {
    const reports = await mapConcurrent(builds, AT_ONCE, (one) =>
      build({
        ...one,
        call: undefined,
        registry: () => clientOf(one),
        emit: labelled(emit, basename(resolve(one.cwd ?? ".", one.dir))),
      }),
    );
    return { reports, several };
  } finally {
    await Promise.all([...clients.values()].map((client) => client.close()));
  }
}

/**
 * What is built for the directories: each of them, or the images that its configuration lists.
 * @throws TAG_INVALID, OUTPUT_NOT_FOR_SEVERAL where several images would have one name or one file
 */
export async function buildTargets(
  dirs: readonly string[],
  options: Omit<BuildOptions, "dir">,
): Promise<{ builds: BuildOptions[]; several: boolean }> {
  const builds = (await Promise.all(dirs.map((dir) => expand(dir, options)))).flat();
  const several = builds.length > 1 || dirs.length > 1;
  if (!several) return { builds, several };
  const tag = (options.tags ?? []).find((text) => !text.includes("{name}"));
  if (tag !== undefined)
    throw usageError(
      "TAG_INVALID",
      `${tag} would name ${builds.length} images`,
      "Put {name} into it, or set KNBUILD_REPO=REGISTRY/PATH.",
    );
  const file = (options.outputs ?? []).find(({ type, dest }) => dest !== undefined && type !== "layout");
  if (file)
    throw usageError(
      "OUTPUT_NOT_FOR_SEVERAL",
      `${file.dest} holds one image, and ${builds.length} are built`,
      "Write a layout, or build them one by one.",
    );
  return { builds, several };
}

/** A directory whose configuration lists images stands for these. */
async function expand(dir: string, options: Omit<BuildOptions, "dir">): Promise<BuildOptions[]> {
  const { cwd = process.cwd(), env = process.env, configFile } = options;
  const { config } = await rememberedConfig(
    { dir: resolve(cwd, dir), cwd, env, file: configFile },
    openStore(options.cacheDir),
  );
  const registry = registryOptions(config, options.registry);
  if (!config.images || config.images.length === 0) return [{ ...options, dir, registry }];
  const { images: _images, ...overrides } = options.overrides ?? {};
  return config.images.map((image) => ({
    ...options,
    registry,
    dir: join(dir, image.dir),
    configFile: undefined,
    // The file that lists the images is no part of what an image's record looks at.
    call: undefined,
    ...(options.tags?.length ? {} : image.tags && { tags: image.tags }),
    overrides: { ...overrides, ...(image.name !== undefined && { name: image.name }) },
  }));
}

type Registry = NonNullable<BuildOptions["registry"]>;

/** How the configuration reads registries; what the caller says of it counts more. */
function registryOptions({ mirrors, trustedRealms }: Config, given: BuildOptions["registry"]): Registry {
  if (typeof given === "function") return given;
  return { ...(mirrors && { mirrors }), ...(trustedRealms && { trustedRealms }), ...given };
}

/** Steps of several builds at once need to say whose they are. */
function labelled(emit: Emit, name: string): Emit {
  return (event) => {
    if (event.type === "step-start" || event.type === "step-end")
      emit({ ...event, id: `${name}:${event.id}`, label: `${name}: ${event.label}` });
    else if (event.type === "step-progress") emit({ ...event, id: `${name}:${event.id}` });
    else emit(event);
  };
}
