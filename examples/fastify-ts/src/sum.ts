export interface Sum {
  sum: number;
}

export function add(a: number, b: number): Sum {
  return { sum: a + b };
}
