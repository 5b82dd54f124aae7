/** What a base is: one YAML file in templates/bases, or one of the user's own. */
import { readFileSync } from "node:fs";
import { errorMessage, usageError } from "../base/errors.ts";
import { parse } from "../base/yaml.ts";

export interface BaseDefinition {
  id: string;
  summary: string;
  /** Debian code name: `trixie`. */
  suite: string;
  /** Bottom first; each becomes a layer of its own with what it depends on. */
  layers: { id: string; packages: string[] }[];
  /** Packages (and virtual names) that are not followed where another depends on them: no maintainer script is run. */
  exclude: string[];
  runtime?: NodeRuntime;
  /** Numeric, for the image's configuration. */
  user: string;
  env: Record<string, string>;
  workdir: string;
  /** ISO date after which the base gets no more fixes. */
  endOfLife: string;
  /** The image of the same kind that is taken by reference where this machine knows no Debian mirror. */
  fallback?: string;
}

/** The `node` binary of an npm package. Dates are those of the Node.js release schedule, ISO. */
export interface NodeRuntime {
  name: "node";
  /** npm package that holds `bin/node`. */
  package: string;
  major: number;
  released: string;
  longTermSupport: string;
  endOfLife: string;
}

/**
 * Reads a definition of the user's own.
 * @throws BASE_DEFINITION_INVALID (exit 2) with the place of each mistake
 */
export async function readBaseDefinition(path: string): Promise<BaseDefinition> {
  const { baseDefinitionSchema } = await import("./definition-schema.ts");
  let value: unknown;
  try {
    value = parse(readFileSync(path, "utf8"));
  } catch (error) {
    throw usageError("BASE_DEFINITION_INVALID", `cannot read the base: ${errorMessage(error)}`, undefined, path);
  }
  const result = baseDefinitionSchema.safeParse(value);
  if (result.success) return result.data as BaseDefinition;
  const mistakes = result.error.issues.map(({ path: at, message }) => `${at.join(".") || "(file)"}: ${message}`);
  throw usageError(
    "BASE_DEFINITION_INVALID",
    `not the definition of a base: ${mistakes.join("; ")}`,
    "The bases that come with knbuild are examples of the form.",
    path,
  );
}
