/** What a Dockerfile alone cannot mend: a server that listens elsewhere than it is asked at. */
import type { Finding } from "../check/types.ts";
import { loadConfig } from "../config/load.ts";
import { openSource } from "../source/open.ts";
import { heeding } from "./lint-gate.ts";
import { sourceFilesOf } from "./source-files.ts";

/** The port that is not PORT, the host that nobody reaches. */
const PLACES = new Set(["KS001", "KS002"]);

/**
 * Findings of the source as it would be started by this Dockerfile, as the directory's configuration wants them.
 * @throws CONFIG_INVALID, LINT_CONFIG_INVALID (exit 2)
 */
export async function placeNotes(directory: string, dockerfile: string): Promise<Finding[]> {
  const [{ lintSource }, { sourceRules }] = await Promise.all([
    import("./source-lint.ts"),
    import("../generated/sourceRules.ts"),
  ]);
  const { root, read, files } = sourceFilesOf(openSource(directory));
  const started = {
    root,
    files: async () => [...[...(await files())].filter((path) => path !== "Dockerfile"), "Dockerfile"],
    read: async (path: string) => (path === "Dockerfile" ? new TextEncoder().encode(dockerfile) : read(path)),
  };
  const heed = await heeding(loadConfig({ dir: directory }).config.lint, sourceRules);
  return (await lintSource(started, { rules: sourceRules.filter(({ id }) => PLACES.has(id)) })).flatMap(heed);
}
