// What tools/compile-number-plan.mjs puts right in libphonenumber's data. Wrong zones ring people at night, so doubt widens the set.

/** Names that the time zone database has given up. */
export const ZONE_NAMES = {
  'Africa/Asmera': 'Africa/Asmara',
  'America/Buenos_Aires': 'America/Argentina/Buenos_Aires',
  'America/Catamarca': 'America/Argentina/Catamarca',
  'America/Coral_Harbour': 'America/Atikokan',
  'America/Cordoba': 'America/Argentina/Cordoba',
  'America/Godthab': 'America/Nuuk',
  'America/Indianapolis': 'America/Indiana/Indianapolis',
  'America/Jujuy': 'America/Argentina/Jujuy',
  'America/Louisville': 'America/Kentucky/Louisville',
  'America/Mendoza': 'America/Argentina/Mendoza',
  'Asia/Calcutta': 'Asia/Kolkata',
  'Asia/Choibalsan': 'Asia/Ulaanbaatar',
  'Asia/Katmandu': 'Asia/Kathmandu',
  'Asia/Rangoon': 'Asia/Yangon',
  'Asia/Saigon': 'Asia/Ho_Chi_Minh',
  'Atlantic/Faeroe': 'Atlantic/Faroe',
  'Europe/Kiev': 'Europe/Kyiv',
  'Pacific/Enderbury': 'Pacific/Kanton',
  'Pacific/Ponape': 'Pacific/Pohnpei',
  'Pacific/Truk': 'Pacific/Chuuk',
};

/**
 * Zones in which nobody of that country's numbering plan is rung: stations in the ice and Danmarkshavn; the unofficial time of Xinjiang;
 * Crimea, whose numbers begin with +7.
 */
export const UNUSED_ZONES = /^(?:Antarctica\/.*|America\/Danmarkshavn|Asia\/Urumqi|Europe\/Simferopol)$/;

/** Prefixes that need zones of their own. Magallanes and Aysén keep the summer time of Chile all year (since 2016 and 2025). */
export const PREFIX_ZONES = {
  5661: 'America/Punta_Arenas',
  5667: 'America/Coyhaique',
};

/** Zones that stand in for others with other clocks: under these prefixes `zone` means `meant`. */
export const STAND_INS = [
  // The Northern Territory has no summer time, Adelaide has; the shared 08 does not tell them apart.
  { prefix: /^618/, zone: 'Australia/Adelaide', meant: ['Australia/Adelaide', 'Australia/Darwin'] },
  // Kaliningrad has no summer time, Bucharest has. Abkhazia (7 840) is on Moscow time.
  { prefix: /^740/, zone: 'Europe/Bucharest', meant: ['Europe/Kaliningrad'] },
  { prefix: /^7840/, zone: 'Europe/Bucharest', meant: ['Europe/Moscow'] },
  // Southern Idaho and the corner of Oregon beside it.
  { prefix: /^1(?:208|541)/, zone: 'America/Denver', meant: ['America/Boise'] },
  // Labrador has summer time, Puerto Rico has none.
  { prefix: /^1709/, zone: 'America/Puerto_Rico', meant: ['America/Halifax'] },
  // The Yukon left the time of Vancouver in 2020; whether the Northwest Territories follow Alberta is not settled.
  { prefix: /^1867/, zone: 'America/Fort_Nelson', meant: ['America/Whitehorse'] },
  { prefix: /^1867/, zone: 'America/Vancouver', meant: ['America/Whitehorse'] },
  { prefix: /^1867/, zone: 'America/Edmonton', meant: ['America/Edmonton', 'America/Inuvik'] },
];

/** Area codes and those laid over the same land (North American Numbering Plan Administrator, Canadian Numbering Administrator). */
export const OVERLAYS = {
  208: ['986'],
  250: ['236', '257', '672', '778'],
  270: ['364'],
  306: ['474', '639'],
  407: ['689'],
  418: ['273', '367', '581'],
  541: ['458'],
  709: ['879'],
  812: ['930'],
  850: ['448'],
};

/** Names of states, provinces and territories as libphonenumber writes them → second part of ISO 3166-2. */
export const STATES = {
  Alabama: 'AL',
  Alaska: 'AK',
  Arizona: 'AZ',
  Arkansas: 'AR',
  California: 'CA',
  Colorado: 'CO',
  Connecticut: 'CT',
  Delaware: 'DE',
  Florida: 'FL',
  Georgia: 'GA',
  Hawaii: 'HI',
  Idaho: 'ID',
  Illinois: 'IL',
  Indiana: 'IN',
  Iowa: 'IA',
  Kansas: 'KS',
  Kentucky: 'KY',
  Louisiana: 'LA',
  Maine: 'ME',
  Maryland: 'MD',
  Massachusetts: 'MA',
  Michigan: 'MI',
  Minnesota: 'MN',
  Mississippi: 'MS',
  Missouri: 'MO',
  Montana: 'MT',
  Nebraska: 'NE',
  Nevada: 'NV',
  'New Hampshire': 'NH',
  'New Jersey': 'NJ',
  'New Mexico': 'NM',
  'New York': 'NY',
  'North Carolina': 'NC',
  'North Dakota': 'ND',
  Ohio: 'OH',
  Oklahoma: 'OK',
  Oregon: 'OR',
  Pennsylvania: 'PA',
  'Rhode Island': 'RI',
  'South Carolina': 'SC',
  'South Dakota': 'SD',
  Tennessee: 'TN',
  Texas: 'TX',
  Utah: 'UT',
  Vermont: 'VT',
  Virginia: 'VA',
  'Washington State': 'WA',
  'Washington D.C.': 'DC',
  'West Virginia': 'WV',
  Wisconsin: 'WI',
  Wyoming: 'WY',
  Alberta: 'AB',
  'British Columbia': 'BC',
  'British Colombia': 'BC',
  Manitoba: 'MB',
  'New Brunswick': 'NB',
  'Newfoundland and Labrador': 'NL',
  'Northwest Territories': 'NT',
  'Nova Scotia': 'NS',
  Nunavut: 'NU',
  Ontario: 'ON',
  'Prince Edward Island': 'PE',
  Quebec: 'QC',
  Saskatchewan: 'SK',
  Yukon: 'YT',
};
