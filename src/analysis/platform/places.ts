/** Where a file lies, as far as the value of its path tells: in the image, below the temporary folder, or elsewhere. */
import type { Evaluator } from "../evaluate/evaluator.ts";
import { alternatives, textOf, type Value } from "../values.ts";

export interface FilePlace {
  kind: "local" | "temporary" | "elsewhere" | "unknown";
  /** The variable that may say another place. */
  option?: string;
}

const UNKNOWN: FilePlace = { kind: "unknown" };
const JOINS =
  /(^|\.)(join|resolve|Join|Paths?\.get|Path\.of|Path|File|join_paths|Clean|Combine|expand_path|new|pathlib\.Path|joinpath|toURL|toString|DefaultOptions|abspath|normalize|DataSourceName|resolve_path)\(\)$/;
const TEMPORARY =
  /(^|\.)(tmpdir|tempfile\.\w+|TempDir|MkdirTemp|CreateTemp|createTempFile|createTempDirectory|GetTempPath|GetTempFileName|gettempdir|mkdtemp|mkstemp|NamedTemporaryFile|temp_dir|tmpName|sys_get_temp_dir|tempnam|tmp)\b/;

export function placeOf(value: Value, evaluator: Evaluator, depth = 0): FilePlace {
  if (depth > 6) return UNKNOWN;
  const all = alternatives(value);
  if (all.length > 1) {
    const kinds = all.map((v) => placeOf(v, evaluator, depth + 1));
    return kinds.every((k) => k.kind === kinds[0]?.kind) ? (kinds[0] as FilePlace) : UNKNOWN;
  }
  const v = all[0] as Value;
  const text = textOf(v);
  if (text !== undefined) return placeOfText(text);
  switch (v.t) {
    case "env":
    case "option": {
      if (!v.default) return UNKNOWN;
      const inner = placeOf(v.default, evaluator, depth + 1);
      return inner.kind === "local" || inner.kind === "temporary" ? { ...inner, option: v.name } : inner;
    }
    case "text": {
      const first = v.parts[0];
      if (!first) return UNKNOWN;
      const head = textOf(first);
      if (head === undefined) return placeOf(first, evaluator, depth + 1);
      const url = /^(?:jdbc:)?(?:sqlite|h2|file|hsqldb)[a-z+:]*:(?:\/\/)?\/?$/i.test(head);
      if (url && v.parts[1]) return placeOf(v.parts[1], evaluator, depth + 1);
      return placeOfText(head, true);
    }
    case "ref": {
      if (TEMPORARY.test(v.path)) return { kind: "temporary" };
      if (
        /^(__dirname|__filename|import\.meta\b.*|process\.cwd\(\)|os\.getcwd\(\)|os\.Getwd\(\)|__file__)/.test(v.path)
      )
        return { kind: "local" };
      if (
        v.call &&
        (JOINS.test(v.path) || /^(path|node:path|filepath|path\/filepath|os\.path|pathlib)\b/.test(v.path))
      ) {
        const { call, scope, frame } = v.call;
        for (const a of call.args) {
          const inner = placeOf(evaluator.eval(a.value, scope, frame), evaluator, depth + 1);
          if (inner.kind !== "unknown") return inner;
          const written = scope.file.text.slice(a.value.start, a.value.end);
          return /^(import\.meta\.(dirname|url)|__dirname|process\.cwd\(\))$/.test(written)
            ? { kind: "local" }
            : UNKNOWN;
        }
        return UNKNOWN;
      }
      // `Path(__file__).parent`, `tempfile.mkdtemp().name`
      return v.receiver ? placeOf(v.receiver, evaluator, depth + 1) : UNKNOWN;
    }
    default:
      return UNKNOWN;
  }
}

/** `head`: only the beginning of the path is known. */
export function placeOfText(text: string, head = false): FilePlace {
  const path = text
    .replace(/^jdbc:/, "")
    .replace(/^(sqlite3?|h2|hsqldb|derby|duckdb|file|asyncio)(\+\w+)?:(?:(?:file|nio|disk|split):)?(?:\/\/)?/i, (m) =>
      m ? "" : m,
    )
    .replace(/^Data Source=/i, "")
    .trim();
  if (
    /^(:memory:|mem:|memory:|res:|tcp:|ssl:|)$|^(mem|memory|tcp|ssl|zip|classpath):|:memory:|mode=memory/i.test(path)
  ) {
    return head && path === "" ? { kind: "unknown" } : { kind: "elsewhere" };
  }
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(path)) return { kind: "elsewhere" };
  if (
    /^\/(tmp|var\/tmp|dev\/shm)(\/|$)/.test(path) ||
    /^\/(tmp|var\/tmp|dev\/shm)(\/|$)/.test(path.replace(/^\/+/, "/"))
  )
    return { kind: "temporary" };
  // Devices; folders in which volumes and buckets are mounted.
  if (/^\/+(dev|proc|mnt|media|gcs)\//.test(path) || /^(-|\/dev\/(stdout|stderr|null))$/.test(path))
    return { kind: "elsewhere" };
  if (/mode=ro\b|[?&]immutable=1/.test(path)) return { kind: "elsewhere" };
  return { kind: "local" };
}
