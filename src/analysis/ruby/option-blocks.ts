/** OptionParser's blocks: `o.on("--public") { options[:public] = true }` happens where somebody gives the flag. */
import type { Fn } from "../ir.ts";
import type { Scope, SourceModule } from "../scope/scope.ts";

const FLAGS = new WeakMap<SourceModule, Map<Fn, string>>();

/** The flag that a place within such a block is reached by. */
export function flagAround({ file, fn }: Scope): string | undefined {
  return file.language === "ruby" && fn ? flagsOf(file).get(fn) : undefined;
}

function flagsOf(file: SourceModule): Map<Fn, string> {
  let flags = FLAGS.get(file);
  if (flags) return flags;
  flags = new Map();
  FLAGS.set(file, flags);
  for (const { call } of file.calls) {
    if (call.callee.kind !== "member" || call.callee.property !== "on") continue;
    const words = call.args.flatMap(({ value: v }) =>
      v.kind === "literal" && typeof v.value === "string" ? v.value : [],
    );
    const long = words.flatMap((w) => /^--(?:\[no-\])?([\w-]+)/.exec(w)?.[1] ?? [])[0];
    const flag = long ?? words.flatMap((w) => /^-(\w)/.exec(w)?.[1] ?? [])[0];
    for (const { value } of call.args) if (flag !== undefined && value.kind === "function") flags.set(value.fn, flag);
  }
  return flags;
}
