import { TextMask } from '../log/text-mask.js';
import { questionTypeOf, takesYesOrNo } from './question-type.js';

describe.each([
  ['en-US', 'Could you spell that for me, please?', 'spelling', true],
  ['en-US', 'Good. What is your e-mail address?', 'email', false],
  ['en-US', 'And your email, please?', 'email', true],
  ['en-US', 'What are its last four digits?', 'number', false],
  ['en-US', 'Thank you. Shall I call you on Tuesday?', 'yes-no', true],
  ['en-US', 'Then you still live in Springfield, right?', 'yes-no', true],
  ['en-US', 'And are you at home on Tuesday?', 'other', true],
  ['en-US', 'So you live in Springfield?', 'other', true],
  ['en-US', 'So would you like to know how it works?', 'other', true],
  ['en-US', 'So what would you like to know?', 'other', false],
  ['en-US', 'At what time shall we come?', 'other', false],
  ['en-US', 'Is that so? I see. We come on Tuesday.', 'other', true],
  ['en-US', 'How is that? I see. We come on Tuesday.', 'other', false],
  ['zh-CN', '我们星期二上午给您打电话，您看可以吗？', 'yes-no', true],
  ['zh-CN', '您要不要我们给您打个电话？', 'other', true],
  ['zh-CN', '请问您住在哪里？', 'other', false],
  ['zh-CN', '没问题，您的电话是？', 'number', true],
  ['zh-CN', '没问题，请问您的号码是多少？', 'number', false],
  ['fr-FR', 'Et est-ce que mardi vous convient ?', 'other', true],
  ['fr-FR', 'Vous êtes à la maison mardi ?', 'other', true],
  ['fr-FR', 'Et comment vous appelez-vous ?', 'other', false],
  ['fr-FR', 'Quels sont les derniers chiffres ?', 'number', false],
  ['de-DE', 'Passt es Ihnen am Dienstag?', 'other', true], // whose words we do not know
])('%s: %s', (language, line, type, yesOrNo) => {
  it(`asks for ${type}, and a "yes" over it is ${yesOrNo ? 'an answer' : 'none'}`, () => {
    expect([questionTypeOf(line, language), takesYesOrNo(line, language)]).toEqual([type, yesOrNo]);
  });

  it('asks for the same where its words are masked', () => {
    const masked = new TextMask().agent(line);
    expect([questionTypeOf(masked, language), takesYesOrNo(masked, language)]).toEqual([type, yesOrNo]);
  });
});
