/** The words a network acts on by itself, whole and whatever their case (Twilio's default keywords). */
const stop = ['STOP', 'STOPALL', 'UNSUBSCRIBE', 'CANCEL', 'END', 'QUIT'];
const start = ['START', 'YES', 'UNSTOP'];

/** What a reply does to the sender's permission to write. */
export function optOutWord(body: string): 'STOP' | 'START' | undefined {
  const word = body.trim().toUpperCase();
  if (stop.includes(word)) return 'STOP';
  return start.includes(word) ? 'START' : undefined;
}
