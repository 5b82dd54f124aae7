/** What a start script keeps in variables, where it says so once and for whoever runs it. */

/** An assignment that begins a line: `export ADDRESS="${HOST:-[::]}:80"`. */
const ASSIGNS = /^(?:export[ \t]+)?([A-Za-z_]\w*)=("[^"]*"|'[^']*'|[^\s;&|<>()]+)[ \t]*(?:#.*)?$/;
/** Wherever a variable gets a value, also within a function, for one command, or by default. */
const SETS =
  /(?<![\w$-])([A-Za-z_]\w*)\+?=|\$\{([A-Za-z_]\w*):?=|\bfor\s+([A-Za-z_]\w*)\b|\b(?:read|unset|getopts|mapfile|readarray|let|printf\s+-v)\b([^;|&\n]*)/g;
/** What may set any variable: another script, a text that is run, names that are computed. Texts are written as `_`. */
const SETS_ANY =
  /(?:^|[;&|({!`]|\b(?:then|do|else|if|while|until))\s*(?:(?:builtin|command)\s+)?(?:\.|source|eval)\s|\b(?:export|declare|typeset|readonly|read|printf\s+-v)\s+(?:-[A-Za-z]+\s+)*[$_`]|\b(?:declare|typeset)\s+-\w*n/;
const FUNCTION = /^[ \t]*(?:function\s+[\w-]+|[\w-]+[ \t]*\(\s*\))/m;
const OPENS = /(?:^|[;&|({!]|\b(?:then|do|else|if|while|until))\s*(?:if|case|for|while|until|select)\b|\{\s*$|\(\s*$/g;
const CLOSES = /(?:^|[;&|)}])\s*(?:fi|esac|done)\b|^\s*[})]/g;
const GOES_ON = /(?:&&|\|\|?|\\)\s*$/;

export interface ScriptVariable {
  /** Undefined where it may be anything: it is set in two places, under a condition, in a function, for one command. */
  value?: string;
  /** Where the line after it begins, in characters of the script: only what comes later sees it. */
  from: number;
  /** Where something may set it anew. */
  until?: number;
}

/** The variables that a script sets, by their name. The text of a here-document sets none. */
export function scriptVariables(text: string): Map<string, ScriptVariable> {
  const script = withoutDefaults(text);
  const found = new Map<string, ScriptVariable>();
  const places = new Map<string, number>();
  for (const [, name, usual, each, list] of script.matchAll(SETS))
    for (const set of [name, usual, each, ...(list?.match(/[A-Za-z_]\w*/g) ?? [])])
      if (set !== undefined) places.set(set, (places.get(set) ?? 0) + 1);
  for (const name of places.keys()) found.set(name, { from: 0 });
  let at = 0;
  let depth = 0;
  let goesOn = false;
  /** Where the lines begin that may set any variable. */
  const any: number[] = [];
  /** The word that ends the here-document, or the quote that ends the string, which the line is in. */
  let until: RegExp | undefined;
  for (const raw of script.split("\n")) {
    at += raw.length + 1;
    if (until) {
      if (until.test(raw)) until = undefined;
      continue;
    }
    const m = depth === 0 && !goesOn ? ASSIGNS.exec(raw.trimEnd()) : null;
    if (m?.[1] && places.get(m[1]) === 1)
      found.set(m[1], { value: (m[2] as string).replace(/^["']|["']$/g, ""), from: at });
    const here = /(?<!<)<<(?!<)-?\s*\\?["']?([A-Za-z_]\w*)/.exec(raw);
    const bare = raw.replace(/\\.|"(?:[^"\\]|\\.)*"|'[^']*'|\$\{[^}]*\}/g, "_").replace(/(^|\s)#.*/, "");
    if (SETS_ANY.test(bare)) any.push(at - raw.length - 1);
    const quote = /["']/.exec(bare)?.[0];
    if (here) until = new RegExp(`^\\s*${here[1]}\\s*$`);
    else if (quote) until = new RegExp(quote);
    depth = Math.max(0, depth + (bare.match(OPENS)?.length ?? 0) - (bare.match(CLOSES)?.length ?? 0));
    goesOn = GOES_ON.test(bare);
  }
  // A function is run later than it is written.
  const called = any.length > 0 && FUNCTION.test(script);
  for (const known of found.values()) {
    const until = called ? known.from : any.find((begin) => begin >= known.from);
    if (until !== undefined) known.until = until;
  }
  return found;
}

/** `port="$PORT"; if [ -z "$port" ]; then port=3000; fi`: it is PORT's, which the platform sets. Everything else stays where it is. */
function withoutDefaults(script: string): string {
  const blank = (part: string): string => part.replace(/[^\n]/g, " ");
  return script.replace(DEFAULTS, (part, name: string | undefined, other: string | undefined) =>
    new RegExp(`^[ \\t]*(?:export[ \\t]+)?${name ?? other}=["']?\\$\\{?PORT\\}?["']?[ \\t]*$`, "m").test(script)
      ? blank(part)
      : part,
  );
}
const DEFAULTS =
  /\bif\s+\[\[?\s+-z\s+"?\$\{?(\w+)\}?"?\s+\]\]?\s*;?\s*then\s+\1=[\w"']+[ \t]*;?\s+fi\b|\[\[?\s+-z\s+"?\$\{?(\w+)\}?"?\s+\]\]?\s+&&\s+\2=[\w"']+/g;

/** `-b "$ADDRESS"` at a place of the script, with what the variables are there. */
export function withVariables(line: string, at: number, variables: ReadonlyMap<string, ScriptVariable>): string {
  return line.replace(/"?\$(?:\{([A-Za-z_]\w*)\}|([A-Za-z_]\w*))"?/g, (word, braced?: string, plain?: string) => {
    const name = (braced ?? plain) as string;
    const known = variables.get(name);
    if (!known) return word;
    const { value, from, until = Number.POSITIVE_INFINITY } = known;
    if (value !== undefined && from <= at && at < until && !/\$[\d(@*]|`|\s/.test(value)) return value;
    // `[ -z "$PORT" ] && PORT=8000`: it is what the platform says. Another one is not read from outside.
    return name === "PORT" ? word : "${?}";
  });
}
