/** Where the dynamic loader looks for a library: ld.so(8), for glibc and for musl. */
import { readAll } from "../base/streams.ts";
import { type FileView, followLinks } from "./file-view.ts";
import { readElf } from "./read-elf.ts";
import type { ByteSource, ElfFile } from "./types.ts";

/** Built into Debian's glibc, then what other distributions have. */
const GLIBC_DIRECTORIES = [
  "/lib/x86_64-linux-gnu",
  "/usr/lib/x86_64-linux-gnu",
  "/lib64",
  "/usr/lib64",
  "/lib",
  "/usr/lib",
];
const MUSL_DIRECTORIES = ["/lib", "/usr/local/lib", "/usr/lib"];
const CACHE_LIMIT = 16 << 20;

export interface FoundLibrary {
  /** The path by which it was found: `$ORIGIN` counts from here. */
  path: string;
  realPath: string;
  elf: ElfFile;
}

export interface LibrarySearch {
  /**
   * @param rpath directories of DT_RPATH along the chain of loaders, `$ORIGIN` already replaced
   * @param runpath those of DT_RUNPATH of the file that asks
   */
  find(
    name: string,
    by: ElfFile,
    rpath: readonly string[],
    runpath: readonly string[],
  ): Promise<FoundLibrary | undefined>;
}

/** @param libraryPath directories of LD_LIBRARY_PATH in the image's environment */
export function createLibrarySearch(view: FileView, libraryPath: readonly string[]): LibrarySearch {
  const opened = new Map<string, Promise<FoundLibrary | undefined>>();
  let cache: Promise<Map<string, string[]>> | undefined;

  async function open(path: string): Promise<FoundLibrary | undefined> {
    const found = await followLinks(view, path);
    if (found?.file.type !== "file" || !found.file.open) return undefined;
    const result = await readElf(found.file.open());
    return result.ok ? { path, realPath: found.path, elf: result.elf } : undefined;
  }
  const openOnce = (path: string) => {
    let pending = opened.get(path);
    if (!pending) opened.set(path, (pending = open(path)));
    return pending;
  };

  return {
    async find(name, by, rpath, runpath) {
      cache ??= readLoaderCache(view);
      const cached = by.libc === "musl" ? [] : ((await cache).get(name) ?? []);
      const defaults = by.libc === "musl" ? MUSL_DIRECTORIES : GLIBC_DIRECTORIES;
      const candidates = name.includes("/")
        ? [name]
        : [
            // A RUNPATH turns every RPATH off.
            ...(by.runpath.length === 0 ? rpath : []).map((dir) => `${dir}/${name}`),
            ...libraryPath.map((dir) => `${dir}/${name}`),
            ...runpath.map((dir) => `${dir}/${name}`),
            ...cached,
            ...defaults.map((dir) => `${dir}/${name}`),
          ];
      for (const path of candidates) {
        const found = await openOnce(path);
        // The loader passes over files of another class or machine.
        if (found && found.elf.machine === by.machine && found.elf.bits === by.bits) return found;
      }
      return undefined;
    },
  };
}

/** Replaces the loader's own variables in DT_RPATH and DT_RUNPATH. */
export function expandRunpath(paths: readonly string[], filePath: string): string[] {
  const origin = filePath.slice(0, filePath.lastIndexOf("/")) || "/";
  return paths.map((path) =>
    path
      .replace(/\$(?:ORIGIN\b|\{ORIGIN\})/g, origin)
      .replace(/\$(?:LIB\b|\{LIB\})/g, "lib/x86_64-linux-gnu")
      .replace(/\$(?:PLATFORM\b|\{PLATFORM\})/g, "x86_64"),
  );
}

/** Library name → paths of /etc/ld.so.cache (the "glibc-ld.so.cache1.1" form); empty when there is none or it is damaged. */
async function readLoaderCache(view: FileView): Promise<Map<string, string[]>> {
  const found = await followLinks(view, "/etc/ld.so.cache");
  const source = found?.file.type === "file" ? found.file.open?.() : undefined;
  const names = new Map<string, string[]>();
  if (!source || source.size > CACHE_LIMIT) return names;
  const bytes = Buffer.from(await readAll(whole(source), CACHE_LIMIT));
  const start = bytes.indexOf("glibc-ld.so.cache1.1");
  if (start < 0 || start + 48 > bytes.length) return names;
  const count = bytes.readUInt32LE(start + 20);
  const text = (offset: number) => {
    const from = start + offset;
    const end = from < bytes.length ? bytes.indexOf(0, from) : -1;
    return end < 0 ? "" : bytes.toString("utf8", from, end);
  };
  for (let i = 0, at = start + 48; i < count && at + 24 <= bytes.length; i++, at += 24) {
    const [name, path] = [text(bytes.readUInt32LE(at + 4)), text(bytes.readUInt32LE(at + 8))];
    if (name && path) names.set(name, [...(names.get(name) ?? []), path]);
  }
  return names;
}

async function* whole(source: ByteSource): AsyncGenerator<Uint8Array> {
  yield await source.read(0, source.size);
}
