/** CycloneDX 1.6 JSON. The serial number comes from the content: equal input, equal bytes. */
import { createHash } from "node:crypto";
import {
  ComponentScope,
  ComponentType,
  ExternalReferenceType,
  HashAlgorithm,
} from "@cyclonedx/cyclonedx-library/Enums";
import {
  Bom,
  Component,
  ExternalReference,
  type License,
  LicenseExpression,
  Metadata,
  NamedLicense,
  OrganizationalEntity,
  Property,
  SpdxLicense,
  Tool,
} from "@cyclonedx/cyclonedx-library/Models";
import { JSON as JsonFormat, JsonSerializer } from "@cyclonedx/cyclonedx-library/Serialize";
import { Spec1dot6 } from "@cyclonedx/cyclonedx-library/Spec";
import { canonicalJson } from "../../base/canonical-json.ts";
import { isSpdxId, spdxExpression } from "./licenses.ts";
import { normalizePackages, type SbomInput, type SbomPackage } from "./types.ts";

/** Property that says how a package is inside: `bundled` or `files`. */
export const HOW_PROPERTY = "knbuild:how";
const SOURCE_PROPERTY = "knbuild:debian:source";
const DIGEST_PROPERTY = "knbuild:image:digest";
const PLATFORM_PROPERTY = "knbuild:image:platform";

const TYPES: Readonly<Record<SbomPackage["kind"], ComponentType>> = {
  npm: ComponentType.Library,
  deb: ComponentType.Library,
  // By its meaning a platform; but that is a type that scanners pass over.
  runtime: ComponentType.Application,
  app: ComponentType.Application,
};

export function toCycloneDx(input: SbomInput): string {
  const packages = normalizePackages(input.packages);
  const root = new Component(input.digest ? ComponentType.Container : ComponentType.Application, input.name, {
    bomRef: "root",
    ...(input.digest && { version: input.digest }),
  });
  if (input.digest) {
    root.hashes.set(HashAlgorithm["SHA-256"], input.digest.slice(input.digest.indexOf(":") + 1));
    root.properties.add(new Property(DIGEST_PROPERTY, input.digest));
  }
  if (input.platform) root.properties.add(new Property(PLATFORM_PROPERTY, input.platform));

  const metadata = new Metadata({ component: root });
  metadata.tools.tools.add(new Tool({ name: "knbuild", version: input.tool }));
  if (input.createdEpoch !== undefined) metadata.timestamp = new Date(input.createdEpoch * 1000);
  const bom = new Bom({ metadata, serialNumber: serialNumber(input, packages) });

  const components = new Map(packages.map((entry) => [entry.id, toComponent(entry)]));
  for (const entry of packages) {
    const component = components.get(entry.id)!;
    for (const id of entry.dependsOn) component.dependencies.add(components.get(id)!.bomRef);
    bom.components.add(component);
  }
  if (input.os) {
    const os = new Component(ComponentType.OperatingSystem, input.os.id, {
      bomRef: "os",
      version: input.os.version,
      description: input.os.name,
    });
    bom.components.add(os);
    root.dependencies.add(os.bomRef);
  }
  // The image is made of what nothing else in it asked for.
  const needed = new Set(packages.flatMap((entry) => entry.dependsOn));
  for (const entry of packages) if (!needed.has(entry.id)) root.dependencies.add(components.get(entry.id)!.bomRef);
  const serializer = new JsonSerializer(new JsonFormat.Normalize.Factory(Spec1dot6));
  return `${serializer.serialize(bom, { sortLists: true, space: 2 })}\n`;
}

function toComponent(entry: SbomPackage): Component {
  const scoped = entry.kind === "npm" && entry.name.startsWith("@");
  const slash = scoped ? entry.name.indexOf("/") : -1;
  const component = new Component(TYPES[entry.kind], entry.name.slice(slash + 1), {
    bomRef: entry.id,
    ...(entry.version && { version: entry.version }),
    ...(entry.cpe && { cpe: entry.cpe }),
    scope: ComponentScope.Required,
    ...(scoped && { group: entry.name.slice(0, slash) }),
    ...(entry.purl && { purl: entry.purl }),
    ...(entry.maintainer && { supplier: new OrganizationalEntity({ name: entry.maintainer }) }),
  });
  for (const { algorithm, hex } of entry.hashes) component.hashes.set(HashAlgorithm[algorithm], hex);
  for (const license of toLicenses(entry.licenses)) component.licenses.add(license);
  if (entry.how) component.properties.add(new Property(HOW_PROPERTY, entry.how));
  if (entry.source) {
    component.properties.add(new Property(SOURCE_PROPERTY, `${entry.source.name}@${entry.source.version}`));
    for (const [name, value] of trivySource(entry.source)) component.properties.add(new Property(name, value));
  }
  if (entry.homepage) {
    component.externalReferences.add(new ExternalReference(entry.homepage, ExternalReferenceType.Website));
  }
  return component;
}

/**
 * Debian's advisories are about source packages. grype reads the source out of the purl's `upstream`; trivy only out of
 * properties of its own, in the parts of Debian Policy 5.6.12: epoch, upstream version, revision.
 */
function trivySource({ name, version }: { name: string; version: string }): [string, string][] {
  const [, epoch, upstream, revision] = /^(?:(\d+):)?(.*?)(?:-([^-]*))?$/.exec(version)!;
  const parts = { SrcName: name, SrcVersion: upstream, SrcRelease: revision, SrcEpoch: epoch };
  return Object.entries(parts).flatMap(([key, value]) => (value ? [[`aquasecurity:trivy:${key}`, value]] : []));
}

/** The schema takes either one expression, or any number of single licences. */
function toLicenses(texts: readonly string[]): License[] {
  const only = texts.length === 1 ? spdxExpression(texts[0]!) : undefined;
  if (only && !isSpdxId(only)) return [new LicenseExpression(only)];
  return texts.map((text) => (isSpdxId(text) ? new SpdxLicense(text) : new NamedLicense(text)));
}

/** A UUID (version 8, RFC 9562: made by a rule of our own) out of the content's hash. */
function serialNumber(input: SbomInput, packages: readonly SbomPackage[]): string {
  const hex = createHash("sha256")
    .update(canonicalJson({ ...input, packages }))
    .digest("hex");
  const variant = ((Number.parseInt(hex[16]!, 16) & 0x3) | 0x8).toString(16);
  return `urn:uuid:${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
