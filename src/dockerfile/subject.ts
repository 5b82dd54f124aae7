/** Text → what rules look at. */

import { DEFAULT_PROFILE } from "../contract/profiles.ts";
import { findBaseImage } from "./catalogue.ts";
import { parseIgnoreFile } from "./ignore-patterns.ts";
import { interpret } from "./interpret.ts";
import { parseDockerfile } from "./parse.ts";
import type { DockerfileSettings, DockerfileSubject, RegistryFacts } from "./rule.ts";

export const DEFAULT_SETTINGS: DockerfileSettings = {
  allowedRegistries: [],
  labelSchema: {},
  strictLabels: false,
  profile: DEFAULT_PROFILE,
  // Ends of life are judged as of a fixed day unless the caller says which: the same text, the same findings.
  today: "2026-11-01",
};

export interface SubjectOptions {
  file: string;
  settings?: Partial<DockerfileSettings>;
  /** Text of the .dockerignore in force. */
  dockerignore?: string | undefined;
  buildArgs?: Readonly<Record<string, string>>;
  target?: string | undefined;
  registry?: ReadonlyMap<string, RegistryFacts> | undefined;
}

export function createDockerfileSubject(text: string, options: SubjectOptions): DockerfileSubject {
  const document = parseDockerfile(text);
  const known = new Map<string, ReturnType<typeof findBaseImage>>();
  const facts = (image: string): ReturnType<typeof findBaseImage> => {
    if (!known.has(image)) known.set(image, findBaseImage(image));
    return known.get(image);
  };
  const model = interpret(document, {
    buildArgs: options.buildArgs ?? {},
    baseEnv: (image) => facts(image)?.env,
    ...(options.target !== undefined && { target: options.target }),
  });
  return {
    file: options.file,
    document,
    model,
    settings: { ...DEFAULT_SETTINGS, ...options.settings },
    facts,
    ...(options.registry && { registry: options.registry }),
    ...(options.dockerignore !== undefined && { ignore: parseIgnoreFile(options.dockerignore) }),
  };
}
