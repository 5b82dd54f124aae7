/** Detection → the values of templates/dockerfile/<language>.Dockerfile. */
import type { TemplateValues } from "../dockerfile/template.ts";
import type { Detection } from "../sdk.ts";
import type { Source } from "../source/open.ts";

/** Newest maintained line of each runtime, for sources that ask for none. */
const NEWEST: Readonly<Record<string, string>> = {
  node: "24.19",
  python: "3.14",
  go: "1.27",
  java: "25",
  kotlin: "25",
  ruby: "4.0",
  php: "8.5",
  rust: "1.98",
  dotnet: "10.0",
  elixir: "1.20",
  bun: "1.3",
};
const JVM_LINES = [8, 11, 17, 21, 25];

export const TEMPLATE_LANGUAGES: readonly string[] = [
  "node",
  "static",
  "python",
  "go",
  "java",
  "kotlin",
  "scala",
  "ruby",
  "php",
  "rust",
  "dotnet",
  "deno",
  "bun",
  "elixir",
  "c",
];

/** @param name of the app: letters, digits, `-` */
export function dockerfileValues(detection: Detection, source: Source, name: string): TemplateValues {
  const version = runtimeLine(detection);
  const has = (...files: string[]): string[] => files.filter((file) => source.isFile(file));
  const { framework, entrypoint, packageManager } = detection;
  switch (detection.language) {
    case "node":
      return { ...nodeValues(detection, source, has), version, major: version.split(".", 1)[0] as string };
    case "html":
    case "static":
      return {
        root: source.isFile("index.html")
          ? "."
          : (["public", "dist", "build", "site"].find((dir) => source.isFile(`${dir}/index.html`)) ?? "."),
      };
    case "python":
      return { version, ...pythonValues(detection, source, has) };
    case "go":
      return { version, manifests: has("go.mod", "go.sum").join(" ") || "go.*", entry: entrypoint ?? "." };
    case "java":
    case "kotlin": {
      const maven = packageManager === "maven";
      const quarkus = framework === "quarkus";
      return {
        version,
        maven,
        // The project's own Gradle, where it brings one.
        image: source.isFile("gradlew") ? `eclipse-temurin:${version}-jdk` : `gradle:9.7-jdk${version}`,
        gradle: source.isFile("gradlew") ? "sh ./gradlew" : "gradle",
        task: framework === "spring-boot" ? "bootJar" : "assemble",
        artifact: maven ? "/src/target/*.jar" : "/src/build/libs/*.jar",
        portflag: quarkus
          ? "-Dquarkus.http.host=0.0.0.0 -Dquarkus.http.port=${PORT:-8080}"
          : "-Dserver.port=${PORT:-8080}",
      };
    }
    case "scala":
      return { name: /name\s*:=\s*"([^"]+)"/.exec(source.read("build.sbt") ?? "")?.[1]?.toLowerCase() ?? name };
    case "ruby": {
      const rails = framework === "rails";
      return {
        version,
        rails,
        manifests: has("Gemfile", "Gemfile.lock").join(" ") || "Gemfile",
        start: rails
          ? "bundle exec rails server -b 0.0.0.0 -p ${PORT:-8080}"
          : source.isFile("config.ru")
            ? "bundle exec rackup --host 0.0.0.0 -p ${PORT:-8080}"
            : `bundle exec ruby ${entrypoint ?? "app.rb"} -o 0.0.0.0 -p \${PORT:-8080}`,
      };
    }
    case "php":
      return {
        version,
        composer: packageManager === "composer",
        manifests: has("composer.json", "composer.lock").join(" ") || "composer.json",
        docroot: entrypoint?.startsWith("public/") || framework === "laravel" ? "/public" : "",
      };
    case "rust":
      return { version, name: entrypoint ?? name };
    case "dotnet":
      return {
        version,
        entry: entrypoint ?? ".",
        name: (entrypoint ?? name).replace(/^.*\//, "").replace(/\.\w+proj$/, ""),
      };
    case "deno":
      return { entry: entrypoint ?? "main.ts" };
    case "bun": {
      const locks = has("bun.lock", "bun.lockb");
      return {
        version,
        entry: entrypoint ?? "index.ts",
        manifests: [...has("package.json"), ...locks].join(" ") || "*.json",
        frozen: locks.length > 0 ? "--frozen-lockfile " : "",
      };
    }
    case "elixir":
      return {
        version,
        phoenix: framework === "phoenix",
        manifests: has("mix.exs", "mix.lock").join(" ") || "mix.exs",
        name: entrypoint ?? name,
      };
    default:
      return { name: entrypoint ?? name };
  }
}

/** The version line that the base image's tag names. */
function runtimeLine({ language, runtimeVersion }: Detection): string {
  const newest = NEWEST[language] ?? "";
  const asked = /(\d+)(?:\.(\d+))?/.exec(runtimeVersion ?? "");
  if (!asked) return newest;
  const [, major = "", minor] = asked;
  // A range such as ^18 or >=20 leaves the choice: the newest line of it, or the newest of all.
  if (language === "node")
    return Number(major) < 22 || /^>/.test(runtimeVersion ?? "") ? newest : minor ? `${major}.${minor}` : `${major}`;
  if (language === "java" || language === "kotlin")
    return String(JVM_LINES.find((line) => line >= Number(major) && line >= 17) ?? newest);
  if (language === "python" && (Number(major) < 3 || Number(minor ?? 99) < 10 || /^[>^~]/.test(runtimeVersion ?? "")))
    return newest;
  if (language === "go" && Number(minor ?? 0) < 26) return newest;
  // A program for one .NET does not start on another.
  if (language === "dotnet") return `${major}.${minor ?? 0}`;
  if (language === "ruby" && (Number(major) < 3 || (major === "3" && Number(minor ?? 0) < 3))) return newest;
  if (language === "php" && (Number(major) < 8 || Number(minor ?? 0) < 2)) return newest;
  return minor === undefined ? newest : `${major}.${minor}`;
}

function nodeValues(
  { entrypoint, packageManager }: Detection,
  source: Source,
  has: (...files: string[]) => string[],
): TemplateValues {
  const berry = packageManager === "yarn-berry" || source.isFile(".yarnrc.yml");
  const manager = berry ? "yarn" : (packageManager ?? "npm");
  const locks = has(
    "package-lock.json",
    "npm-shrinkwrap.json",
    "pnpm-lock.yaml",
    "yarn.lock",
    "bun.lock",
    "bun.lockb",
    ".npmrc",
  );
  const manifest = (source.isFile("package.json") ? source.readJson("package.json") : {}) as {
    scripts?: Record<string, string>;
    main?: string;
  };
  const locked = locks.some((file) => file !== ".npmrc");
  const install: Record<string, string> = {
    npm: locked ? "npm ci" : "npm install",
    pnpm: "corepack enable && pnpm install --frozen-lockfile",
    yarn: berry ? "corepack enable && yarn install --immutable" : "yarn install --frozen-lockfile",
    bun: "npm install --global bun@1.3.2 && bun install --frozen-lockfile",
  };
  // Without a build nothing needs the development's packages: they never get in.
  const production: Record<string, string> = {
    npm: " --omit=dev",
    pnpm: " --prod",
    yarn: berry ? " && yarn workspaces focus --production --all" : " --production",
    bun: " --production",
  };
  const prune: Record<string, string> = {
    npm: "npm prune --omit=dev",
    pnpm: "pnpm prune --prod",
    yarn: berry
      ? "yarn workspaces focus --production --all"
      : "yarn install --production --frozen-lockfile --ignore-scripts",
    bun: "bun install --production",
  };
  const cache: Record<string, string> = {
    npm: "/root/.npm",
    pnpm: "/root/.local/share/pnpm/store",
    yarn: "/usr/local/share/.cache/yarn",
    bun: "/root/.bun/install/cache",
  };
  const scripted = /\bnode\s+(?:--?[\w-]+(?:=\S+)?\s+)*([\w./-]+\.[cm]?js)\b/.exec(
    manifest.scripts?.["start"] ?? "",
  )?.[1];
  const entry =
    scripted ??
    (entrypoint && /\.[cm]?js$/.test(entrypoint) ? entrypoint : undefined) ??
    manifest.main ??
    entrypoint ??
    "server.js";
  return {
    manifests: [...has("package.json"), ...locks.filter((file) => file !== ".npmrc")].join(" ") || "package.json",
    install: `${install[manager] ?? "npm ci"}${manifest.scripts?.["build"] ? "" : (production[manager] ?? "")}`,
    build: manifest.scripts?.["build"] ? `${manager === "bun" ? "bun" : manager} run build` : "",
    prune: prune[manager] ?? "npm prune --omit=dev",
    cache: cache[manager] ?? "/root/.npm",
    start: JSON.stringify([entry.replace(/\.[cm]?tsx?$/, ".js")]),
  };
}

function pythonValues(
  { framework, entrypoint, packageManager }: Detection,
  source: Source,
  has: (...files: string[]) => string[],
): TemplateValues {
  const venv = "python -m venv /venv";
  const server =
    framework === "fastapi" || framework === "starlette" || framework === "litestar"
      ? "uvicorn==0.38.0"
      : "gunicorn==23.0.0";
  const declared = has("requirements.txt", "pyproject.toml", "Pipfile")
    .map((file) => source.read(file) ?? "")
    .join("\n");
  const extra = declared.includes(server.split("=", 1)[0] as string) ? "" : ` && pip install --no-cache-dir ${server}`;
  const install: Record<string, string> = {
    pip: has("requirements.txt").length > 0 ? `${venv} && pip install -r requirements.txt` : `${venv} && pip install .`,
    poetry: `${venv} && pip install poetry==2.2.1 && poetry install --only main --no-root`,
    uv: "pip install uv==0.9.7 && uv venv /venv && UV_PROJECT_ENVIRONMENT=/venv uv sync --frozen --no-dev --no-install-project",
    pipenv: `${venv} && pip install pipenv==2025.0.4 && pipenv install --deploy`,
  };
  const module = (entrypoint ?? "main.py").replace(/\.py$/, "").replaceAll("/", ".");
  const project = source.glob(["*/wsgi.py"])[0]?.split("/", 1)[0];
  const start =
    framework === "django"
      ? `gunicorn --bind 0.0.0.0:\${PORT:-8080} ${project ?? "config"}.wsgi`
      : server.startsWith("uvicorn")
        ? `uvicorn ${module}:app --host 0.0.0.0 --port \${PORT:-8080}`
        : framework === null
          ? `python ${entrypoint ?? "main.py"}`
          : `gunicorn --bind 0.0.0.0:\${PORT:-8080} --workers 1 --threads 8 ${module}:app`;
  const manifests = has("requirements.txt", "pyproject.toml", "uv.lock", "poetry.lock", "Pipfile", "Pipfile.lock");
  return {
    manifests: manifests.join(" ") || "requirements.txt",
    install: `${install[packageManager ?? "pip"] ?? install["pip"]}${framework === null ? "" : extra}`,
    start,
  };
}
