/**
 * What people write to be left alone, by language. A message that is nothing but one of these opts out.
 * 47 CFR 64.1200(a)(10) names the English ones; ARRET, REMOVE, OPT OUT and TD are demanded of senders in
 * the US and Canada. A word that is a common answer or a name in another language is left out. Accents, case, blanks and hyphens do not matter (`normalise.ts`).
 */
export const stopWords: Readonly<Record<string, readonly string[]>> = {
  en: [
    'stop',
    'stop all',
    'stop it',
    'stahp',
    'unsubscribe',
    'unsub',
    'cancel',
    'end',
    'quit',
    'i quit',
    'revoke',
    'opt out',
    'remove',
    'remove me',
    'no more',
    'td',
  ],
  fr: ['arret', 'arreter', 'arretez', 'desabonner', 'desabonnement', 'desinscrire', 'stop sms'],
  es: ['alto', 'parar', 'baja', 'dar de baja', 'darme de baja', 'cancelar', 'detener', 'salir'],
  pt: ['sair', 'pare', 'remover', 'descadastrar', 'cancelar inscricao'],
  de: ['abmelden', 'abbestellen', 'stopp', 'austragen', 'beenden'],
  nl: ['afmelden', 'uitschrijven', 'stoppen'],
  it: ['basta', 'annulla', 'cancellami', 'disiscrivimi', 'disiscriviti', 'rimuovi'],
  pl: ['rezygnuje', 'wypisz', 'wypisz mnie', 'anuluj'],
  cs: ['odhlasit', 'zrusit', 'konec'],
  sk: ['odhlasit sa', 'zrusit odber'],
  hu: ['leiratkozas', 'leiratkozom', 'lemondom'],
  ro: ['dezabonare', 'dezaboneaza', 'opreste'],
  sv: ['avsluta', 'avregistrera', 'sluta'],
  da: ['afmeld', 'frameld'],
  nb: ['avslutt', 'meld av', 'avmeld'],
  fi: ['lopeta', 'peruuta'],
  tr: ['iptal', 'cikis'],
  el: ['στοπ', 'διακοπη', 'διαγραφη'],
  ru: ['стоп', 'отписаться', 'отписка', 'отпишите', 'отпишите меня', 'отмена'],
  uk: ['відписатися', 'відписка', 'скасувати'],
  ar: ['توقف', 'قف', 'ايقاف', 'إيقاف', 'الغاء', 'إلغاء', 'الغاء الاشتراك', 'إلغاء الاشتراك'],
  he: ['הסר', 'הסירו', 'עצור', 'הסירו אותי'],
  hi: ['हटाओ', 'हटाएं', 'रोको', 'रोकें', 'बंद', 'बंद करो', 'बंद करें', 'स्टॉप'],
  zh: ['停止', '退订', '退訂', '取消', '取消订阅', '取消訂閱', '拒收'],
  ja: ['停止', '配信停止', '解除', '退会', 'ストップ', 'やめて'],
  ko: ['중지', '수신거부', '거부', '그만', '해지', '스톱'],
  th: ['หยุด', 'ยกเลิก'],
  vi: ['tu choi'],
  id: ['berhenti', 'batal', 'henti'],
  tl: ['itigil', 'tigil'],
};

/** Always exact: who is written to again must have asked for it. YES is not among them, people say it to questions. */
export const startWords = ['start', 'unstop'];

export const helpWords = [
  'help',
  'info',
  'aide',
  'ayuda',
  'hilfe',
  'ajuda',
  'aiuto',
  'hulp',
  'помощь',
];

/**
 * Of those, the ones that mean nothing else, as whole words of a longer text. Never `cancel`, `end` or
 * `quit`: people write those about orders and appointments.
 */
export const unambiguous = [
  'stop',
  'stopp',
  'stopall',
  'unsubscribe',
  'unsub',
  'opt out',
  'optout',
  'opt me out',
  'remove me',
  'take me off',
  'desabonner',
  'desabonnez',
  'desinscrire',
  'desinscrivez',
  'dar de baja',
  'darme de baja',
  'dame de baja',
  'denme de baja',
  'desuscribir',
  'desuscribirme',
  'descadastrar',
  'descadastre',
  'abmelden',
  'abbestellen',
  'afmelden',
  'uitschrijven',
  'disiscrivimi',
  'disiscrivetemi',
  'cancellami',
  'wypisz',
  'dezabonare',
  'leiratkozom',
  'avregistrera',
  'afmeld',
  'стоп',
  'отписаться',
  'отпишите',
  'відписатися',
  'الغاء الاشتراك',
];

/** The same in scripts that set no blanks between words: found anywhere in the text. */
export const unambiguousWithoutBlanks = [
  '退订',
  '退訂',
  '取消订阅',
  '取消訂閱',
  '配信停止',
  '수신거부',
];

/** Before one of those, it says the opposite: listed for review, never an opt-out by itself. */
export const negations = ['dont', 'do not', 'never', 'non'];
