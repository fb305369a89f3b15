/** What the simulated base holds from the start: the columns of Twilio's own quick start. */
export const sampleRows: Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>> = {
  Customers: [
    {
      name: 'Ana Lima',
      sms: '+1 202-555-0110',
      whatsapp: '+12025550110',
      email: 'ana@example.com',
      linkedin: 'https://example.com/in/ana',
      notes: 'Prefers messages in the morning.',
      owner: 'maria',
      city: 'Lisbon',
    },
    { name: 'Ben Okoye', sms: '(202) 555-0111', owner: 'maria', city: 'Lagos' },
    { name: 'Chloé Martin', sms: '+12025550112', owner: 'john', email: 'chloe@example.com' },
    { name: 'Dai Evans', sms: '+12025550113', owner: 'maria', opt_out: true },
    { name: 'Eve Nobody', sms: '+12025550114' },
  ],
  Templates: [
    { category: 'Greetings', text: 'Hello {{name}}, this is {{owner}}. How can I help?' },
    { category: 'Greetings', text: 'Good morning {{name}}!', whatsAppApproved: true },
    { category: 'Visits', text: 'We are in {{city}} next week, {{name}}. Shall we meet?' },
  ],
};
