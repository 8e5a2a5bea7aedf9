/** By ISO 3166-2: letters, pinyin, name. Hong Kong, Macau and Taiwan have country codes of their own. */
const PROVINCES =
  'AH Anhui 安徽|BJ Beijing 北京|CQ Chongqing 重庆|FJ Fujian 福建|GS Gansu 甘肃|GD Guangdong 广东|GX Guangxi 广西|GZ Guizhou 贵州|HI Hainan 海南|HE Hebei 河北|' +
  'HL Heilongjiang 黑龙江|HA Henan 河南|HB Hubei 湖北|HN Hunan 湖南|JS Jiangsu 江苏|JX Jiangxi 江西|JL Jilin 吉林|LN Liaoning 辽宁|NM Neimenggu 内蒙古|' +
  'NM Inner~Mongolia 内蒙古|NM Nei~Mongol 内蒙古|NX Ningxia 宁夏|QH Qinghai 青海|SN Shaanxi 陕西|SD Shandong 山东|SH Shanghai 上海|SX Shanxi 山西|SC Sichuan 四川|TJ Tianjin 天津|' +
  'XJ Xinjiang 新疆|XZ Xizang 西藏|XZ Tibet 西藏|YN Yunnan 云南|ZJ Zhejiang 浙江';

const BY_PINYIN = new Map<string, string>();
const BY_NAME = new Map<string, string>();
for (const entry of PROVINCES.split('|')) {
  const [code = '', pinyin = '', name = ''] = entry.split(' ');
  BY_PINYIN.set(pinyin.replace('~', ' ').toLowerCase(), code);
  BY_NAME.set(name, code);
}

/** What people write for short: single signs as on number plates, and the autonomous regions without their peoples. */
const SHORT =
  '皖AH 京BJ 渝CQ 闽FJ 甘GS 陇GS 粤GD 桂GX 贵GZ 黔GZ 琼HI 冀HE 黑HL 豫HA 鄂HB 湘HN 苏JS 赣JX 吉JL 辽LN 蒙NM 内蒙NM 宁NX 青QH 陕SN 秦SN 鲁SD 沪SH 晋SX 川SC 蜀SC 津TJ 新XJ 藏XZ 云YN 滇YN 浙ZJ';
for (const entry of SHORT.split(' ')) BY_NAME.set(entry.slice(0, -2), entry.slice(-2));

/** What stands behind the name of a province, a city of its own or an autonomous region. */
const KIND =
  /(?:省|市|(?:壮族|回族|维吾尔)?自治区|壮族|回族|维吾尔)$|\s+(?:province|municipality|(?:zhuang |hui |uygur |uyghur )?autonomous region|zhuang|hui|uygur|uyghur)$/i;
/** A division down to its county (GB/T 2260): the first two digits are the province's. */
const DIVISION_NUMBER = /^(\d{2})\d{4}$/;

/** The letters of the province that a cell names ("广东省", "Guangdong", "粤"); null when it names none. */
export function readCnProvince(cell: string): string | null {
  const name = cell.trim().replace(KIND, '');
  return BY_NAME.get(name) ?? BY_PINYIN.get(name.toLowerCase()) ?? null;
}

/** Of "440000", or of a city or county in the province ("440100"), the first two digits. */
export function cnProvinceNumber(cell: string): string | null {
  return DIVISION_NUMBER.exec(cell.trim())?.[1] ?? null;
}
