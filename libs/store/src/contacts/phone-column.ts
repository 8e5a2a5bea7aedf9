/** Names under which spreadsheets keep the number to call, best first; compared without case, accents and punctuation. */
const PHONE_COLUMNS = [
  ...['phone_number', 'phone', 'phone_e164', 'e164', 'telephone_number', 'telephone', 'phone_no', 'tel', 'tel_no', 'msisdn'],
  ...['mobile_number', 'mobile_phone', 'mobile', 'cell_phone', 'cellphone', 'cell', 'contact_number', 'contact_phone', 'customer_phone'],
  ...['whatsapp', 'number', 'telefonnummer', 'telefon', 'rufnummer', 'handynummer', 'handy', 'mobil', 'numero_de_telephone', 'portable'],
  ...['telefono', 'numero_de_telefono', 'celular', 'movil', 'telefone', 'cellulare', '手机号', '电话'],
].map(comparable);

/** Index of the column that holds phone numbers, -1 when none is called so. */
export function findPhoneColumn(header: readonly string[]): number {
  const names = header.map(comparable);
  for (const candidate of PHONE_COLUMNS) {
    const index = names.indexOf(candidate);
    if (index >= 0) return index;
  }
  return -1;
}

function comparable(name: string): string {
  return name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^\p{Letter}\p{Number}]/gu, '');
}
