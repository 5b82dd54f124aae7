/** What a Dockerfile alone cannot mend: a server that listens elsewhere than it is asked at. */
import type { Finding } from "../check/types.ts";
import { openSource } from "../source/open.ts";
import { sourceFilesOf } from "./source-files.ts";

/** The port that is not PORT, the host that nobody reaches. */
const PLACES = new Set(["KS001", "KS002"]);

/** Findings of the source as it would be started by this Dockerfile. */
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
  return lintSource(started, { rules: sourceRules.filter(({ id }) => PLACES.has(id)) });
}
