import type { Disclosure, Initiate } from '@carillon/contracts';
import type { CallLines } from '../turn/conversation-rules.js';
import { missingDisclosures } from './disclosures.js';

/** Who calls, and the question that hands over the word; `{bot}` and `{company}` are filled in. */
type Greeting = readonly [introduction: string, question: string];

interface LineTexts extends Omit<CallLines, 'greeting'> {
  greeting: Greeting;
  /** For a person whose conversation goes on in a new call. */
  greetingAgain: Greeting;
  disclosures: Readonly<Record<'ai' | 'opt_out', string>>;
  /** Between sentences. */
  space: '' | ' ';
}

const ENGLISH: LineTexts = {
  greeting: ['Hello, this is {bot}, the virtual assistant of {company}.', 'Do you have a moment to talk?'],
  greetingAgain: ['Hello again, this is {bot} of {company}.', 'Shall we go on where we stopped?'],
  disclosures: {
    ai: 'I am an AI, and my voice is artificial.',
    opt_out: 'If you do not want to be called again, you can tell me so at any time.',
  },
  space: ' ',
  stillThere: 'Are you still there?',
  goodbye: 'Thank you for your time. Goodbye.',
  apology: 'I am sorry, I have a technical problem.',
  filler: 'One moment, please.',
  stillThinking: 'I am still looking into it. Thank you for waiting.',
  recap: 'Sorry, we were cut off for a moment.',
  callbackOffer: 'If you would like us to call you again, please press 1.',
  callbackTaken: 'Thank you. We will call you again. Goodbye.',
};

const CHINESE: LineTexts = {
  greeting: ['您好，我是{company}的虚拟助理{bot}。', '请问您现在方便说话吗？'],
  greetingAgain: ['您好，我是{company}的{bot}。', '我们继续刚才的话题，好吗？'],
  disclosures: { ai: '我是人工智能，声音由电脑合成。', opt_out: '如果您不想再接到我们的电话，可以随时告诉我。' },
  space: '',
  stillThere: '请问您还在吗？',
  goodbye: '感谢您的时间，再见。',
  apology: '抱歉，我这边出现了技术问题。',
  filler: '请稍等。',
  stillThinking: '我还在查，感谢您的耐心等待。',
  recap: '抱歉，刚才线路断了一下。',
  callbackOffer: '如果您希望我们稍后再给您打电话，请按1。',
  callbackTaken: '好的，我们会再给您打电话，再见。',
};

const FRENCH: LineTexts = {
  greeting: ['Bonjour, ici {bot}, l’assistant virtuel de {company}.', 'Avez-vous un moment pour parler ?'],
  greetingAgain: ['Bonjour, c’est encore {bot} de {company}.', 'Pouvons-nous reprendre là où nous nous sommes arrêtés ?'],
  disclosures: {
    ai: 'Je suis une intelligence artificielle, et ma voix est artificielle.',
    opt_out: 'Si vous ne souhaitez plus être appelé, vous pouvez me le dire à tout moment.',
  },
  space: ' ',
  stillThere: 'Êtes-vous toujours là ?',
  goodbye: 'Merci pour votre temps. Au revoir.',
  apology: 'Je suis désolé, j’ai un problème technique.',
  filler: 'Un instant, s’il vous plaît.',
  stillThinking: 'Je cherche encore, merci de patienter.',
  recap: 'Pardon, nous avons été coupés un instant.',
  callbackOffer: 'Si vous souhaitez que nous vous rappelions, appuyez sur 1.',
  callbackTaken: 'Merci. Nous vous rappellerons. Au revoir.',
};

const BY_LANGUAGE: Readonly<Record<string, LineTexts>> = { en: ENGLISH, zh: CHINESE, fr: FRENCH };

interface Opening {
  /** The conversation goes on in a new call. */
  resumed: boolean;
  /** What the policies want said. */
  disclosures: readonly Disclosure[];
  /** The operator's own words. */
  legalNotice: string | null;
}

/**
 * The engine's own lines in the language of the call; in English where we have none. What a policy wants said goes, after who calls, into the notice: it cannot be
 * interrupted, and is said again where it was not heard. The greeting is then only the question.
 */
export function callLines(initiate: Pick<Initiate, 'bot_name' | 'bot_company' | 'lang'>, opening: Opening): CallLines {
  const language = initiate.lang.default_short_code.split('-')[0] ?? 'en';
  const { greeting, greetingAgain, disclosures, space, ...lines } = BY_LANGUAGE[language] ?? ENGLISH;
  const { legalNotice } = opening;
  const [introduction, question] = opening.resumed ? greetingAgain : greeting;
  const missing = missingDisclosures(opening.disclosures, legalNotice, { company: initiate.bot_company, language });
  if (missing.length === 0)
    return { ...lines, greeting: fill(introduction + space + question, initiate), legalNotice: legalNotice ?? undefined };
  const demanded = missing.flatMap((what) => (what === 'identity' ? [] : disclosures[what]));
  const own = legalNotice === null ? [] : [legalNotice];
  return { ...lines, greeting: question, legalNotice: [fill(introduction, initiate), ...demanded, ...own].join(space) };
}

function fill(text: string, { bot_name, bot_company }: Pick<Initiate, 'bot_name' | 'bot_company'>): string {
  return text.replaceAll('{bot}', () => bot_name).replaceAll('{company}', () => bot_company);
}
