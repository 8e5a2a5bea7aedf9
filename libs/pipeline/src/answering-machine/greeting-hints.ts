import { baseLanguage } from '@carillon/contracts';

/**
 * What words tell about who picked up. `sure`: only a machine says so. `likely`: machines do, and now and then a person (a receptionist, a call
 * centre). `person`: only somebody who hears us says so, or a screening service behind which a person listens.
 */
export type HintStrength = 'sure' | 'likely' | 'person';

export interface GreetingHint {
  /** For the explanation of a verdict and for logs: our words, not the caller's. */
  name: string;
  strength: HintStrength;
  /** Over text as `plainText` leaves it. */
  pattern: RegExp;
}

const hint = (strength: HintStrength) => (name: string, pattern: RegExp) => ({ name, strength, pattern });
const sure = hint('sure');
const likely = hint('likely');
const person = hint('person');

const ENGLISH: readonly GreetingHint[] = [
  sure('after the tone', /\b(after|at|hear|for) (the|a) (tone|beep|signal)\b/),
  sure('leave a message', /(?<!\b(to|can|could|should|will|would|may|i|you) )\bleave (me |us )?(a|your) (\w+ )?message\b/),
  sure(
    'cannot come to the phone',
    /\b(cant|cannot|can not|unable to|not able to|could not|couldnt) ((come|get|make it) to (the|my) phone|(take|answer) (your|the) (phone |telephone )?call|answer (the|my) phone)\b/,
  ),
  sure(
    'name and number',
    /\bleave (me |us )?(a |your )?((brief |short |detailed )?message|name)( and|,)? (your )?(name|number|phone number|contact)/,
  ),
  sure('record your message', /\brecord (your|a) (\w+ )?message\b/),
  sure(
    'the person you called',
    // "… is using a screening service" goes on otherwise: then somebody listens
    /\bthe (person|party|number|customer|subscriber|user|mobile number|\w+ (customer|subscriber)) (that )?you\b.{0,40}\b(not|unavailable|unable|cannot|cant|has been|switched off|busy|away)\b/,
  ),
  sure('voice messaging system', /\b(automat\w+ )?voice messag\w+ (system|service)\b/),
  sure('press a key', /\bpress (zero|one|two|three|four|five|six|seven|eight|nine|\d|pound|star|hash|any key)\b/),
  sure('mailbox', /\b(voice )?mail ?box (is full|of|belonging|for|has not)\b/),
  sure('reached the voicemail', /\breached (the |my |our )?(\w+ ){0,3}(voice ?mail|mailbox|answering machine|answering service)\b/),
  sure('you know what to do', /\byou know (the drill|what to do)\b/),
  sure('no longer in service', /\b(not|no longer) in service\b|\bhas been disconnected\b|\bcannot be completed as dialed\b/),
  likely('voicemail', /\bvoice ?mail\b/),
  likely('you have reached', /\byou(ve| have) (reached|called|got through)\b|\bthis is the (voice|office) of\b/),
  likely('not available', /\b(not|isnt|arent|un) ?available\b|\bunavailable\b/),
  likely('cannot take the call', /\b(cant|cannot|can not|unable to|not able to|couldnt|could not) (get|come|take|answer|pick)\b/),
  likely('will call back', /\b(get|call|ring|come) (right |straight )?(you )?back( to you)?\b|\breturn (your|the) call\b/),
  likely('not at home', /\b(not|nobody|no one|nobody is|no one is) (at )?(home|in the office|here)\b|\b(isnt|arent) (home|here)\b/),
  likely('missed your call', /\bmissed (you|your)\b/),
  likely('office hours', /\b(office|business|opening) hours\b|\b(currently|now) closed\b|\bour hours are\b/),
  likely(
    'call is important',
    /\byour call is (very )?important\b|\bcalls? (may|will) be (recorded|answered in)\b|\bplease (hold|stay) (on )?the line\b/,
  ),
  likely('away from the phone', /\b(away from|near) (my|the) (phone|desk)\b|\bout of (the )?office\b|\bforwarded to\b/),
  person('asks who it is', /\bwho(s| is) (this|that|there|calling|speaking)\b|\bmay i ask who\b/),
  person('offers help', /\b(how|what) (can|may|could) (i|we) (help|do)\b|\bhow (can|may) i direct\b/),
  person(
    'offers to take a message',
    /\b(can|could|may|shall|should) i take (a|your) message\b|\b(like|want|wish|wanna) (me |him |her |us )?to (leave|take|give|put)\b/,
  ),
  person('speaking', /\bspeaking\b/),
  person('asks us to wait', /\b(hold on|hang on|one (moment|second|sec)|just a (moment|minute|second))\b/),
  person('can you hear me', /\bcan you hear me\b|\bwhat do you want\b|\bis (anybody|anyone|somebody) there\b/),
  person(
    'a screening service asks',
    /\b(record|say|state) your name and (the )?(reason|why)\b|\bscreening service\b|\bsee if (this|the) person is available\b/,
  ),
];

const CHINESE: readonly GreetingHint[] = [
  sure('after the tone', /(哔|滴|嘟|提示音|信号音|嘀)(的?一?声)?(响|之)?(后|以后|之后)/),
  sure('the subscriber you called', /(拨打|呼叫|拨叫)的|您拨的|(稍|核对)后再拨/),
  sure('please leave a message', /请(?!问)[^要]{0,8}(留言|留下)|(声|音|响|号)(之|以)?后.{0,3}(留|开始|录)|请录音|(给我|如需)留言/),
  sure('voice mailbox', /机主|短信通知|语音(信箱|邮箱|留言)|留言信箱|来电(提醒|助手|秘书)|电话秘书|全球呼/),
  sure('sorry, the subscriber', /(用户|电话|手机|机主)(已)?(关机|停机|正忙|无法接通|无人接听|暂时无法接通|不在服务区|正在通话)/),
  sure('empty number', /(是|为)空号/),
  sure('press a key', /请按(一|二|三|四|五|零|井号|星号|\d|#)|按(井号|星号)键/),
  likely('please call again later', /稍后再(试|打)/),
  likely('cannot take the call', /(不方便|无法|不能|没办法|没法)(接听|接)(您的)?(电话|来电)?|(不在|离开)(家|座位|办公室)/),
  likely('not available', /下班|不在服务区|(暂时)?无法接通|无人接听|已关机|已停机|正忙/),
  likely('will call back', /(会|将)?(尽快|尽早|马上|稍后)(给|跟|与|和)?(您|你)?(回电|回复|回电话|联系)|回电话给(您|你)/),
  likely('leave a message', /留言|留个言|留个口信/),
  person('asks who it is', /(哪位|您是谁|你是谁|谁啊|你谁|哪里的|贵姓)/),
  person('offers help', /(有什么|请问有什么)(事|可以帮|能帮|需要)|请讲|请说|什么事/),
  person('asks us to wait', /(稍等|等一下|等会儿|等等)(?!再)/),
  person('offers to take a message', /(要不要|需要|要)(我)?(帮您|帮你|给他|替您)?(留言|转告|带话|留个言)吗?/),
  person('can you hear me', /(听得到|听得见|能听到|听见)吗/),
];

const GERMAN: readonly GreetingHint[] = [
  sure('after the tone', /\bnach dem (signal|piep|ton|signalton|piepton|pfeifton)\b/),
  sure(
    'leave a message',
    /\b(hinterlassen|hinterlasst|sprechen) sie\b.{0,40}\b(nachricht|mailbox|band)\b|\bhinterlass\w* .{0,20}nachricht\b/,
  ),
  sure('mailbox', /\b(mailbox|anrufbeantworter|sprachbox|sprachnachricht)\b/),
  sure('the subscriber', /\b(der|die) (gewunschte|angerufene|gerufene) (gesprachspartner|teilnehmer|person|rufnummer)/),
  likely('not available', /\b(nicht|derzeit nicht|zurzeit nicht|momentan nicht) (erreichbar|da|verfugbar|zu erreichen|zu hause)\b/),
  likely('will call back', /\brufe?n? (ich |wir )?(sie |dich )?(so bald wie moglich )?zuruck\b/),
  person('asks who it is', /\bwer (ist da|spricht|ist dran)\b|\bam apparat\b|\bwas kann ich fur sie tun\b/),
];

const FRENCH: readonly GreetingHint[] = [
  sure('after the tone', /\bapres le (bip|signal|top)( sonore)?\b/),
  sure('leave a message', /\b(laissez|laisser)( moi| nous)? (un|votre) message\b/),
  sure('voicemail', /\b(messagerie( vocale)?|repondeur|boite vocale)\b/),
  sure('the subscriber', /\b(votre correspondant|le numero que vous (avez compose|demandez)|la personne que vous)\b/),
  likely(
    'not available',
    /\b(pas|indisponible|absent) ?(disponible|joignable|la)?\b.{0,20}\b(pour le moment|actuellement|moment)\b|\bindisponible\b/,
  ),
  likely('will call back', /\brappel\w* (des que|plus tard|au plus)/),
  person('asks who it is', /\bqui est (a l ?appareil|ce|la)\b|\bque puis je\b|\bc ?est de la part de qui\b/),
];

const SPANISH: readonly GreetingHint[] = [
  sure('after the tone', /\b(despues|despues|tras|al oir|al escuchar) (de |d)?(el |del? )?(tono|senal|bip|pitido)\b/),
  sure('leave a message', /\b(deje|deja|dejar|grabe|grabar)( me| nos)? (un|su|tu) (mensaje|recado|nombre)\b/),
  sure('voicemail', /\b(buzon|buzon|contestador|correo de voz)\b/),
  sure('the subscriber', /\b(el numero que (usted )?(ha marcado|marco)|el (cliente|abonado|usuario) (que|al que))\b/),
  likely('not available', /\b(no (esta|esta|se encuentra|estoy|puedo) (disponible|atender|contestar|en casa))\b|\bno disponible\b/),
  likely('will call back', /\b(devolver\w*|le llamar\w*|te llamar\w*|me pondre en contacto)\b/),
  person('asks who it is', /\b(quien (es|habla|llama)|de parte de quien|en que puedo)\b/),
];

const TABLES: Readonly<Record<string, readonly GreetingHint[]>> = { en: ENGLISH, zh: CHINESE, de: GERMAN, fr: FRENCH, es: SPANISH };
const ALL_TABLES = Object.values(TABLES).flat();

/** The hints in what the far end said, each once. A language without a table of its own is searched for all of them. */
export function findHints(text: string, language: string): GreetingHint[] {
  const plain = plainText(text, language);
  if (plain === '') return [];
  return tableOf(language).filter(({ pattern }) => pattern.test(plain));
}

/**
 * Lower case without accents (`\b` knows ASCII only) and punctuation; apostrophes join (`can't` → `cant`), but in French, where they part
 * words; Chinese loses its spaces too.
 */
function plainText(text: string, language: string): string {
  const apostrophe = baseLanguage(language) === 'fr' ? ' ' : '';
  const words = text
    .normalize('NFKD')
    .replaceAll(/\p{M}+/gu, '')
    .toLowerCase()
    .replaceAll('ß', 'ss')
    .replaceAll(/['’`]/g, apostrophe)
    .replaceAll(/[^\p{L}\p{N}#]+/gu, ' ')
    .trim();
  return words.replaceAll(/(?<=\p{Script=Han}) | (?=\p{Script=Han})/gu, '');
}

function tableOf(language: string): readonly GreetingHint[] {
  return TABLES[baseLanguage(language)] ?? ALL_TABLES;
}

/** Words, or characters where words are not parted: how much text there is, whatever it says. */
export function countWords(text: string): number {
  return [...text.matchAll(/\p{Script=Han}|[\p{L}\p{N}'’]+/gu)].length;
}
