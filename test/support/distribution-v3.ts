/** distribution v3, the registry that Docker's and most others grew from. */
import { join } from "node:path";
import { goProgram } from "./go-program.ts";

const VERSION = "v3.0.0";

/** The program's path; undefined where there is no Go to build it with (in CI that is an error). */
export function distributionV3(): string | undefined {
  return goProgram({
    name: "distribution",
    version: VERSION,
    needs: [`github.com/distribution/distribution/v3@${VERSION}`],
    main: { file: join(import.meta.dirname, "distribution-v3.go") },
  });
}
