/** Bounded parallel work. */

/** Runs `task` over the items, at most `limit` at once; results in the items' order. The first failure stops new starts. */
export async function mapConcurrent<T, R>(
  items: Iterable<T>,
  limit: number,
  task: (item: T, index: number) => Promise<R>,
): Promise<R[]> {
  const queue = [...items];
  const results = new Array<R>(queue.length);
  let next = 0;
  let failed = false;
  async function worker(): Promise<void> {
    while (!failed && next < queue.length) {
      const index = next++;
      try {
        results[index] = await task(queue[index] as T, index);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  }
  const settled = await Promise.allSettled(Array.from({ length: Math.min(limit, queue.length) }, worker));
  const failure = settled.find((s) => s.status === "rejected");
  if (failure) throw failure.reason;
  return results;
}

/** A function that runs `task` once per key however many ask at the same time; failures are not remembered. */
export function createSingleFlight<T>(): (key: string, task: () => Promise<T>) => Promise<T> {
  const flights = new Map<string, Promise<T>>();
  return (key, task) => {
    const current = flights.get(key);
    if (current) return current;
    const flight = task().finally(() => flights.delete(key));
    flights.set(key, flight);
    return flight;
  };
}

/** A function that runs tasks, at most `limit` at once, the others when their turn has come. */
export function createSlots(limit: number): <T>(task: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = [];
  let free = limit;
  return async (task) => {
    if (free > 0) free--;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await task();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else free++;
    }
  };
}
