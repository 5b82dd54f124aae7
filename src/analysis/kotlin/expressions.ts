/** Expressions of Kotlin as text: where they end, and what stands in them for what. */
import { endAt } from "./text.ts";

/** What goes on with what stands in the line before; `else ->` is a branch of its own. */
const GOES_ON = /^\s*(?:\?:|\?\.|\.|(?:else|catch|finally)\b(?!\s*->))/;
const BRANCHES = /^(?:if|when|try|run|with|return)\b|\{\s*$/;

/** To the end of the line, the next argument or the bracket that closes what is around it; `?:` goes on. */
export function expressionAt(text: string, from: number): string {
  let start = from;
  while (/\s/.test(text[start] ?? "")) start++;
  const goesOn = (at: number): boolean => GOES_ON.test(text.slice(at + 1, at + 60));
  const most = BRANCHES.test(text.slice(start, start + 60)) ? 3000 : 400;
  const end = endAt(text, start, from + most, (c, at) => c === "," || c === ";" || (c === "\n" && !goesOn(at)));
  return text.slice(start, end).trim();
}

/** `a ?: b`, at the top. */
export function elvis(e: string): [string, string | undefined] {
  let depth = 0;
  for (let i = 0; i < e.length; i++) {
    const c = e[i] as string;
    if (c === '"') {
      const end = e.indexOf('"', i + 1);
      if (end < 0) break;
      i = end;
    } else if ("([{".includes(c)) depth++;
    else if (")]}".includes(c)) depth--;
    else if (depth === 0 && c === "?" && e[i + 1] === ":") return [e.slice(0, i).trim(), e.slice(i + 2).trim()];
  }
  return [e, undefined];
}

/** `args.getOrElse(0) { "localhost" }`, `host.ifBlank { "localhost" }`: what it is where there is nothing, as `?:` says it. */
export function usual(e: string): string {
  const m = /^([\s\S]*?)\??\s*\.\s*(?:getOrElse\s*(\([^()]*\))|(?:ifBlank|ifEmpty))\s*\{\s*([^{}]*?)\s*\}$/.exec(e);
  return m ? `${m[1]}${m[2] === undefined ? "" : ".get"} ?: ${m[3]}` : e;
}

/** Without what only changes its type. */
export function converted(e: string): string {
  return e
    .replace(/\s*\??\.\s*also\s*\((?:[^()]|\([^()]*\))*\)$/, "")
    .replace(/(?:\s*(?:!!|\??\.(?:to(?:Int|IntOrNull|Short|Long|String)|trim|toInetAddress|get)\(\)))+$/, "")
    .replace(/^\+/, "");
}
