/** The id or name of a template, its language, and its variables by name. */
export type TemplateFields = {
  readonly template: string;
  readonly language: string;
  readonly variables: Readonly<Record<string, string>>;
};

/** As a part of a creative, which has it only if anything of it is given. */
export const templatePart = (fields: TemplateFields): { readonly template?: TemplateFields } =>
  fields.template === '' && fields.language === '' && Object.keys(fields.variables).length === 0
    ? {}
    : { template: fields };
