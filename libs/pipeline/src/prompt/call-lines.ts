import type { Initiate } from '@carillon/contracts';
import type { CallLines } from '../turn/conversation-rules.js';

/** `{bot}` and `{company}` are filled in. `greetingAgain` greets a person whose conversation goes on in a new call. */
type LineTexts = CallLines & { greetingAgain: string };

const ENGLISH: LineTexts = {
  greeting: 'Hello, this is {bot}, the virtual assistant of {company}. Do you have a moment to talk?',
  greetingAgain: 'Hello again, this is {bot} of {company}. Shall we go on where we stopped?',
  stillThere: 'Are you still there?',
  goodbye: 'Thank you for your time. Goodbye.',
  apology: 'I am sorry, I have a technical problem.',
  filler: 'One moment, please.',
  stillThinking: 'I am still looking into it. Thank you for waiting.',
  recap: 'Sorry, we were cut off for a moment.',
};

const CHINESE: LineTexts = {
  greeting: '您好，我是{company}的虚拟助理{bot}。请问您现在方便说话吗？',
  greetingAgain: '您好，我是{company}的{bot}。我们继续刚才的话题，好吗？',
  stillThere: '请问您还在吗？',
  goodbye: '感谢您的时间，再见。',
  apology: '抱歉，我这边出现了技术问题。',
  filler: '请稍等。',
  stillThinking: '我还在查，感谢您的耐心等待。',
  recap: '抱歉，刚才线路断了一下。',
};

const FRENCH: LineTexts = {
  greeting: 'Bonjour, ici {bot}, l’assistant virtuel de {company}. Avez-vous un moment pour parler ?',
  greetingAgain: 'Bonjour, c’est encore {bot} de {company}. Pouvons-nous reprendre là où nous nous sommes arrêtés ?',
  stillThere: 'Êtes-vous toujours là ?',
  goodbye: 'Merci pour votre temps. Au revoir.',
  apology: 'Je suis désolé, j’ai un problème technique.',
  filler: 'Un instant, s’il vous plaît.',
  stillThinking: 'Je cherche encore, merci de patienter.',
  recap: 'Pardon, nous avons été coupés un instant.',
};

const BY_LANGUAGE: Readonly<Record<string, LineTexts>> = { en: ENGLISH, zh: CHINESE, fr: FRENCH };

/** The engine's own lines in the language of the call; in English where we have none. */
export function callLines(initiate: Pick<Initiate, 'bot_name' | 'bot_company' | 'lang'>, resumed: boolean): CallLines {
  const language = initiate.lang.default_short_code.split('-')[0] ?? 'en';
  const { greetingAgain, ...lines } = BY_LANGUAGE[language] ?? ENGLISH;
  const greeting = fill(resumed ? greetingAgain : lines.greeting, initiate);
  return { ...lines, greeting };
}

function fill(text: string, { bot_name, bot_company }: Pick<Initiate, 'bot_name' | 'bot_company'>): string {
  return text.replaceAll('{bot}', () => bot_name).replaceAll('{company}', () => bot_company);
}
