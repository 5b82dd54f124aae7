/** Whether a text can be an image's name: `registry/path:tag@digest` (distribution/reference, ParseNormalizedNamed). */
const COMPONENT = "[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*";
const PATH = `${COMPONENT}(?:/${COMPONENT})*`;
const LABEL = "(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])";
const HOST = `(?:${LABEL}(?:\\.${LABEL})*|\\[[a-fA-F0-9:]+\\])(?::[0-9]+)?`;
const TAG = ":[\\w][\\w.-]{0,127}";
const DIGEST = "@[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}";
const REFERENCE = new RegExp(`^(?:${HOST}/)?${PATH}(?:${TAG})?(?:${DIGEST})?$`);

export function isImageReference(text: string): boolean {
  if (/^[a-f0-9]{64}$/.test(text) || text.length > 1000) return false;
  return REFERENCE.test(text);
}
