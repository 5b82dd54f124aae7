/** A file of its own that a package surely loads when the program starts, and that it was published without: not an image that ends at once. */
import { existsSync, readdirSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import { KnbuildError } from "../base/errors.ts";
import type { Judgement } from "./judge.ts";
import type { OwnCode } from "./own-code.ts";
import type { Project } from "./project.ts";
import { surelyLoaded } from "./sure-files.ts";

/** @throws PACKAGE_INCOMPLETE */
export function assertFiles(project: Project, own: OwnCode, judgement: Judgement): void {
  if (![...judgement.files.values()].some(({ absent }) => absent.some(isNowhere))) return;
  for (const { path, said, chain } of surelyLoaded(project, own, judgement)) {
    const file = judgement.files.get(path);
    const lost = said.requests.find(
      ({ specifier }) =>
        file?.absent.includes(join(dirname(path), specifier)) && isNowhere(join(dirname(path), specifier)),
    );
    const one = file && judgement.packages.get(file.packageDir);
    if (!lost || !one) continue;
    throw new KnbuildError({
      code: "PACKAGE_INCOMPLETE",
      message: `${one.name} ${one.version} fails when it is loaded: ${relative(one.dir, path)} asks for ${lost.specifier}, which the package does not have`,
      where: chain(),
      hint: `Take another version of ${one.name}, and keep it with a lock file.`,
    });
  }
}

/** Nothing of that name, whatever its ending: hooks load other kinds (CoffeeScript). A build may have left out its folder. */
function isNowhere(path: string): boolean {
  const folder = dirname(path);
  if (!existsSync(folder)) return true;
  const name = basename(path).replace(/\.[cm]?js$/, "");
  return !readdirSync(folder).some((other) => other === name || other.startsWith(`${name}.`));
}
