/**
 * project.toml, the project descriptor of Cloud Native Buildpacks (versions 0.1 and 0.2): which files take part in a build, and
 * variables of the build. https://github.com/buildpacks/spec/blob/main/extensions/project-descriptor.md
 */
import { KnbuildError } from "../base/errors.ts";
import { parse, TomlError } from "../base/toml.ts";

export interface ProjectDescriptor {
  /** Files to leave out, or all that take part: at most one of them has patterns. As in a .dockerignore. */
  exclude: string[];
  include: string[];
  /** Variables of the build. */
  env: Record<string, string>;
}

export const PROJECT_DESCRIPTOR = "project.toml";

/** @throws PROJECT_TOML_INVALID, with the line where one is to blame */
export function parseProjectDescriptor(text: string): ProjectDescriptor {
  let value: Record<string, unknown>;
  try {
    value = parse(text);
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    throw invalid(error.message.split("\n")[0] ?? "", `${PROJECT_DESCRIPTOR}:${error.line}:${error.column}`);
  }
  // 0.2 has [io.buildpacks], 0.1 has [build].
  const build = table(table(value["io"])["buildpacks"] ?? value["build"]);
  const include = patterns(build["include"], "include");
  const exclude = patterns(build["exclude"], "exclude");
  if (include.length > 0 && exclude.length > 0)
    throw invalid("has both include and exclude; one of them says which files take part");
  const variables = table(build["build"])["env"] ?? build["env"];
  return { include, exclude, env: readEnv(variables) };
}

/** An ignore file with the same meaning, for patterns as git writes them. */
export function ignoreText({ include, exclude }: ProjectDescriptor): string {
  if (include.length === 0) return exclude.flatMap(fromGit).join("\n");
  return ["**", ...include.flatMap(fromGit).map((line) => (line.startsWith("!") ? line.slice(1) : `!${line}`))].join(
    "\n",
  );
}

/** Without a slash before its end a pattern counts at any depth; Docker counts from the root. */
function fromGit(pattern: string): string[] {
  const not = pattern.startsWith("!") ? "!" : "";
  const bare = pattern.slice(not.length).trim();
  if (bare === "" || bare.startsWith("#")) return [];
  const path = bare.replace(/\/+$/, "");
  const line = path.includes("/") ? path.replace(/^\//, "") : `**/${path}`;
  return [`${not}${line}`];
}

function patterns(value: unknown, key: string): string[] {
  if (value === undefined) return [];
  if (Array.isArray(value) && value.every((item) => typeof item === "string")) return value;
  throw invalid(`${key} must be a list of patterns`);
}

/** `[[io.buildpacks.build.env]]` tables with name and value; a map is what people write for it too. */
function readEnv(value: unknown): Record<string, string> {
  if (value === undefined) return {};
  if (!Array.isArray(value)) return Object.fromEntries(Object.entries(table(value)).map(([k, v]) => [k, String(v)]));
  return Object.fromEntries(
    value.map((entry) => {
      const { name, value: content } = table(entry);
      if (typeof name !== "string" || name === "" || !["string", "number", "boolean"].includes(typeof content))
        throw invalid("each build env needs a name and a value");
      return [name, String(content)];
    }),
  );
}

function table(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}

function invalid(what: string, where = PROJECT_DESCRIPTOR): KnbuildError {
  return new KnbuildError({
    code: "PROJECT_TOML_INVALID",
    message: `project.toml cannot be read: ${what}`,
    where,
    hint: "It is the project descriptor of Cloud Native Buildpacks: [io.buildpacks] include or exclude, and [[io.buildpacks.build.env]] name, value.",
    exitCode: 2,
  });
}
