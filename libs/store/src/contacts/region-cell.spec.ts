import { mayDialBucket, placeOf } from '@carillon/campaigns';
import { placeInRegion, readRegion } from './region-cell.js';

describe('a region is read', () => {
  it.each([
    ['CN-31', 'CN', '31'],
    ['31', 'CN', '31'],
    ['sh', 'CN', 'SH'],
    ['上海市', 'CN', 'SH'],
    ['广西壮族自治区', 'CN', 'GX'],
    ['Guangdong Province', 'CN', 'GD'],
    ['Inner Mongolia', 'CN', 'NM'],
    ['内蒙', 'CN', 'NM'],
    ['Guangxi Zhuang', 'CN', 'GX'],
    ['新疆维吾尔', 'CN', 'XJ'],
    ['粤', 'CN', 'GD'],
    ['440000', 'CN', '44'],
    ['650102', 'CN', '65'],
    ['US-FL', 'US', 'FL'],
    ['US-PR', 'US', 'PR'],
    ['US-PR', 'PR', 'PR'],
    ['us-vi', 'VI', 'VI'],
    ['Guam', 'GU', 'GU'],
    ['AS', 'AS', 'AS'],
    ['US-MP', 'MP', 'MP'],
    ['Florida', 'US', 'FL'],
    ['DE-BY', 'DE', 'BY'],
    ['by', 'DE', 'BY'],
  ])('%s of %s as %s', (text, country, code) => {
    expect(readRegion(text, country)).toMatchObject({ code });
  });

  it.each([
    ['US-FL', 'CN'],
    ['CN-99', 'CN'],
    ['the east', 'CN'],
    ['广州', 'CN'],
    ['990000', 'CN'],
    ['US-PR', 'GU'],
    ['', 'CN'],
    ['Bayern', 'DE'],
    ['CN-31', 'US'],
    ['31', null],
  ])('%s of %s as none', (text, country) => {
    expect(readRegion(text, country)).toBeNull();
  });
});

it('Policy cn lets a number in Shanghai pass by its region, and none of which the region is unknown, or that is in Xinjiang', () => {
  const place = placeOf('+8613812345678');
  const allowed = (text: string | null) => {
    const region = text === null ? null : readRegion(text, 'CN');
    const bucket = { ...place, ...(region && placeInRegion(place, region)), consent: 'express' };
    const now = new Date('2026-03-04T02:00:00Z'); // 10:00 in Beijing
    const { allowed: yes, reasons } = mayDialBucket({ now, campaign: null, tenantPolicies: ['cn'], bucket });
    return yes || reasons.map(({ code }) => code);
  };
  expect(['CN-31', '上海', null, 'CN-65', '新疆'].map(allowed)).toEqual([
    true,
    true,
    ['region_blocked'],
    ['region_blocked'],
    ['region_blocked'],
  ]);
});
