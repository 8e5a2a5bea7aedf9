import { VirtualClock } from './virtual-clock.js';

describe('the virtual clock', () => {
  it('fires timers in the order of their times, at their times', async () => {
    const clock = new VirtualClock(100);
    const fired: string[] = [];
    clock.setTimer(300, () => fired.push(`b@${clock.now()}`));
    clock.setTimer(200, () => fired.push(`a@${clock.now()}`));
    clock.setTimer(300, () => fired.push(`c@${clock.now()}`));
    clock.setTimer(301, () => fired.push('never'));
    await clock.advance(200);
    expect(fired).toEqual(['a@200', 'b@300', 'c@300']);
    expect(clock.now()).toBe(300);
    expect(clock.pending).toBe(1);
  });

  it('settles promises between two timers, and takes the timers they set', async () => {
    const clock = new VirtualClock();
    const seen: number[] = [];
    const wait = (ms: number): Promise<void> => new Promise((resolve) => clock.setTimer(clock.now() + ms, resolve));
    const task = (async () => {
      for (let step = 0; step < 3; step += 1) {
        await wait(10);
        seen.push(clock.now());
      }
    })();
    await clock.advanceTo(100);
    await task;
    expect(seen).toEqual([10, 20, 30]);
  });

  it('fires late what falls due while the loop is blocked', async () => {
    const clock = new VirtualClock();
    const fired: string[] = [];
    clock.setTimer(50, () => {
      fired.push(`a@${clock.now()}`);
      clock.block(200);
    });
    clock.setTimer(100, () => fired.push(`b@${clock.now()}`));
    clock.setTimer(300, () => fired.push(`c@${clock.now()}`));
    await clock.advanceTo(300);
    expect(fired).toEqual(['a@50', 'b@250', 'c@300']);
  });

  it('forgets what was cancelled, and fires what is overdue', async () => {
    const clock = new VirtualClock(100);
    const fired: string[] = [];
    clock.setTimer(150, () => fired.push('no')).cancel();
    clock.setTimer(50, () => fired.push(`late@${clock.now()}`));
    await clock.advance(0);
    expect(fired).toEqual(['late@100']);
  });
});
