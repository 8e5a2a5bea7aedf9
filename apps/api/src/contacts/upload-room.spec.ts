import { UploadRoom } from './upload-room.js';

const open = () => {
  let finish: () => void = () => undefined;
  const done = new Promise<void>((resolve) => (finish = resolve));
  return { done, finish };
};
const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('a room for two uploads', () => {
  it('lets the third wait until one of them is over, and then in', async () => {
    const room = new UploadRoom(2, 60_000);
    const [first, second] = [open(), open()];
    const read: string[] = [];
    const entered = [room.enter(() => first.done), room.enter(() => second.done)];
    const third = room.enter(async () => void read.push('third'));
    const fourth = room.enter(async () => void read.push('fourth'));
    await settled();
    expect(read).toEqual([]);
    first.finish();
    await Promise.all([entered[0], third, fourth]);
    expect(read).toEqual(['third', 'fourth']);
    second.finish();
    await entered[1];
  });

  it('refuses who has waited too long, and says when to come again', async () => {
    const room = new UploadRoom(2, 0);
    const [first, second] = [open(), open()];
    const entered = [room.enter(() => first.done), room.enter(() => second.done)];
    await expect(room.enter(async () => undefined)).rejects.toMatchObject({ code: 'too_many_uploads', status: 503, retryAfterMs: 30_000 });
    [first, second].forEach(({ finish }) => finish());
    await Promise.all(entered);
    await expect(room.enter(async () => 'there is room again')).resolves.toBe('there is room again');
  });

  it('frees the place of an upload that fails', async () => {
    const room = new UploadRoom(1, 0);
    await expect(room.enter(() => Promise.reject(new Error('cut off')))).rejects.toThrow('cut off');
    await expect(room.enter(async () => 'in')).resolves.toBe('in');
  });
});
