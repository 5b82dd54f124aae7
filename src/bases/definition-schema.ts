/** The form of a base's YAML file. Apart from definition.ts because only files that are read at run time need it. */
import { z } from "zod";

const date = z.iso.date();
const packageName = z.string().regex(/^[a-z0-9][a-z0-9.+-]+$/, "not the name of a Debian package");

export const baseDefinitionSchema = z.strictObject({
  id: z.string().regex(/^[a-z0-9][a-z0-9-]*$/),
  summary: z.string().min(1),
  suite: z.string().regex(/^[a-z]+$/),
  layers: z
    .array(z.strictObject({ id: z.string().regex(/^[a-z0-9-]+$/), packages: z.array(packageName).min(1) }))
    .min(1),
  exclude: z.array(packageName).default([]),
  runtime: z
    .strictObject({
      name: z.literal("node"),
      package: z.string().min(1),
      major: z.int().min(16),
      released: date,
      longTermSupport: date,
      endOfLife: date,
    })
    .optional(),
  user: z.string().regex(/^\d+(?::\d+)?$/, "must be numeric: uid or uid:gid"),
  env: z.record(z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/), z.string()).default({}),
  workdir: z.string().startsWith("/").default("/"),
  endOfLife: date,
  fallback: z.string().optional(),
});
