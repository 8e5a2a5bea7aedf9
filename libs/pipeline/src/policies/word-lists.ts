import { baseLanguage } from '@carillon/contracts';

/** What turn taking knows of a language. Entries are normalised: lower case, no marks. Longer entries come first where one begins another. */
export interface WordLists {
  /** Said to show that one listens. They never take the floor. */
  backchannels: readonly string[];
  /** Said to make the other stop. */
  stops: readonly string[];
  /** What nobody ends with: more is to come. */
  trailing: readonly string[];
  /** Whole answers to a question that wants yes or no. */
  answers: readonly string[];
  /** Those of them that can be taken for nothing else, not even for a sign of listening. */
  yes: readonly string[];
  no: readonly string[];
  digits: Readonly<Record<string, string>>;
  /** Questions by what they ask for; matched against the last sentence of the agent. */
  questions: Readonly<Record<'spelling' | 'email' | 'number' | 'yes-no' | 'open', RegExp>>;
}

const words = (text: string): string[] => text.split('|').map((word) => word.trim());

type YesAndNo = Pick<WordLists, 'yes' | 'no'>;

const ENGLISH_ANSWERS: YesAndNo = {
  yes: words('yes|yeah|yep|yup|sure|of course|absolutely|definitely|yes please|please|yes thanks|yes thank you|i do|i would'),
  no: words('no|nope|nah|not really|no thanks|no thank you|i dont|i wouldnt'),
};

const ENGLISH: WordLists = {
  ...ENGLISH_ANSWERS,
  backchannels: words(
    'mhm|mm hmm|mmhmm|mm|mmm|hmm|hm|uh huh|uhhuh|aha|ah|oh|yeah|yep|yup|yes|right|okay|ok|sure|i see|got it|great|good|alright|all right|exactly|of course|cool|fine|really|wow|thanks|perfect|sounds good',
  ),
  stops: words('stop|wait|hold on|hang on|excuse me|sorry|pardon|listen|no|one second|one moment|just a second|just a moment|hey'),
  trailing: words(
    'and|but|or|so|because|if|that|which|who|when|while|to|the|a|an|my|your|our|his|her|their|is|are|was|were|am|im|its|of|with|for|from|in|on|at|by|about|than|as|like|um|uh|er|erm|well|also|plus|maybe|i|we|you know|i mean|let me see|let me think|dot',
  ),
  answers: [
    ...Object.values(ENGLISH_ANSWERS).flat(),
    ...words('okay|ok|right|correct|exactly|i am|im not|not yet|thats right|thats correct|that works|thank you'),
  ],
  digits: { zero: '0', oh: '0', one: '1', two: '2', three: '3', four: '4', five: '5', six: '6', seven: '7', eight: '8', nine: '9' },
  questions: {
    spelling: /\b(spell|spelled|spelling)\b/i,
    email: /\b(e-mail|email)\b/i,
    number: /\b(number|digit|digits|code|postcode|zip|date of birth|birthday|how many|how much|pin)\b/i,
    'yes-no':
      /(?:^|[,;] )(?:do|does|did|is|are|was|were|can|could|would|will|shall|should|have|has|may|don't|isn't|aren't)\b[^?]*\?$|(?:right|correct|okay|all right)\?$/i,
    open: /(?:^|[,;:] |\b(?:and|so|but|well|or|then|okay|now) )(?:(?:at|on|in|for|with|from|to|by|about) )?(?:what|what's|which|who|whom|whose|when|where|why|how)\b/i,
  },
};

const CHINESE_ANSWERS: YesAndNo = {
  yes: words('是的|是|对的|对|好的|好|可以|行|没问题|需要|要|当然|好的谢谢|谢谢好的'),
  no: words('不是|不用了|不用|不行|不可以|不要|不方便|不需要|不必了|不必|不了|不|没有|没|不用谢谢|不用了谢谢|谢谢不用'),
};

const CHINESE: WordLists = {
  ...CHINESE_ANSWERS,
  backchannels: words('嗯哼|嗯|哦|噢|啊|唔|对的|对|好的|好|是的|是|行|可以|没错|明白|知道了|了解|ok'),
  stops: words('等一下|等等|等下|停|慢着|不对|不是|不要|不用|别说了|打断一下|听我说|喂|不好意思'),
  trailing: words(
    '然后|但是|可是|不过|因为|所以|而且|还有|或者|如果|就是|那个|这个|那么|比如说|比如|我想要|我想|我要|想要|需要|我叫|我姓|我的|我是|和|跟|的话|嗯|呃|额|码是|话是|址是|名字是|邮箱是|点',
  ),
  answers: [...Object.values(CHINESE_ANSWERS).flat(), ...words('没错|有|方便|谢谢|嗯')],
  digits: { 零: '0', 〇: '0', 一: '1', 幺: '1', 二: '2', 两: '2', 三: '3', 四: '4', 五: '5', 六: '6', 七: '7', 八: '8', 九: '9' },
  questions: {
    spelling: /怎么写|哪个字|怎么拼/,
    email: /邮箱|电子邮件|邮件地址/,
    number: /号码|多少|(?<![打个])电话|几位|数字|验证码|邮编|身份证|生日|几个/,
    'yes-no': /(?:吗|好不好|是不是|对不对|可不可以|行不行|方便不方便|对吧|好吧)[？?]?$/,
    open: /什么|哪|谁|怎么|怎样|如何|为何|何时|多少|多久|多大|几/,
  },
};

const FRENCH_ANSWERS: YesAndNo = {
  yes: words('oui|ouais|bien sûr|tout à fait|oui merci|volontiers|avec plaisir|oui sil vous plaît'),
  no: words('non|pas vraiment|non merci|pas la peine'),
};

const FRENCH: WordLists = {
  ...FRENCH_ANSWERS,
  backchannels: words('mm|hm|hmm|ah|oh|oui|ouais|daccord|ok|okay|bien sûr|très bien|bien|voilà|exactement|je vois|merci'),
  stops: words('stop|attendez|attends|arrêtez|pardon|excusez moi|non|une seconde|un instant|un moment'),
  trailing: words(
    'et|mais|ou|donc|parce que|si|que|qui|quand|à|le|la|les|un|une|des|de|du|mon|ma|mes|votre|est|sont|suis|avec|pour|dans|sur|par|comme|euh|ben|alors|je|nous|point|arobase',
  ),
  answers: [...Object.values(FRENCH_ANSWERS).flat(), ...words('daccord|ok|okay|exact|exactement|merci|pas encore')],
  digits: { zéro: '0', un: '1', deux: '2', trois: '3', quatre: '4', cinq: '5', six: '6', sept: '7', huit: '8', neuf: '9' },
  questions: {
    spelling: /épeler|épelez/i,
    email: /\b(e-mail|email|courriel)\b/i,
    number: /\b(numéro|chiffre|chiffres|code|combien|date de naissance)\b/i,
    'yes-no': /(?:^|[,;] )(?:est-ce|avez-vous|pouvez-vous|voulez-vous|êtes-vous|puis-je|souhaitez-vous|pouvons-nous)[^?]*\?$/i,
    open: /(?:^|[,;:] |\b(?:et|alors|mais|donc|ou) )(?:(?:à|de|pour|avec|en|sur) )?(?:quel|quelle|quels|quelles|qui|quoi|quand|où|pourquoi|comment|combien) /i,
  },
};

const BY_LANGUAGE: Readonly<Record<string, WordLists>> = { en: ENGLISH, zh: CHINESE, fr: FRENCH };

/** The lists for a text: Chinese ones where it is written in Han, else those of the call's language, and English ones where we have none. */
export function wordListsFor(text: string, language: string): WordLists {
  if (/\p{Script=Han}/u.test(text)) return CHINESE;
  const lists = BY_LANGUAGE[baseLanguage(language)];
  return lists === undefined || lists === CHINESE ? ENGLISH : lists;
}

/** All words that turn taking knows, digits left out: what a redacted log may keep. Of Chinese entries each character. */
export const KNOWN_WORDS: ReadonlySet<string> = new Set([
  'keyed', // how keys are written into a transcript
  ...['none', '艾', '特'], // open-entity.ts: who has no address, and how one is said
  ...[ENGLISH, CHINESE, FRENCH].flatMap(({ backchannels, stops, trailing, answers, questions }) => {
    const asked = Object.values(questions).flatMap(
      ({ source }) => source.replace(/\\[bp]/g, ' ').match(/\p{L}{2,}|\p{Script=Han}/gu) ?? [],
    );
    return [...backchannels, ...stops, ...trailing, ...answers, ...asked].flatMap((entry) =>
      /\p{Script=Han}/u.test(entry) ? [...entry] : entry.toLowerCase().split(' '),
    );
  }),
]);

export const DIGIT_WORDS: Readonly<Record<string, string>> = { ...ENGLISH.digits, ...FRENCH.digits, ...CHINESE.digits };
