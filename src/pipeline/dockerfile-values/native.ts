/** Go, Rust, C and C++: one program, and the directories that it reads. */
import type { TemplateValues } from "../../dockerfile/template.ts";
import type { Detection } from "../../sdk.ts";
import type { Source } from "../../source/open.ts";
import { assetLines } from "./assets.ts";

export function goValues({ entrypoint }: Detection, source: Source): TemplateValues {
  const modules = source.isFile("go.mod");
  const local = /^\s*(?:replace\s+)?\S+(?:\s+v\S+)?\s*=>\s*\.{1,2}\//m.test(source.read("go.mod") ?? "");
  const vendored = source.isFile("vendor/modules.txt");
  const workspace = source.isFile("go.work");
  // cgo: these packages are C, and do nothing without a compiler.
  const cgo = /^\s*(?:require\s+)?github\.com\/(?:mattn\/go-sqlite3|confluentinc\/confluent-kafka-go)\b/m.test(
    source.read("go.mod") ?? "",
  );
  const manifests = ["go.mod", "go.sum"].filter((file) => source.isFile(file));
  return {
    manifests: modules && !local && !vendored && !workspace ? manifests.join(" ") : "",
    // Outside a module go builds files by name only.
    entry:
      modules || workspace
        ? (entrypoint ?? ".")
        : source
            .glob("*.go")
            .filter((file) => !file.endsWith("_test.go"))
            .join(" "),
    cgo,
    nocgo: !cgo,
    assets: assetLines(source, ["**/*.go"]),
  };
}

export function rustValues({ entrypoint }: Detection, source: Source, name: string): TemplateValues {
  const manifest = source.read("Cargo.toml") ?? "";
  const bin = /^\[\[bin\]\][^[]*?^name\s*=\s*"([^"]+)"/ms.exec(manifest)?.[1];
  return {
    name: bin ?? /^\[package\][^[]*?^name\s*=\s*"([^"]+)"/ms.exec(manifest)?.[1] ?? entrypoint ?? name,
    locked: source.isFile("Cargo.lock") ? " --locked" : "",
    assets: assetLines(source, ["src/**/*.rs"]),
  };
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

export function cmakeValues({ entrypoint }: Detection, source: Source, name: string): TemplateValues {
  const lists = source
    .glob(["CMakeLists.txt", "*/CMakeLists.txt", "*/*/CMakeLists.txt"])
    .map((file) => source.read(file) ?? "")
    .join("\n");
  const wanted = [
    ...lists.matchAll(/^\s*(?:find_package|pkg_check_modules|pkg_search_module|find_library)\s*\(([^)]*)\)/gim),
  ]
    .map(([, inner]) => inner as string)
    .join("\n");
  const libraries = LIBRARIES.filter(([pattern]) => pattern.test(wanted)).map(([, dev]) => dev);
  const tools = /pkg_(?:check|search)_module/i.test(lists) ? ["pkg-config"] : [];
  return {
    name: entrypoint ?? name,
    packages: ["cmake", ...tools, ...libraries].join(" "),
    assets: assetLines(source, ["**/*.{c,cc,cpp,cxx,h,hpp}"]),
  };
}
