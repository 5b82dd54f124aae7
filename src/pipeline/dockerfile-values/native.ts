/** Go, Rust, C and C++: one program, and the directories that it reads. */
import { copyLine, shellWord } from "../../dockerfile/quote.ts";
import type { TemplateValues } from "../../dockerfile/template.ts";
import type { Detection } from "../../sdk.ts";
import { cargoProgram } from "../../source/cargo-workspace.ts";
import { goProgram } from "../../source/go-programs.ts";
import { makefileProgram } from "../../source/makefile.ts";
import type { Source } from "../../source/open.ts";
import { assetLines } from "./assets.ts";

export function goValues({ entrypoint }: Detection, source: Source): TemplateValues {
  const modules = source.isFile("go.mod");
  const program = goProgram(source);
  const manifest = program?.manifest ?? "";
  const local = /^\s*(?:replace\s+)?\S+(?:\s+v\S+)?\s*=>\s*\.{1,2}\//m.test(manifest);
  const vendored = source.isFile("vendor/modules.txt");
  const workspace = source.isFile("go.work");
  // cgo: these packages are C, and do nothing without a compiler.
  const cgo =
    /^\s*(?:require\s+)?github\.com\/(?:mattn\/go-sqlite3|confluentinc\/confluent-kafka-go|h2non\/bimg|davidbyttow\/govips)\b(?!.*\/\/ indirect)/m.test(
      manifest,
    );
  const manifests = ["go.mod", "go.sum"].filter((file) => source.isFile(file));
  return {
    manifests: modules && !local && !vendored && !workspace ? manifests.join(" ") : "",
    // Outside a module go builds files by name only.
    entry:
      modules || workspace
        ? shellWord(entrypoint ?? ".")
        : source
            .glob("*.go")
            .filter((file) => !file.endsWith("_test.go"))
            .map(shellWord)
            .join(" "),
    cgo,
    nocgo: !cgo,
    assets: assetLines(source, ["**/*.go"]),
  };
}

/** Crates that build C code or generate code → Debian's packages for that; the image's own have libssl-dev, libpq-dev, … */
const CRATE_TOOLS: readonly [crate: string, packages: string][] = [
  ["prost-build", "protobuf-compiler"],
  ["tonic-build", "protobuf-compiler"],
  ["bindgen", "libclang-dev"],
  ["cmake", "cmake"],
];
/** Crates whose library is not in distroless images → Debian's package of it. */
const CRATE_LIBRARIES: readonly [crate: string, packages: string][] = [
  ["pq-sys", "libpq5"],
  ["mysqlclient-sys", "libmariadb3"],
  ["sqlite3-sys", "libsqlite3-0"],
];

export function rustValues({ entrypoint, framework }: Detection, source: Source, name: string): TemplateValues {
  const program = cargoProgram(source);
  const lock = source.read("Cargo.lock", 64 * 1024 * 1024) ?? "";
  const pick = (table: readonly [crate: string, packages: string][]): string => {
    const found = table.filter(
      ([crate]) =>
        lock.includes(`\nname = "${crate}"\n`) || new RegExp(`^${crate}\\s*[=.]`, "m").test(program?.manifest ?? ""),
    );
    return [...new Set(found.map(([, packages]) => packages))].join(" ");
  };
  const directory = program === undefined || program.directory === "." ? "" : `${program.directory}/`;
  const libraries = pick(CRATE_LIBRARIES);
  const rocket = framework === "rocket";
  const bin = entrypoint ?? program?.bin ?? name;
  return {
    name: bin,
    // Several packages of a workspace may have one of that name.
    bin: directory && program?.bin === bin ? `--package ${program.package} --bin ${bin}` : `--bin ${bin}`,
    locked: lock === "" ? "" : " --locked",
    tools: pick(CRATE_TOOLS),
    // Queries were checked against a database beforehand.
    offline: source.isDirectory(".sqlx") || source.isFile("sqlx-data.json"),
    libraries,
    shell: rocket || libraries !== "",
    noshell: !rocket && libraries === "",
    // Rocket has names of its own for where it listens.
    start: JSON.stringify(
      rocket ? ["sh", "-c", "ROCKET_ADDRESS=0.0.0.0 ROCKET_PORT=${PORT:-8080} exec /server"] : ["/server"],
    ),
    // A directory may be named in the sources, too.
    assets: [
      ...new Set([...rocketLines(source, rocket), ...assetLines(source, [`${directory}src/**/*.rs`]).split("\n")]),
    ]
      .filter(Boolean)
      .join("\n"),
  };
}

/** What Rocket itself looks for where it starts. */
function rocketLines(source: Source, rocket: boolean): string[] {
  if (!rocket) return [];
  const settings = source.isFile("Rocket.toml") ? [copyLine(["Rocket.toml"], "./")] : [];
  const templates = source.isDirectory("templates") ? [copyLine(["templates"], "./templates")] : [];
  return [...settings, ...templates];
}

/** find_package(NAME) and pkg_check_modules → Debian's package. */
const LIBRARIES: readonly [name: RegExp, dev: string][] = [
  [/\bOpenSSL\b|libssl/i, "libssl-dev"],
  [/\bZLIB\b/i, "zlib1g-dev"],
  [/\bCURL\b|libcurl/i, "libcurl4-openssl-dev"],
  [/\bBoost\b/i, "libboost-all-dev"],
  [/microhttpd/i, "libmicrohttpd-dev"],
  [/\bSQLite3\b/i, "libsqlite3-dev"],
  [/\bPostgreSQL\b|libpq/i, "libpq-dev"],
  [/libevent/i, "libevent-dev"],
  [/\blibuv\b/i, "libuv1-dev"],
];

export function cValues(detection: Detection, source: Source, name: string): TemplateValues {
  const made = detection.packageManager === "make";
  const program = detection.entrypoint ?? name;
  const { packages, ...values } = made ? makeValues(source, program) : cmakeValues(source, program);
  return {
    ...values,
    packages: packages.join(" "),
    dynamic: !values.static,
    assets: assetLines(source, ["**/*.{c,cc,cpp,cxx,h,hpp}"]),
  };
}

function makeValues(source: Source, program: string) {
  const { text = "", namesCompiler = true } = makefileProgram(source) ?? {};
  const named = [
    ...[...text.matchAll(/(?:^|\s)-l(\w[\w+.-]*)/g)].map(([, library]) =>
      library === "z" ? "zlib" : `${library} lib${library}`,
    ),
    ...[...text.matchAll(/\bpkg-config\b([^)`\n]*)/g)].map(([, names]) => names as string),
  ].join(" ");
  const tools = /\bpkg-config\b/.test(text) ? ["pkg-config"] : [];
  const libraries = librariesIn(named);
  return {
    // Whose compiler cannot be told to link statically runs on the libraries that it was built with.
    from: namesCompiler ? "gcc:15" : "debian:13",
    packages: [...(namesCompiler ? [] : ["build-essential"]), ...tools, ...libraries],
    static: namesCompiler,
    why: "The Makefile names its compiler itself.",
    build: `make -j"$(nproc)"${namesCompiler ? " CC='gcc -static' CXX='g++ -static'" : ""}${AND}cp ${shellWord(program)} /server`,
  };
}

function librariesIn(text: string): string[] {
  return LIBRARIES.filter(([pattern]) => pattern.test(text)).map(([, dev]) => dev);
}

/** Threads are libc's own; what the others find is a shared library first, which no static program can be linked to. */
const FOUND = /^\s*(?:find_package\s*\(\s*(?!Threads\b)|pkg_check_modules|pkg_search_module|find_library)/im;

function cmakeValues(source: Source, program: string) {
  const lists = source
    .glob(["CMakeLists.txt", "*/CMakeLists.txt", "*/*/CMakeLists.txt"])
    .map((file) => (source.read(file) ?? "").replace(/#.*$/gm, ""))
    .join("\n");
  const wanted = [
    ...lists.matchAll(/^\s*(?:find_package|pkg_check_modules|pkg_search_module|find_library)\s*\(([^)]*)\)/gim),
  ]
    .map(([, inner]) => inner as string)
    .join("\n");
  const tools = /pkg_(?:check|search)_module/i.test(lists) ? ["pkg-config"] : [];
  const shared = /\badd_library\s*\(\s*[^\s)]+\s+SHARED\b/i.test(lists) || FOUND.test(lists);
  const steps = [
    `cmake -S . -B /build -DCMAKE_BUILD_TYPE=Release${shared ? "" : " -DCMAKE_EXE_LINKER_FLAGS=-static"}`,
    "cmake --build /build --parallel",
    // Wherever the project puts its program, that is the server.
    `find /build -type f -name ${shellWord(program)} -exec cp {} /server ';'`,
  ];
  return {
    // Its C++ library is the last image's.
    from: shared ? "debian:13" : "gcc:15",
    packages: [...(shared ? ["build-essential"] : []), "cmake", ...tools, ...librariesIn(wanted)],
    static: !shared,
    why: "It is linked to shared libraries.",
    build: steps.join(AND),
  };
}

const AND = " \\\n    && ";
