import type { ColumnRole } from '@carillon/contracts';

/** Names under which spreadsheets keep a fact, best first; compared without case, accents and punctuation. */
const NAMES: Record<ColumnRole, readonly string[]> = {
  phone: [
    ...['phone_number', 'phone', 'phone_e164', 'e164', 'telephone_number', 'telephone', 'phone_no', 'tel', 'tel_no', 'msisdn'],
    ...['mobile_number', 'mobile_phone', 'mobile', 'cell_phone', 'cellphone', 'cell', 'contact_number', 'contact_phone', 'customer_phone'],
    ...['whatsapp', 'number', 'telefonnummer', 'telefon', 'rufnummer', 'handynummer', 'handy', 'mobil', 'mobilnummer', 'festnetz'],
    ...['numero_de_telephone', 'portable', 'mobile_no', 'telefono', 'numero_de_telefono', 'celular', 'movil', 'telefone', 'cellulare'],
    ...[
      'telefoonnummer',
      'telefoon',
      'numer_telefonu',
      'телефон',
      'номер',
      '手机号',
      '手机',
      '手机号码',
      '电话',
      '电话号码',
      '電話',
      '電話番号',
      '전화번호',
    ],
  ],
  time_zone: [
    ...[
      'time_zone',
      'timezone',
      'tz',
      'iana_time_zone',
      'tzid',
      'zeitzone',
      'fuseau_horaire',
      'zona_horaria',
      'huso_horario',
      'fuso_horario',
    ],
    ...['fuso_orario', 'tijdzone', 'strefa_czasowa', 'часовой_пояс', '时区', '時區', 'タイムゾーン', '시간대'],
  ],
  region: [
    ...[
      'us_state',
      'state_code',
      'iso_3166_2',
      'region_code',
      'province_code',
      'subdivision_code',
      'state',
      'state_province',
      'state_or_province',
    ],
    ...[
      'province',
      'region',
      'subdivision',
      'bundesland',
      'bundesstaat',
      'provincia',
      'estado',
      'etat',
      '州',
      '省份',
      '省',
      '省市',
      '省级行政区',
    ],
  ],
  consent: ['consent', 'consent_type', 'consent_level', 'opt_in', 'einwilligung', 'consentement', 'consentimiento', 'consenso', '同意'],
};

const COMPARED = new Map(Object.entries(NAMES).map(([role, names]) => [role, names.map(comparable)]));

/** Index of the column that is called so, -1 when none is. */
export function findColumn(header: readonly string[], role: ColumnRole): number {
  const names = header.map(comparable);
  for (const candidate of COMPARED.get(role) ?? []) {
    const index = names.indexOf(candidate);
    if (index >= 0) return index;
  }
  return -1;
}

export function comparable(name: string): string {
  return name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^\p{Letter}\p{Number}]/gu, '');
}
