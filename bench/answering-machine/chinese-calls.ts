import type { SeededRandom } from '@carillon/simulator/greetings';
import type { SpokenPart } from './compose-call.js';
import type { VoiceEdge } from './hear-voice.js';

/** A call in Chinese at the level of words and cadence: no voice here speaks it, so nothing sounds. */
export interface WrittenCall {
  who: 'person' | 'machine';
  parts: SpokenPart[];
  voice: VoiceEdge[];
  agent: { startedAt: number; endedAt: number }[];
  endsAt: number;
}

type Lines = readonly (readonly string[])[];

/** Those that the hints were made with, and others of the same kind, written afterwards and not looked at before measuring. */
const LINES: Record<'development' | 'measuring', { person: Lines; machine: Lines }> = {
  development: {
    person: [
      ['喂'],
      ['喂，你好'],
      ['你好，哪位'],
      ['喂，您好，请问您找谁'],
      ['您好，这里是春天花店，请问有什么可以帮您'],
      ['您好，他现在不在，要不要我帮您留言'],
      ['喂？哪里'],
      ['诶，你好'],
      ['喂，我是王芳'],
      ['您好，阳光装修公司，请讲'],
      ['喂，等一下啊，我这边有点吵，好了您说'],
      ['你好，经理在开会，需要我转告吗'],
    ],
    machine: [
      ['您好，您拨打的用户暂时无法接通，请稍后再拨。'],
      ['您拨打的电话已关机，请稍后再拨。'],
      ['您好，我现在不方便接听电话，请在提示音后留言，我会尽快给您回电。'],
      ['您好，这里是李明的语音信箱，', '请在滴声后留言。'],
      ['对不起，您拨打的号码是空号，请核对后再拨。'],
      ['您好，您呼叫的用户正忙，请稍后再试。'],
      ['你好，我是张伟，现在没办法接电话，', '听到嘀的一声之后请留言，我会跟你联系。'],
      ['您拨的用户不在服务区，请稍后再拨。'],
      ['感谢致电阳光公司，我们现在已经下班，', '请在信号音后留下您的姓名和电话。'],
      ['您好，机主无人接听，来电提醒服务将以短信通知机主。'],
    ],
  },
  measuring: {
    person: [
      ['喂，谁呀'],
      ['您好，说吧'],
      ['喂，我在开车，你快点说'],
      ['你好，红星超市，要点什么'],
      ['喂，听得清楚吗，我这里信号不太好'],
      ['您好，刘医生不在办公室，您是预约还是咨询'],
    ],
    machine: [
      ['您好，您所拨打的电话暂时无人接听，请稍后再拨。'],
      ['对不起，对方的手机已经关机，', '如需留言，请在嘟声后开始。'],
      ['你好，我是陈静，我暂时走不开，', '有事请给我留言，我看到以后马上回复你。'],
      ['您好，欢迎致电东方银行，', '个人业务请按一，公司业务请按二。'],
      ['您拨叫的用户已启用来电助手，请留下您要说的话。'],
    ],
  },
};

const CHARACTER_MS = 215;
const NOTICED_LATER_MS = 100;
const REPLIES = ['好的', '嗯，你说', '什么事', '不好意思，你是哪里', '可以'];
const OUR_LINE_MS = 4_000;

export function drawChineseCall(set: keyof typeof LINES, who: WrittenCall['who'], random: SeededRandom): WrittenCall {
  const call: WrittenCall = { who, parts: [], voice: [], agent: [{ startedAt: 60, endedAt: OUR_LINE_MS }], endsAt: 0 };
  let now = random.between(150, 1_500);
  const say = (text: string) => {
    const startedAt = now;
    now += [...text].length * CHARACTER_MS * (0.85 + 0.3 * random.next());
    call.parts.push({ text, startedAt, endedAt: now });
    call.voice.push({ speaking: true, at: startedAt, noticedAt: startedAt + NOTICED_LATER_MS });
    call.voice.push({ speaking: false, at: now, noticedAt: now + NOTICED_LATER_MS });
  };
  for (const [index, part] of random.pick<readonly string[]>(LINES[set][who]).entries()) {
    if (index > 0) now += random.between(200, 600);
    say(part);
  }
  if (who === 'person') {
    now = Math.max(now, OUR_LINE_MS) + random.between(300, 1_200);
    say(random.pick(REPLIES));
  }
  return { ...call, endsAt: now + OUR_LINE_MS };
}
