/**
 * Builds once per cold start and keeps the promise; a build that failed is dropped, so the next
 * invocation tries again.
 */
export function lazy<T>(build: () => Promise<T> | T): () => Promise<T> {
  let built: Promise<T> | undefined;
  return () => {
    built ??= Promise.resolve()
      .then(build)
      .catch((error: unknown) => {
        built = undefined;
        throw error;
      });
    return built;
  };
}
