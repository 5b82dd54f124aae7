/**
 * A copy between registries by its plainest words, without the command line's machinery: loading that takes longer than such a
 * copy. Words that are not plain are left to it; what is done, and how it is told, is the same.
 */
import { parseReference, type Reference, referenceTag } from "../oci/reference.ts";
import type { RegistryRepository } from "../registry/repository.ts";
import { inContext } from "./context.ts";
import { copyImage } from "./copy-image.ts";
import { countLeading, globalFlags } from "./global-flags.ts";
import { reportError } from "./report-error.ts";

const TRANSPORT = "docker://";
const SWITCHES = new Set(["--explain", "--json", "--quiet", "-q"]);
const LISTS: Readonly<Record<string, string>> = { "--plain-http": "plainHttp", "--insecure": "insecure", "--ca": "ca" };

interface PlainWords {
  places: [source: string, destination: string];
  options: Record<string, unknown>;
}

/** `[-q] copy [--json] [--plain-http HOST] docker://… docker://…`; undefined for anything else. */
export function readPlainCopy(argv: readonly string[]): PlainWords | undefined {
  const at = countLeading(argv);
  if (argv[at] !== "copy" && argv[at] !== "cp") return undefined;
  const places: string[] = [];
  const lists: Record<string, string[]> = { plainHttp: [], insecure: [], ca: [] };
  const words = argv.toSpliced(at, 1);
  for (let i = 0; i < words.length; i++) {
    const word = words[i] as string;
    const list = lists[LISTS[word] ?? ""];
    const value = words[i + 1];
    if (word.startsWith(TRANSPORT) && word.length > TRANSPORT.length) places.push(word);
    else if (list && value !== undefined && !value.startsWith("-")) {
      list.push(value);
      i++;
    } else if (!SWITCHES.has(word)) return undefined;
  }
  const [source, destination, ...more] = places;
  if (source === undefined || destination === undefined || more.length > 0) return undefined;
  return { places: [source, destination], options: { ...lists, explain: argv.includes("--explain") } };
}

/**
 * @param keepCode see `main`
 * @returns the exit code; undefined when the whole program has to read these words
 */
export async function copyPlainly(
  argv: readonly string[],
  keepCode: (kind: string) => void,
): Promise<number | undefined> {
  const words = readPlainCopy(argv);
  if (!words) return undefined;
  const flags = globalFlags(argv);
  const place = (spec: string, open: (reference: Reference) => RegistryRepository) => {
    const reference = parseReference(spec.slice(TRANSPORT.length));
    return { target: open(reference), tag: referenceTag(reference), spec, close: async () => {} };
  };
  try {
    const exitCode = await inContext({ argv, flags, kindOfRun: () => {} }, (context) =>
      copyImage(words.places, words.options, context, (client) => ({
        source: async (spec) => place(spec, (reference) => client.repository(reference)),
        destination: (spec) => place(spec, (reference) => client.repository(reference, { access: "push" })),
      })),
    );
    keepCode("plain copy");
    return exitCode;
  } catch (error) {
    return reportError(error, flags);
  }
}
