import { previewContacts } from './preview-contacts.js';

async function* pieces(...texts: (string | Buffer)[]) {
  for (const text of texts) yield Buffer.from(text);
}
const preview = (file: AsyncIterable<Uint8Array>, mapping = {}) => previewContacts(file, { defaultRegion: 'US', mapping });

describe('the preview of an upload', () => {
  it('shows how it would be read', async () => {
    const file = 'Name;Phone;Zeitzone;State\nAnn;(305) 555-0132;;FL\nBob;soon;;\nCy;+4930901820;Europe/Berlin;\n';
    expect(await preview(pieces(file))).toEqual({
      encoding: 'utf-8',
      delimiter: ';',
      header: ['Name', 'Phone', 'Zeitzone', 'State'],
      mapping: {
        phone: { column: 'Phone', confidence: 1 },
        time_zone: { column: 'Zeitzone', confidence: 1 },
        region: { column: 'State', confidence: 1 },
        consent: null,
      },
      variables: ['Name', 'State'],
      rows: [
        {
          ...{ line: 2, phone_number: '+13055550132', country: 'US', regions: ['FL'], time_zones: ['America/New_York'], consent: null },
          variables: { Name: 'Ann', State: 'FL' },
        },
        {
          ...{ line: 4, phone_number: '+4930901820', country: 'DE', regions: [], time_zones: ['Europe/Berlin'], consent: null },
          variables: { Name: 'Cy', State: '' },
        },
      ],
      region_not_read: 0,
      faults: [{ line: 3, column: 'Phone', reason: expect.stringContaining('"soon"') }],
    });
  });

  it('counts the regions that it cannot read', async () => {
    const file = 'phone,province\n+8613812345678,广州\n+8613812345679,广东\n+8613812345670,\n';
    expect(await preview(pieces(file))).toMatchObject({
      region_not_read: 1,
      rows: [{ regions: [] }, { regions: ['GD'] }, { regions: [] }],
    });
  });

  it('suggests the column that looks like phone numbers, and none where nothing does', async () => {
    const guessed = await preview(pieces('who,reach\nAnn,415 555 0132\nBob,415 555 0133\n'));
    expect(guessed).toMatchObject({ mapping: { phone: { column: 'reach', confidence: 0.9 } }, rows: [{ line: 2 }, { line: 3 }] });
    expect(await preview(pieces('who,city\nAnn,Oslo\n'))).toMatchObject({ mapping: { phone: null }, rows: [] });
  });

  it('goes by the mapping that is given', async () => {
    const given = await preview(pieces('phone,other\n1,415 555 0132\n'), { phone: 'other', ignore: ['phone'] });
    expect(given).toMatchObject({ mapping: { phone: { column: 'other' } }, variables: [], rows: [{ phone_number: '+14155550132' }] });
    await expect(preview(pieces('phone\n1\n'), { phone: 'nowhere' })).rejects.toMatchObject({ code: 'invalid_body' });
  });

  it('looks at the beginning only, and not at half a row', async () => {
    let sent = 0;
    async function* long() {
      for (; sent < 1e9; sent += 70_000) yield Buffer.from(sent === 0 ? 'phone\n' : '+14155550132\n'.repeat(5_400));
    }
    const { rows, faults } = await preview(long());
    expect([rows.length, faults, sent < 300_000]).toEqual([20, [], true]);
  });
});
