/** The tree as BuildKit's parser dumps it: one s-expression an instruction. Serves comparison. */
import { INSTRUCTION_NAMES } from "./instruction.ts";
import type { Instruction } from "./syntax.ts";

export function dumpInstruction(instruction: Instruction): string {
  return `(${dumpNode(instruction)})`;
}

function dumpNode(instruction: Instruction): string {
  let out = instruction.name;
  if (instruction.flags.length > 0) out += ` [${instruction.flags.map((flag) => quote(flag.text)).join(" ")}]`;
  if (instruction.trigger) return `${out} (${dumpNode(instruction.trigger)})`;
  if (instruction.healthcheckType) out += ` ${quote(instruction.healthcheckType.value)}`;
  // What the builder does not know, it does not read further.
  if (!INSTRUCTION_NAMES.includes(instruction.name)) return `${out} ""`;
  for (const arg of instruction.args) out += ` ${quote(arg.value)}`;
  return out;
}

const SHORT: Readonly<Record<string, string>> = {
  "\x07": "\\a",
  "\b": "\\b",
  "\f": "\\f",
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
  "\v": "\\v",
  "\\": "\\\\",
  '"': '\\"',
};

/** Go's strconv.Quote. */
function quote(text: string): string {
  let out = '"';
  for (const c of text) {
    const code = c.codePointAt(0) as number;
    if (SHORT[c]) out += SHORT[c];
    else if (code < 0x20 || code === 0x7f) out += `\\x${code.toString(16).padStart(2, "0")}`;
    else if (/\p{C}|\p{Zl}|\p{Zp}/u.test(c) || (/\p{Zs}/u.test(c) && c !== " ")) {
      out += code > 0xffff ? `\\U${code.toString(16).padStart(8, "0")}` : `\\u${code.toString(16).padStart(4, "0")}`;
    } else out += c;
  }
  return `${out}"`;
}
