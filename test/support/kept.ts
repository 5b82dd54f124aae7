/** What is dear to make and the same for every run: kept on the machine for later ones. */
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A path among what is kept; nothing is made. */
export function keptPath(name: string): string {
  return join(process.env["KNBUILD_TEST_KEPT"] ?? join(tmpdir(), "knbuild-tools"), name);
}
