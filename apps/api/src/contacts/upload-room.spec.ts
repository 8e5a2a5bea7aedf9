import { openUploadRooms, UploadRoom } from './upload-room.js';

const open = () => {
  let finish: () => void = () => undefined;
  const done = new Promise<void>((resolve) => (finish = resolve));
  return { done, finish };
};
const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('a room for two uploads', () => {
  it('lets the third wait until one of them is over, and then in', async () => {
    const room = new UploadRoom({ places: 2, perTenant: 2 }, 60_000);
    const [first, second] = [open(), open()];
    const read: string[] = [];
    const entered = [room.enter('a', () => first.done), room.enter('a', () => second.done)];
    const third = room.enter('a', async () => void read.push('third'));
    const fourth = room.enter('a', async () => void read.push('fourth'));
    await settled();
    expect(read).toEqual([]);
    first.finish();
    await Promise.all([entered[0], third, fourth]);
    expect(read).toEqual(['third', 'fourth']);
    second.finish();
    await entered[1];
  });

  it('refuses who has waited too long, and says when to come again', async () => {
    const room = new UploadRoom({ places: 2, perTenant: 2 }, 0);
    const [first, second] = [open(), open()];
    const entered = [room.enter('a', () => first.done), room.enter('a', () => second.done)];
    await expect(room.enter('a', async () => undefined)).rejects.toMatchObject({
      code: 'too_many_uploads',
      status: 503,
      retryAfterMs: 30_000,
    });
    [first, second].forEach(({ finish }) => finish());
    await Promise.all(entered);
    await expect(room.enter('a', async () => 'there is room again')).resolves.toBe('there is room again');
  });

  it('frees the place of an upload that fails', async () => {
    const room = new UploadRoom({ places: 1, perTenant: 1 }, 0);
    await expect(room.enter('a', () => Promise.reject(new Error('cut off')))).rejects.toThrow('cut off');
    await expect(room.enter('a', async () => 'in')).resolves.toBe('in');
  });

  it('keeps one for others than the tenant who has taken all that it may', async () => {
    const room = new UploadRoom({ places: 3, perTenant: 2 }, 60_000);
    const files = [open(), open(), open(), open()];
    const read: string[] = [];
    const uploads = files.map(({ done }, n) => room.enter('a', async () => (read.push(`a${n}`), done)));
    await room.enter('b', async () => void read.push('b'));
    expect(read).toEqual(['a0', 'a1', 'b']);
    files.forEach(({ finish }) => finish());
    await Promise.all(uploads);
    expect(read).toEqual(['a0', 'a1', 'b', 'a2', 'a3']);
  });

  it('tells a tenant that its own uploads are in the way', async () => {
    const room = new UploadRoom({ places: 2, perTenant: 1 }, 0);
    const first = open();
    const entered = room.enter('a', () => first.done);
    const fields = [{ field: 'file', message: expect.stringContaining('Your other uploads') }];
    await expect(room.enter('a', async () => undefined)).rejects.toMatchObject({ code: 'too_many_uploads', fields });
    first.finish();
    await entered;
  });
});

describe('the rooms of the api', () => {
  it('keep two places for the blacklist, whatever campaigns are filled with', async () => {
    const rooms = openUploadRooms(0);
    const file = open();
    const imports = ['a', 'a', 'a', 'b', 'b', 'b'].map((tenant) => rooms.imports.enter(tenant, () => file.done));
    await expect(rooms.imports.enter('c', async () => undefined)).rejects.toMatchObject({ code: 'too_many_uploads' });
    const lists = ['a', 'b'].map((tenant) => rooms.blacklists.enter(tenant, () => file.done));
    file.finish();
    await Promise.all([...imports, ...lists]);
  });
});
