import { writeFileSync } from 'node:fs';
import { stringify } from 'yaml';
import { openapiDocument } from './document.ts';

/** The description as it is committed: `openapi.yaml` for people and tools, `openapi.json` for `GET /openapi.json`. */
export function openapiFiles(): Readonly<Record<string, string>> {
  const document = openapiDocument();
  return {
    'openapi.yaml': `# Written by npm run openapi. Do not edit.\n${stringify(document, { aliasDuplicateObjects: false, lineWidth: 0 })}`,
    'openapi.json': `${JSON.stringify(document, null, 1)}\n`,
  };
}

if (import.meta.main) {
  for (const [name, text] of Object.entries(openapiFiles())) writeFileSync(name, text);
}
