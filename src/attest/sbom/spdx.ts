/** SPDX 2.3 JSON (spdx.github.io/spdx-spec/v2.3). The document's namespace comes from the content: equal input, equal bytes. */
import { createHash } from "node:crypto";
import { canonicalJson } from "../../base/canonical-json.ts";
import { spdxExpression } from "./licenses.ts";
import { normalizePackages, type SbomInput, type SbomPackage } from "./types.ts";

/** SPDX asks for a time; where the user gave none, it is the epoch. */
const EPOCH = "1970-01-01T00:00:00Z";
const ROOT = "SPDXRef-Image";
const OS = "SPDXRef-OperatingSystem";
const NAMESPACE = "https://spdx.org/spdxdocs/knbuild";

export function toSpdx(input: SbomInput): string {
  const packages = normalizePackages(input.packages);
  const refs = new Map(packages.map((entry) => [entry.id, spdxRef(entry)]));
  const extracted = new Map<string, string>();
  const needed = new Set(packages.flatMap((entry) => entry.dependsOn));
  const relationships = [
    relation("SPDXRef-DOCUMENT", "DESCRIBES", ROOT),
    ...packages.map((entry) => relation(ROOT, "CONTAINS", refs.get(entry.id)!)),
    ...packages
      .filter((entry) => !needed.has(entry.id))
      .map((entry) => relation(ROOT, "DEPENDS_ON", refs.get(entry.id)!)),
    ...packages.flatMap((entry) =>
      entry.dependsOn.map((id) => relation(refs.get(entry.id)!, "DEPENDS_ON", refs.get(id)!)),
    ),
  ];
  if (input.os) relationships.push(relation(ROOT, "CONTAINS", OS));
  const spdxPackages = [
    rootPackage(input),
    ...(input.os ? [osPackage(input.os)] : []),
    ...packages.map((entry) => toPackage(entry, refs.get(entry.id)!, extracted)),
  ];
  const document = {
    spdxVersion: "SPDX-2.3",
    dataLicense: "CC0-1.0",
    SPDXID: "SPDXRef-DOCUMENT",
    name: input.name,
    documentNamespace: `${NAMESPACE}-${contentHash({ ...input, packages })}`,
    creationInfo: {
      created:
        input.createdEpoch === undefined
          ? EPOCH
          : new Date(input.createdEpoch * 1000).toISOString().replace(/\.\d+Z$/, "Z"),
      creators: [`Tool: knbuild-${input.tool}`],
    },
    documentDescribes: [ROOT],
    packages: spdxPackages,
    ...(extracted.size > 0 && {
      hasExtractedLicensingInfos: [...extracted]
        .sort()
        .map(([licenseId, name]) => ({ licenseId, name, extractedText: name })),
    }),
    relationships,
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

function rootPackage(input: SbomInput) {
  return {
    SPDXID: ROOT,
    name: input.name,
    ...(input.digest && { versionInfo: input.digest }),
    downloadLocation: "NOASSERTION",
    filesAnalyzed: false,
    licenseConcluded: "NOASSERTION",
    licenseDeclared: "NOASSERTION",
    copyrightText: "NOASSERTION",
    primaryPackagePurpose: input.digest ? "CONTAINER" : "APPLICATION",
    ...(input.digest && {
      checksums: [{ algorithm: "SHA256", checksumValue: input.digest.slice(input.digest.indexOf(":") + 1) }],
    }),
  };
}

/** Without it scanners do not know whose packages the Debian packages are. */
function osPackage({ id, version, name }: { id: string; version: string; name: string }) {
  return {
    SPDXID: OS,
    name: id,
    ...(version && { versionInfo: version }),
    summary: name,
    downloadLocation: "NOASSERTION",
    filesAnalyzed: false,
    licenseConcluded: "NOASSERTION",
    licenseDeclared: "NOASSERTION",
    copyrightText: "NOASSERTION",
    primaryPackagePurpose: "OPERATING_SYSTEM",
  };
}

const PURPOSES: Readonly<Record<SbomPackage["kind"], string>> = {
  npm: "LIBRARY",
  deb: "LIBRARY",
  runtime: "FRAMEWORK",
  app: "APPLICATION",
};

function toPackage(entry: SbomPackage, ref: string, extracted: Map<string, string>) {
  return {
    SPDXID: ref,
    name: entry.name,
    ...(entry.version && { versionInfo: entry.version }),
    downloadLocation: "NOASSERTION",
    filesAnalyzed: false,
    licenseConcluded: "NOASSERTION",
    licenseDeclared: declared(entry.licenses, extracted),
    copyrightText: "NOASSERTION",
    primaryPackagePurpose: PURPOSES[entry.kind],
    ...(entry.maintainer && { supplier: `Organization: ${entry.maintainer.replace(/\s*<([^>]*)>$/, " ($1)")}` }),
    ...(entry.homepage && { homepage: entry.homepage }),
    ...(entry.source && { sourceInfo: `built from the source package ${entry.source.name} ${entry.source.version}` }),
    ...(entry.how && { comment: entry.how === "bundled" ? "inside the bundle" : "shipped as files" }),
    ...(entry.hashes.length > 0 && {
      checksums: entry.hashes.map(({ algorithm, hex }) => ({
        algorithm: algorithm.replace("-", ""),
        checksumValue: hex,
      })),
    }),
    ...((entry.purl ?? entry.cpe) && {
      externalRefs: [
        ...(entry.purl
          ? [{ referenceCategory: "PACKAGE-MANAGER", referenceType: "purl", referenceLocator: entry.purl }]
          : []),
        ...(entry.cpe
          ? [{ referenceCategory: "SECURITY", referenceType: "cpe23Type", referenceLocator: entry.cpe }]
          : []),
      ],
    }),
  };
}

/** All that was declared, joined: the parts of one package are under these licences together. */
function declared(licenses: readonly string[], extracted: Map<string, string>): string {
  if (licenses.length === 0) return "NOASSERTION";
  const parts = licenses.map((text) => {
    const expression = spdxExpression(text);
    if (expression) return / /.test(expression) && licenses.length > 1 ? `(${expression})` : expression;
    const id = `LicenseRef-${text.replace(/[^A-Za-z0-9.-]+/g, "-").slice(0, 60)}-${contentHash(text).slice(0, 8)}`;
    extracted.set(id, text);
    return id;
  });
  return parts.join(" AND ");
}

function relation(spdxElementId: string, relationshipType: string, relatedSpdxElement: string) {
  return { spdxElementId, relationshipType, relatedSpdxElement };
}

function spdxRef(entry: SbomPackage): string {
  const text = `${entry.kind}-${entry.name}-${entry.version}`.replace(/[^A-Za-z0-9.-]+/g, "-");
  return `SPDXRef-${text}-${contentHash(entry.id).slice(0, 8)}`;
}

function contentHash(value: unknown): string {
  return createHash("sha256").update(canonicalJson(value)).digest("hex");
}
