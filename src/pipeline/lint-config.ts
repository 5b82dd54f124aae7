/** Configuration of the linter: `lint:` of knbuild.yaml, or a file of its own; hadolint's file is understood too. */
import { usageError } from "../base/errors.ts";
import type { RuleSetting } from "../check/run.ts";
import type { Severity } from "../check/types.ts";
import { isProfileId, type ProfileId } from "../contract/profiles.ts";
import type { DockerfileSettings, LabelKind } from "../dockerfile/rule.ts";

export interface LintOverride {
  /** Globs, relative to where the configuration lies. */
  files: string[];
  rules: (readonly [string, RuleSetting])[];
}

export interface LintConfig {
  rules: (readonly [string, RuleSetting])[];
  overrides: LintOverride[];
  settings: Partial<DockerfileSettings>;
  failOn?: Severity | "never";
  profile?: ProfileId;
  /** Globs of Dockerfiles that a walk leaves out. */
  exclude: string[];
  ignorePragmas: boolean;
  /** Relative to where the configuration lies. */
  baseline?: string;
}

export const EMPTY_LINT_CONFIG: LintConfig = {
  rules: [],
  overrides: [],
  settings: {},
  exclude: [],
  ignorePragmas: false,
};

const KINDS: Readonly<Record<string, LabelKind>> = {
  "": "text",
  text: "text",
  rawtext: "text",
  url: "url",
  rfc3339: "rfc3339",
  spdx: "spdx",
  hash: "hash",
  githash: "hash",
  semver: "semver",
  email: "email",
};

const SEVERITIES: Readonly<Record<string, RuleSetting>> = {
  error: "error",
  warning: "warning",
  warn: "warning",
  info: "info",
  style: "info",
  on: "on",
  off: "off",
  ignore: "off",
  none: "off",
};

/**
 * Reads a parsed configuration; a `lint` key at its top is looked into.
 * @throws LINT_CONFIG_INVALID (exit 2)
 */
export function readConfig(value: unknown, where: string): LintConfig {
  const bad = (key: string, why: string) =>
    usageError("LINT_CONFIG_INVALID", `${key}: ${why}`, "knbuild config schema prints what may stand there.", where);
  if (value === null || value === undefined) return EMPTY_LINT_CONFIG;
  if (typeof value !== "object" || Array.isArray(value)) throw bad("configuration", "must be a map of keys");
  const whole = value as Record<string, unknown>;
  const own = (typeof whole["lint"] === "object" && whole["lint"] !== null ? whole["lint"] : whole) as Record<
    string,
    unknown
  >;
  const config: LintConfig = { rules: [], overrides: [], settings: {}, exclude: [], ignorePragmas: false };
  const settings: { -readonly [K in keyof DockerfileSettings]?: DockerfileSettings[K] } = {};
  for (const [raw, item] of Object.entries(own)) {
    const key = raw.replace(/[-_]([a-z])/g, (_, c: string) => c.toUpperCase());
    switch (key) {
      case "rules":
        config.rules.push(...ruleSettings(item, raw, bad));
        break;
      case "ignore":
      case "ignored":
      case "ignoreRules":
        config.rules.push(...strings(item, raw, bad).map((id) => [id, "off"] as const));
        break;
      case "enable":
        config.rules.push(...strings(item, raw, bad).map((id) => [id, "on"] as const));
        break;
      case "override":
        for (const [severity, ids] of Object.entries(object(item, raw, bad))) {
          const setting = SEVERITIES[severity];
          if (!setting) throw bad(`${raw}.${severity}`, "must be error, warning, info or style");
          config.rules.push(...strings(ids, `${raw}.${severity}`, bad).map((id) => [id, setting] as const));
        }
        break;
      case "overrides":
        if (!Array.isArray(item)) throw bad(raw, "must be a list");
        for (const [i, one] of item.entries()) {
          const entry = object(one, `${raw}[${i}]`, bad);
          const unknown = Object.keys(entry).find((name) => !["files", "rules", "ignore"].includes(name));
          if (unknown !== undefined)
            throw bad(`${raw}[${i}].${unknown}`, "no such key: files, rules and ignore may stand here");
          if (entry["files"] === undefined)
            throw bad(`${raw}[${i}].files`, "is missing: the globs of the files it is for");
          config.overrides.push({
            files: strings(entry["files"] ?? [], `${raw}[${i}].files`, bad),
            rules: [
              ...ruleSettings(entry["rules"] ?? {}, `${raw}[${i}].rules`, bad),
              ...strings(entry["ignore"] ?? [], `${raw}[${i}].ignore`, bad).map((id) => [id, "off"] as const),
            ],
          });
        }
        break;
      case "allowedRegistries":
      case "trustedRegistries":
        settings.allowedRegistries = strings(item, raw, bad);
        break;
      case "labelSchema":
        settings.labelSchema = Object.fromEntries(
          Object.entries(object(item, raw, bad)).map(([label, kind]) => {
            const known = KINDS[String(kind).toLowerCase()];
            if (!known) throw bad(`${raw}.${label}`, "must be text, url, rfc3339, spdx, hash, semver or email");
            return [label, known];
          }),
        );
        break;
      case "strictLabels":
        settings.strictLabels = item === true;
        break;
      case "failOn":
      case "failureThreshold": {
        const threshold = item === "none" || item === "ignore" ? "never" : item === "style" ? "info" : item;
        if (!["error", "warning", "info", "never"].includes(threshold as string)) {
          throw bad(raw, "must be error, warning, info or never");
        }
        config.failOn = threshold as Severity | "never";
        break;
      }
      case "profile":
        if (typeof item !== "string" || !isProfileId(item)) throw bad(raw, "must be gke, knative or cloudrun");
        config.profile = item;
        break;
      case "exclude":
        config.exclude = strings(item, raw, bad);
        break;
      case "disableIgnorePragma":
        config.ignorePragmas = item === true;
        break;
      case "noFail":
        if (item === true) config.failOn = "never";
        break;
      case "baseline":
        if (typeof item !== "string") throw bad(raw, "must be the name of a file");
        config.baseline = item;
        break;
      // hadolint's own, of its command line.
      case "format":
      case "noColor":
      case "verbose":
        break;
      default:
        // The whole knbuild.yaml may be handed over.
        if (own === whole && !("rules" in own) && !("ignored" in own)) break;
        throw bad(raw, "no such key");
    }
  }
  // The contract is chosen for all that knbuild does.
  const { profile } = whole;
  if (own !== whole && typeof profile === "string" && isProfileId(profile)) config.profile ??= profile;
  if (config.profile) settings.profile = config.profile;
  config.settings = settings;
  return config;
}

type Bad = (key: string, why: string) => Error;

function object(value: unknown, key: string, bad: Bad): Record<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw bad(key, "must be a map");
  return value as Record<string, unknown>;
}

function strings(value: unknown, key: string, bad: Bad): string[] {
  const list = typeof value === "string" ? [value] : value;
  if (!Array.isArray(list) || !list.every((item) => typeof item === "string"))
    throw bad(key, "must be a list of texts");
  return list as string[];
}

function ruleSettings(value: unknown, key: string, bad: Bad): (readonly [string, RuleSetting])[] {
  return Object.entries(object(value, key, bad)).map(([id, setting]) => {
    const known = setting === false ? "off" : setting === true ? "on" : SEVERITIES[String(setting)];
    if (!known) throw bad(`${key}.${id}`, "must be error, warning, info, on or off");
    return [id, known] as const;
  });
}
