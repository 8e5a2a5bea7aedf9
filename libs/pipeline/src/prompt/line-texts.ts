import { baseLanguage } from '@carillon/contracts';
import { lineLanguage, type LineBook } from './line-book.js';

/** Who calls and the question that hands over the word, anew and for a person whose conversation goes on in a new call; `{bot}` and `{company}` are filled in. */
const ENGLISH = {
  introduction: 'Hello, this is {bot}, the virtual assistant of {company}.',
  question: 'Do you have a moment to talk?',
  introductionAgain: 'Hello again, this is {bot} of {company}.',
  questionAgain: 'Shall we go on where we stopped?',
  ai: 'I am an AI, and my voice is artificial.',
  opt_out: 'If you do not want to be called again, you can tell me so at any time.',
  stillThere: 'Are you still there?',
  goodbye: 'Thank you for your time. Goodbye.',
  apology: 'I am sorry, I have a technical problem.',
  filler: 'One moment, please.',
  stillThinking: 'I am still looking into it. Thank you for waiting.',
  recap: 'Sorry, we were cut off for a moment.',
  handOver: 'One moment, I am putting you through to a colleague.',
  callbackOffer: 'If you would like us to call you again, please press 1.',
  callbackTaken: 'Thank you. We will call you again. Goodbye.',
};

/** The engine's own texts, each under a name that tells what it is for. */
export type LineTexts = Readonly<Record<keyof typeof ENGLISH, string>>;

const CHINESE: LineTexts = {
  introduction: '您好，我是{company}的虚拟助理{bot}。',
  question: '请问您现在方便说话吗？',
  introductionAgain: '您好，我是{company}的{bot}。',
  questionAgain: '我们继续刚才的话题，好吗？',
  ai: '我是人工智能，声音由电脑合成。',
  opt_out: '如果您不想再接到我们的电话，可以随时告诉我。',
  stillThere: '请问您还在吗？',
  goodbye: '感谢您的时间，再见。',
  apology: '抱歉，我这边出现了技术问题。',
  filler: '请稍等。',
  stillThinking: '我还在查，感谢您的耐心等待。',
  recap: '抱歉，刚才线路断了一下。',
  handOver: '请稍等，我为您转接同事。',
  callbackOffer: '如果您希望我们稍后再给您打电话，请按1。',
  callbackTaken: '好的，我们会再给您打电话，再见。',
};

const FRENCH: LineTexts = {
  introduction: 'Bonjour, ici {bot}, l’assistant virtuel de {company}.',
  question: 'Avez-vous un moment pour parler ?',
  introductionAgain: 'Bonjour, c’est encore {bot} de {company}.',
  questionAgain: 'Pouvons-nous reprendre là où nous nous sommes arrêtés ?',
  ai: 'Je suis une intelligence artificielle, et ma voix est artificielle.',
  opt_out: 'Si vous ne souhaitez plus être appelé, vous pouvez me le dire à tout moment.',
  stillThere: 'Êtes-vous toujours là ?',
  goodbye: 'Merci pour votre temps. Au revoir.',
  apology: 'Je suis désolé, j’ai un problème technique.',
  filler: 'Un instant, s’il vous plaît.',
  stillThinking: 'Je cherche encore, merci de patienter.',
  recap: 'Pardon, nous avons été coupés un instant.',
  handOver: 'Un instant, je vous passe un collègue.',
  callbackOffer: 'Si vous souhaitez que nous vous rappelions, appuyez sur 1.',
  callbackTaken: 'Merci. Nous vous rappellerons. Au revoir.',
};

const BUILT_IN: Readonly<Record<string, LineTexts>> = { en: ENGLISH, zh: CHINESE, fr: FRENCH };

/** What is translated into the languages that have no texts of their own here. */
export const ENGLISH_LINES: LineTexts = ENGLISH;

/** Nothing of the engine's is to be translated into this language. */
export const isBuiltIn = (language: string): boolean => BUILT_IN[lineLanguage(language)] !== undefined;

/** In the language of the code; where the book has not all of them yet, as its base language has them, or in English. Never half in one and half in another. */
export function lineTexts(languageCode: string, book: LineBook): LineTexts {
  const language = lineLanguage(languageCode);
  return BUILT_IN[language] ?? translated(language, book) ?? BUILT_IN[baseLanguage(languageCode)] ?? ENGLISH;
}

function translated(language: string, book: LineBook): LineTexts | null {
  const texts: Record<string, string> = {};
  for (const [name, text] of Object.entries(ENGLISH)) {
    const translation = book.find(language, text, null);
    if (translation === undefined) return null;
    texts[name] = translation;
  }
  return { ...ENGLISH, ...texts };
}
