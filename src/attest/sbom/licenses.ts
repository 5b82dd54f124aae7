/** Licences as packages declare them, and as SPDX writes them. */
import { fixupSpdxId, isSupportedSpdxId } from "@cyclonedx/cyclonedx-library/SPDX";

/** The SPDX expression in its own spelling; undefined when the text is none. */
export function spdxExpression(text: string): string | undefined {
  const tokens = text.match(/[()]|[^\s()]+/g) ?? [];
  const out: string[] = [];
  let depth = 0;
  let wantId = true;
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i]!;
    if (token === "(") {
      if (!wantId) return undefined;
      depth++;
      out.push(token);
    } else if (token === ")") {
      if (wantId || depth-- === 0) return undefined;
      out.push(token);
    } else if (/^(?:and|or|with)$/i.test(token)) {
      if (wantId) return undefined;
      out.push(token.toUpperCase());
      wantId = true;
    } else {
      const id = out.at(-1) === "WITH" ? exceptionId(token) : licenseId(token);
      if (!wantId || !id) return undefined;
      out.push(id);
      wantId = false;
    }
  }
  if (wantId || depth !== 0) return undefined;
  return out.join(" ").replace(/\( /g, "(").replace(/ \)/g, ")");
}

/** Whether the expression is one licence id of the SPDX list. */
export function isSpdxId(expression: string): boolean {
  return isSupportedSpdxId(expression);
}

function licenseId(token: string): string | undefined {
  const plus = token.endsWith("+");
  const id = fixupSpdxId(plus ? token.slice(0, -1) : token);
  if (id) return plus ? `${id}+` : id;
  return /^LicenseRef-[A-Za-z0-9.-]+$/.test(token) ? token : undefined;
}

function exceptionId(token: string): string | undefined {
  return /^[A-Za-z0-9.-]+-exception(?:-[0-9.]+)?$/.test(token) ? token : undefined;
}

/** Short names of Debian's machine-readable copyright files (DEP-5) that SPDX spells in another way. */
const DEBIAN_NAMES: Readonly<Record<string, string>> = {
  Expat: "MIT",
  "GPL-1": "GPL-1.0-only",
  "GPL-1+": "GPL-1.0-or-later",
  "GPL-2": "GPL-2.0-only",
  "GPL-2+": "GPL-2.0-or-later",
  "GPL-3": "GPL-3.0-only",
  "GPL-3+": "GPL-3.0-or-later",
  "LGPL-2": "LGPL-2.0-only",
  "LGPL-2+": "LGPL-2.0-or-later",
  "LGPL-2.1": "LGPL-2.1-only",
  "LGPL-2.1+": "LGPL-2.1-or-later",
  "LGPL-3": "LGPL-3.0-only",
  "LGPL-3+": "LGPL-3.0-or-later",
  "GFDL-1.2": "GFDL-1.2-only",
  "GFDL-1.3": "GFDL-1.3-only",
  "Apache-2": "Apache-2.0",
  "MPL-2": "MPL-2.0",
  "BSD-3-clause": "BSD-3-Clause",
  "BSD-2-clause": "BSD-2-Clause",
  "Artistic-1": "Artistic-1.0",
  "Artistic-2": "Artistic-2.0",
};

/**
 * The licences of a `usr/share/doc/NAME/copyright`. One that is prose names the files of common licences instead of repeating
 * them (Debian Policy 12.5); where it names none, there is nothing to say.
 */
export function debianLicenses(copyright: string): string[] {
  if (!/^Format:\s*\S*copyright-format/m.test(copyright)) {
    const named = [
      ...copyright.matchAll(/\/usr\/share\/common-licenses\/([A-Z][A-Za-z]*-[0-9][0-9.]*[0-9]|[A-Z][A-Za-z]*-[0-9])/g),
    ];
    return [...new Set(named.map(([, name]) => DEBIAN_NAMES[name!] ?? spdxExpression(name!) ?? name!))].sort();
  }
  const found = new Set<string>();
  for (const match of copyright.matchAll(/^License:[ \t]*(\S[^\n]*)$/gm)) {
    for (const part of match[1]!.split(/\s+(?:and|or)\s+|,\s*(?:and|or)?\s*/i)) {
      const name = part.trim().replace(/\s+with\s+.*$/i, "");
      if (name) found.add(DEBIAN_NAMES[name] ?? spdxExpression(name) ?? name);
    }
  }
  return [...found].sort();
}

/** `license` of a package.json in all the forms that were ever in use. */
export function npmLicenses(manifest: { license?: unknown; licenses?: unknown }): string[] {
  const texts: string[] = [];
  const take = (value: unknown) => {
    if (typeof value === "string") texts.push(value);
    else if (Array.isArray(value)) value.forEach(take);
    else if (value && typeof value === "object") take((value as { type?: unknown }).type);
  };
  take(manifest.license ?? manifest.licenses);
  return texts
    .map((text) => text.trim())
    .filter((text) => text !== "" && !/^(?:UNLICENSED|SEE LICENSE IN )/i.test(text))
    .map((text) => spdxExpression(text) ?? text);
}
