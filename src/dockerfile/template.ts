/**
 * Templates: `{{name}}` is put in, `{{name|shell}}` as one word of a shell, `{{name|json}}` as it stands in a string of JSON;
 * lines between `%if name`, `%else` and `%end` stay or go (one level); `%include PART` is that part.
 */
import { shellWord } from "./quote.ts";

export type TemplateValues = Readonly<Record<string, string | boolean>>;

/** @param include text of a part @throws Error for a name that has no value: a mistake in the template */
export function fillTemplate(template: string, values: TemplateValues, include?: (part: string) => string): string {
  const out: string[] = [];
  let shown = true;
  for (const line of withParts(template, include).split("\n")) {
    const condition = /^%if (\w+)$/.exec(line)?.[1];
    if (condition !== undefined) shown = Boolean(values[condition]);
    else if (line === "%else") shown = !shown;
    else if (line === "%end") shown = true;
    else if (shown) out.push(line);
  }
  return out
    .join("\n")
    .replace(/\{\{(\w+)(?:\|(shell|json))?\}\}/g, (_, name: string, form?: string) => {
      const value = values[name];
      if (typeof value !== "string") throw new Error(`the template needs ${name}`);
      if (form === undefined) return value;
      return form === "shell" ? shellWord(value) : JSON.stringify(value).slice(1, -1);
    })
    .replace(/ +$/gm, "")
    .replace(/\n{3,}/g, "\n\n");
}

function withParts(template: string, include: ((part: string) => string) | undefined): string {
  return template.replace(/^%include (\w+)$/gm, (_, part: string) => include?.(part).trimEnd() ?? "");
}
