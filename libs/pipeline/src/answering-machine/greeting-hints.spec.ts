import { countWords, findHints } from './greeting-hints.js';

const strongest = (text: string, language: string): string => {
  const found = findHints(text, language).map(({ strength }) => strength);
  return (['person', 'sure', 'likely'] as const).find((each) => found.includes(each)) ?? 'none';
};

it.each([
  ['en-US', "Hi, you've reached John. Please leave a message after the beep."],
  ['en-US', 'please leave your name and number'],
  ['en-GB', 'The person you are calling is not available.'],
  ['en-US', 'for sales, press 1'],
  ['zh-CN', '您好，您拨打的用户暂时无法接通，请稍后再拨。'],
  ['zh-CN', '请在滴声后留言'],
  ['zh-TW', '您 拨打 的 电话 已关机'],
  ['zh-CN', '这里是李明的语音信箱'],
  ['de-DE', 'Bitte hinterlassen Sie eine Nachricht nach dem Signalton.'],
  ['fr-FR', 'Veuillez laisser un message après le bip sonore.'],
  ['fr-FR', "Vous êtes bien sur la messagerie vocale d'Anne."],
  ['es-ES', 'Por favor, deje su mensaje después de la señal.'],
  ['es-MX', 'El número que usted marcó no está disponible.'],
])('only machines say in %s: %s', (language, text) => {
  expect(strongest(text, language)).toBe('sure');
});

it.each([
  ['en-US', 'Who is this?'],
  ['en-US', 'Acme, John speaking, how can I help you?'],
  ['en-US', 'She is not available right now, can I take a message?'],
  ['en-US', 'would you like to leave a message'],
  ['en-US', 'if you record your name and the reason for calling, I will see if this person is available'],
  ['en-US', 'the person you are calling is using a screening service'],
  ['zh-CN', '喂，哪位？'],
  ['zh-CN', '他不在，要不要我帮您留言？'],
  ['de-DE', 'Müller am Apparat'],
])('people say in %s: %s', (language, text) => {
  expect(strongest(text, language)).toBe('person');
});

it.each([
  ['en-US', 'hello?'],
  ['en-US', 'yes, this is John'],
  ['zh-CN', '喂，你好'],
  ['de-DE', 'Hallo, Müller'],
  ['fr-FR', 'allô, oui ?'],
  ['es-ES', '¿sí? dígame'],
  ['en-US', ''],
])('nothing is told in %s by: %s', (language, text) => {
  expect(strongest(text, language)).toBe('none');
});

it('a language without words of its own is searched for those of all', () => {
  expect(strongest('please leave a message after the tone', 'pt-BR')).toBe('sure');
});

it('Chinese is counted by characters', () => {
  expect([countWords('hello, who is this?'), countWords('喂，你好')]).toEqual([4, 3]);
});
