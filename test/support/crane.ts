/** crane, another client of registries. */
import { goProgram } from "./go-program.ts";

const VERSION = "v0.22.1";
const PACKAGE = "github.com/google/go-containerregistry/cmd/crane";

/** The program's path; undefined where there is no Go to build it with (in CI that is an error). */
export function craneProgram(): string | undefined {
  return goProgram({ name: "crane", version: VERSION, needs: [`${PACKAGE}@${VERSION}`], main: { package: PACKAGE } });
}
