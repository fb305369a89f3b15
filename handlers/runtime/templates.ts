import type { documentClient } from '../../adapters/aws/clients/dynamodb.ts';
import { templateStore } from '../../adapters/aws/templates.ts';
import { httpClient } from '../../adapters/http/client.ts';
import { SECOND } from '../../domain/clock.ts';
import {
  type TemplateCatalogue,
  templateCatalogue,
} from '../../domain/content/templates/catalogue.ts';
import type { TemplateSource } from '../../domain/content/templates/ports.ts';
import { providerIds } from '../../domain/provider-id.ts';
import { providers } from '../../providers/registry.ts';
import type { Settings } from './config.ts';
import type { templateSettings } from './setting-groups.ts';

/** 1,000 templates of the longest texts. */
const MAX_ANSWER_BYTES = 16 * 1024 * 1024;

/** The first provider that has templates; there is one. */
function sourceOf(clock: () => number): TemplateSource {
  const [source] = providerIds.flatMap((id) => providers[id].templateSource ?? []);
  if (source === undefined) throw new Error('no provider has templates');
  return source({ http: httpClient({ clock, maxBodyBytes: MAX_ANSWER_BYTES }), clock });
}

/** The catalogue of templates, for functions that judge or show them. */
export const wireTemplates = (
  config: Settings<typeof templateSettings>,
  tables: ReturnType<typeof documentClient>,
): TemplateCatalogue =>
  templateCatalogue({
    store: templateStore(tables, config.db_templates_table),
    source: sourceOf(Date.now),
    refreshMs: config.template_refresh * SECOND,
    clock: Date.now,
  });
