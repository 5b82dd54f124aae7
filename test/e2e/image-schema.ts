/**
 * The image-spec 1.1 documents as JSON schemas: descriptor.md, manifest.md, image-index.md, config.md and image-layout.md,
 * with the constraints of the specification's own schema files.
 */
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import formats from "ajv-formats";

const DIGEST = { type: "string", pattern: "^[a-z0-9]+(?:[+._-][a-z0-9]+)*:[a-zA-Z0-9=_-]+$" };
const MEDIA_TYPE = {
  type: "string",
  pattern: "^[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]{0,126}/[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]{0,126}$",
};
const TEXTS = { type: "object", additionalProperties: { type: "string" } };
const ANNOTATIONS = { type: "object", propertyNames: { minLength: 1 }, additionalProperties: { type: "string" } };
const STRINGS = { type: ["array", "null"], items: { type: "string" } };
/** Set-like objects: `{"8080/tcp": {}}`. */
const KEYS = { type: ["object", "null"], additionalProperties: { type: "object" } };

const descriptor = {
  type: "object",
  required: ["mediaType", "size", "digest"],
  properties: {
    mediaType: MEDIA_TYPE,
    size: { type: "integer", minimum: 0 },
    digest: DIGEST,
    urls: { type: "array", items: { type: "string", format: "uri" } },
    artifactType: MEDIA_TYPE,
    data: { type: "string", contentEncoding: "base64" },
    annotations: ANNOTATIONS,
  },
};

const manifest = {
  type: "object",
  required: ["schemaVersion", "config", "layers"],
  properties: {
    schemaVersion: { const: 2 },
    mediaType: MEDIA_TYPE,
    artifactType: MEDIA_TYPE,
    config: descriptor,
    subject: descriptor,
    layers: { type: "array", minItems: 1, items: descriptor },
    annotations: ANNOTATIONS,
  },
};

const platform = {
  type: "object",
  required: ["architecture", "os"],
  properties: {
    architecture: { type: "string" },
    os: { type: "string" },
    "os.version": { type: "string" },
    "os.features": { type: "array", items: { type: "string" } },
    variant: { type: "string" },
  },
};

const index = {
  type: "object",
  required: ["schemaVersion", "manifests"],
  properties: {
    schemaVersion: { const: 2 },
    mediaType: MEDIA_TYPE,
    artifactType: MEDIA_TYPE,
    subject: descriptor,
    manifests: { type: "array", items: { ...descriptor, properties: { ...descriptor.properties, platform } } },
    annotations: ANNOTATIONS,
  },
};

const config = {
  type: "object",
  required: ["architecture", "os", "rootfs"],
  properties: {
    ...platform.properties,
    created: { type: "string", format: "date-time" },
    author: { type: "string" },
    config: {
      type: "object",
      properties: {
        User: { type: "string" },
        ExposedPorts: KEYS,
        Env: { type: "array", items: { type: "string", pattern: "^[^=]+=" } },
        Entrypoint: STRINGS,
        Cmd: STRINGS,
        Volumes: KEYS,
        WorkingDir: { type: "string" },
        Labels: { anyOf: [TEXTS, { type: "null" }] },
        StopSignal: { type: "string" },
        ArgsEscaped: { type: "boolean" },
      },
    },
    rootfs: {
      type: "object",
      required: ["type", "diff_ids"],
      properties: { type: { const: "layers" }, diff_ids: { type: "array", items: DIGEST } },
    },
    history: {
      type: "array",
      items: {
        type: "object",
        properties: {
          created: { type: "string", format: "date-time" },
          author: { type: "string" },
          created_by: { type: "string" },
          comment: { type: "string" },
          empty_layer: { type: "boolean" },
        },
      },
    },
  },
};

const layout = {
  type: "object",
  required: ["imageLayoutVersion"],
  properties: { imageLayoutVersion: { const: "1.0.0" } },
};

const ajv = new Ajv2020({ allErrors: true, strict: false });
formats.default(ajv);

const validators: Record<string, ValidateFunction> = Object.fromEntries(
  Object.entries({ manifest, index, config, layout }).map(([name, schema]) => [name, ajv.compile(schema)]),
);

/** Complaints about a document; empty when it is valid. */
export function schemaErrors(kind: "manifest" | "index" | "config" | "layout", document: unknown): string[] {
  const validate = validators[kind] as ValidateFunction;
  if (validate(document)) return [];
  return (validate.errors ?? []).map((error) => `${error.instancePath} ${error.message}`);
}
