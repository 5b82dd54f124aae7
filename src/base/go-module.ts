/** The name that a go.mod gives its module: `example.com/shop/v2`. */
export function goModuleName(manifest: string | undefined): string | undefined {
  return /^module\s+(\S+)/m.exec(manifest ?? "")?.[1];
}
