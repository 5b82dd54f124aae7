/** The bases that come with knbuild, and finding one by name. */
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { usageError } from "../base/errors.ts";
import { bases } from "../generated/bases.ts";
import { type BaseDefinition, readBaseDefinition } from "./definition.ts";

/** In the order of their ids. */
export const BASES: readonly BaseDefinition[] = bases;

export function findBase(id: string): BaseDefinition | undefined {
  return BASES.find((base) => base.id === id);
}

/** What the user wrote for a base. */
export type BaseRequest =
  | { kind: "assembled"; definition: BaseDefinition; nodeVersion?: string }
  | { kind: "reference"; ref: string };

/**
 * An id of the catalogue (`debian13-node24`, `debian13-node24@24.11.0`: that version of the runtime, or range), the path of
 * a definition (`./my-base.yaml`), or anything else: a reference to an image.
 * @throws BASE_UNKNOWN (exit 2) for what looks like an id and is none; BASE_DEFINITION_INVALID
 */
export async function readBaseRequest(text: string, cwd: string): Promise<BaseRequest> {
  const ref = text.trim();
  const [, id = "", nodeVersion] = /^([a-z0-9][a-z0-9-]*)(?:@(?!sha\d+:)(.+))?$/.exec(ref) ?? [];
  const known = findBase(id);
  if (known) {
    if (nodeVersion !== undefined && !known.runtime) {
      throw usageError("BASE_UNKNOWN", `the base ${id} has no runtime that could have a version`, `Write ${id} alone.`);
    }
    return { kind: "assembled", definition: known, ...(nodeVersion !== undefined && { nodeVersion }) };
  }
  if (/\.ya?ml$/.test(ref)) {
    const path = resolve(cwd, ref);
    if (existsSync(path)) return { kind: "assembled", definition: await readBaseDefinition(path) };
  }
  if (ref === "" || /^debian\d+-/.test(ref)) {
    throw usageError(
      "BASE_UNKNOWN",
      `there is no base ${JSON.stringify(ref)}`,
      `The bases are ${BASES.map((base) => base.id).join(", ")}; an image is named as registry/path:tag.`,
    );
  }
  return { kind: "reference", ref };
}
