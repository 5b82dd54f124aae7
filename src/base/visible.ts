/** Text of others on a terminal. */

/** Control characters as their pictures (␛), one for one: what stands in a file must not steer the terminal. Line ends and tabs stay. */
export function visible(text: string): string {
  return text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]|\r(?!\n)/g, (c) => {
    const code = c.charCodeAt(0);
    return code < 0x20 ? String.fromCharCode(0x2400 + code) : c === "\u007f" ? "␡" : "�";
  });
}
