/** The recipes of the images that a repository makes. */
import { languageOf, leftOut } from "../project.ts";

/** The Dockerfile that makes the program's image. */
export function pickDockerfile(texts: ReadonlyMap<string, string>): string | undefined {
  return recipesOfImages(texts)[0];
}

/** All that make images of programs, the one of the program itself first. */
export function recipesOfImages(texts: ReadonlyMap<string, string>): string[] {
  // The image of an example starts that, not the program beside it.
  let own: boolean | undefined;
  const isProgram = (): boolean =>
    (own ??= [...texts.keys()].some((p) => languageOf(p) !== undefined && leftOut(p) === undefined));
  const all = [...texts.keys()].filter(
    (p) =>
      /(^|\/)(Dockerfile|Containerfile|[^/]+\.Dockerfile|Dockerfile[._-][^/]+)$/i.test(p) &&
      !/dev|test|debug|\.ci|\/.*\.(?:erb|ejs|hbs|mustache|tt|tmpl|tpl|j2|jinja2?)$/i.test(p) &&
      leftOut(p) !== "test" &&
      leftOut(p) !== "vendored" &&
      !(leftOut(p) === "documentation" && isProgram()),
  );
  const rank = (p: string): number =>
    p.split("/").length * 10 +
    (/(^|\/)(Dockerfile|Containerfile)$/.test(p) ? 0 : 5) +
    // One that starts nothing makes a base or a tool.
    (/^[ \t]*(CMD|ENTRYPOINT)\b/im.test(texts.get(p) ?? "") ? 0 : 20);
  return all.sort((a, b) => rank(a) - rank(b));
}
