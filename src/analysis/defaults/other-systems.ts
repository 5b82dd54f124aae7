/** Conditions over the system that a program runs on: an image is one of Linux. */
import type { Expr } from "../ir.ts";
import type { Guard, Scope } from "../scope/scope.ts";

const OTHER = String.raw`["'](?:win\w*|darwin|macos|nt|freebsd|openbsd|cygwin)["']`;
/** What holds a system's name: `process.platform`, `os.platform()`, `sys.platform`, `os.name`, `runtime.GOOS`, `PHP_OS_FAMILY`. */
const SYSTEM = String.raw`(?:process\.platform|(?:os\.)?(?:platform|type)\(\)|sys\.platform|os\.name|platform\.system\(\)|runtime\.GOOS|PHP_OS(?:_FAMILY)?|RbConfig::CONFIG\["host_os"\])`;
const IS_OTHER = new RegExp(
  String.raw`^\(?(?:${SYSTEM} ?===? ?${OTHER}|sys\.platform\.startswith\(["'](?:win|darwin)\w*["']\)|(?:\w+\.)?(?:is_?(?:windows|win|win32|mac|mac_?os|osx|darwin|android|termux)|on_windows|(?:is|in|on|running_?(?:in|on|under))_?wsl\d?)(?:\(\))?|(?:OperatingSystem|RuntimeInformation)\.Is(?:Windows|MacOS|OSPlatform\(OSPlatform\.(?:Windows|OSX)\))(?:\(\))?|cfg!\((?:windows|target_os ?= ?"(?:windows|macos)")\))\)?$`,
  "i",
);
const IS_LINUX = new RegExp(
  String.raw`^\(?(?:${SYSTEM} ?!==? ?${OTHER}|${SYSTEM} ?===? ?["']linux["']|cfg!\((?:unix|target_os ?= ?"linux")\))\)?$`,
  "i",
);

/** Whether a condition holds on Linux, by what it asks of the system; undefined where it asks nothing of it. */
export function holdsOnLinux({ start, end }: Expr, { file: { text } }: Scope): boolean | undefined {
  const asked = text
    .slice(start, Math.min(end, start + 200))
    .replace(/\s+/g, " ")
    .trim();
  if (asked.length > 160 || asked.includes("||") || / or /.test(asked)) return undefined;
  const parts = asked.split(/ ?&& ?| and /);
  if (parts.some((p) => IS_OTHER.test(p))) return false;
  return parts.length === 1 && IS_LINUX.test(asked) ? true : undefined;
}

/** Is it a branch for another system than Linux? */
export function isForOtherSystem({ test, negated }: Guard, scope: Scope): boolean {
  return holdsOnLinux(test, scope) === negated;
}
