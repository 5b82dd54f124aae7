/** "did you mean": the nearest of the options by edit distance, at most 2 away. */
export function suggest(value: string, options: Iterable<string>): string | undefined {
  let best: string | undefined;
  let limit = 3;
  for (const option of options) {
    if (option === value) return undefined;
    if (Math.abs(option.length - value.length) >= limit) continue;
    const distance = editDistance(value, option);
    if (distance < limit) {
      best = option;
      limit = distance;
    }
  }
  return best;
}

/** Levenshtein's, as BuildKit and ShellCheck count: two letters that changed places are two slips. */
export function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = (previous[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1);
      current.push(Math.min(change, (previous[j] as number) + 1, (current[j - 1] as number) + 1));
    }
    previous = current;
  }
  return previous[b.length] as number;
}
