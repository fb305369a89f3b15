type File = { readonly path: string; readonly text: string };

const declared = /^export (?:async )?(?:const|function\*?|class) (\w+)/gm;
const word = /\b[A-Za-z_$][\w$]*\b/g;

/**
 * Exported values whose name no other file has, as `path: name`; types belong to the signatures that use them. A name that stands in a comment elsewhere counts as used:
 * that misses a few, and names none by mistake.
 */
export function deadExports(files: readonly File[]): readonly string[] {
  const filesByWord = new Map<string, number>();
  for (const { text } of files) {
    for (const name of new Set(text.match(word) ?? [])) {
      filesByWord.set(name, (filesByWord.get(name) ?? 0) + 1);
    }
  }
  return files.flatMap(({ path, text }) =>
    [...text.matchAll(declared)]
      .map(([, name = '']) => name)
      .filter((name) => filesByWord.get(name) === 1)
      .map((name) => `${path}: ${name}`),
  );
}
