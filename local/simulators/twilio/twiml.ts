/** The texts of the <Message> verbs in a TwiML answer, which Twilio sends to the customer. */
export const messageTextsOf = (twiml: string): string[] =>
  [...twiml.matchAll(/<Message\b[^>]*?(?<!\/)>(.*?)<\/Message>/gs)].map(([, inner = '']) =>
    unescapeXml(inner.replace(/<\/?Body>/g, '').trim()),
  );

const entities: Readonly<Record<string, string>> = {
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  amp: '&',
};

const unescapeXml = (text: string): string =>
  text
    .replace(/&#(?:x([0-9a-f]+)|(\d+));/gi, (_, hex: string | undefined, dec: string | undefined) =>
      String.fromCodePoint(hex ? Number.parseInt(hex, 16) : Number(dec)),
    )
    .replace(/&(lt|gt|quot|apos|amp);/g, (whole, name: string) => entities[name] ?? whole);
