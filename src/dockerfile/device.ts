/** `RUN --device=vendor/class=name,required` (instructions/commands_rundevice.go). */
import { BOOLEAN, csvFields } from "./mounts.ts";

/** What BuildKit refuses. @returns the message, or undefined */
export function deviceProblem(value: string): string | undefined {
  const list = csvFields(value);
  if (!list) return "failed to parse csv devices";
  let name = "";
  for (const field of list) {
    const equals = field.indexOf("=");
    const key = (equals < 0 ? field : field.slice(0, equals)).toLowerCase();
    if (equals < 0) {
      if (key === "required") continue;
      if (name !== "") return `invalid field '${field}' must be a key=value pair`;
      name = field;
      continue;
    }
    const text = field.slice(equals + 1);
    if (key === "name") {
      if (name !== "") return `device name already set to ${name}`;
      name = text;
    } else if (key === "required") {
      if (!BOOLEAN.test(text)) return `invalid value for ${key}: ${text}`;
    } else if (name === "") name = field;
    else return `unexpected key '${key}' in '${field}'`;
  }
  return undefined;
}
