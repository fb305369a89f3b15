import { outageOf } from '../fakes/outage.ts';

/** A secret store in memory that can go down, and counts how often it was asked for each name. */
export function secretStore(initial: Readonly<Record<string, unknown>> = {}) {
  const texts = new Map(
    Object.entries(initial).map(([name, value]) => [name, JSON.stringify(value)]),
  );
  const asked: string[] = [];
  const outage = outageOf('secrets');
  return {
    fetch: async (name: string) => {
      asked.push(name);
      outage.check();
      return texts.get(name);
    },
    put: (name: string, value: unknown) => texts.set(name, JSON.stringify(value)),
    putText: (name: string, text: string) => texts.set(name, text),
    remove: (name: string) => texts.delete(name),
    asked,
    outage,
  };
}
