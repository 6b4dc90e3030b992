import { foldText } from "./fold.js";
import { unlessPlaceholder } from "./placeholder.js";
import { rawText } from "./text.js";

const US_STATES =
  "AL alabama|AK alaska|AZ arizona|AR arkansas|CA california|CO colorado|CT connecticut|DE delaware|FL florida|" +
  "GA georgia|HI hawaii|ID idaho|IL illinois|IN indiana|IA iowa|KS kansas|KY kentucky|LA louisiana|ME maine|" +
  "MD maryland|MA massachusetts|MI michigan|MN minnesota|MS mississippi|MO missouri|MT montana|NE nebraska|" +
  "NV nevada|NH new hampshire|NJ new jersey|NM new mexico|NY new york|NC north carolina|ND north dakota|OH ohio|" +
  "OK oklahoma|OR oregon|PA pennsylvania|RI rhode island|SC south carolina|SD south dakota|TN tennessee|TX texas|" +
  "UT utah|VT vermont|VA virginia|WA washington|WV west virginia|WI wisconsin|WY wyoming|" +
  "DC district of columbia|DC washington dc|DC washington d c|DC d c|PR puerto rico|GU guam|VI virgin islands|" +
  "VI us virgin islands|AS american samoa|MP northern mariana islands|" +
  "CA calif|CA cali|MA mass|PA penn|PA penna|FL fla|TX tex|AZ ariz|IL ill|MI mich|MN minn|WA wash|CO colo|OR ore|" +
  "CT conn|TN tenn|WI wis|WI wisc|OK okla|IN ind|NY new york state|WA washington state";
const CANADIAN_PROVINCES =
  "AB alberta|BC british columbia|MB manitoba|NB new brunswick|NL newfoundland and labrador|NL newfoundland|" +
  "NS nova scotia|NT northwest territories|NU nunavut|ON ontario|PE prince edward island|QC quebec|SK saskatchewan|" +
  "YT yukon|YT yukon territory";

/** Common names and the alpha-3 code. A fixed table: `Intl.DisplayNames` differs from one release of ICU to the next. */
const COUNTRIES =
  "US usa|US united states|US united states of america|US america|US u s|US u s a|US the united states|US estados unidos|" +
  "US eeuu|US ee uu|CA can|CA canada|MX mex|MX mexico|GB uk|GB gbr|GB united kingdom|GB great britain|GB britain|" +
  "GB england|GB scotland|GB wales|GB northern ireland|GB u k|IE irl|IE ireland|AU aus|AU australia|NZ nzl|" +
  "NZ new zealand|DE deu|DE ger|DE germany|DE deutschland|FR fra|FR france|ES esp|ES spain|ES espana|IT ita|IT italy|" +
  "IT italia|PT prt|PT portugal|NL nld|NL netherlands|NL the netherlands|NL holland|BE bel|BE belgium|LU luxembourg|" +
  "CH che|CH switzerland|CH schweiz|AT aut|AT austria|SE swe|SE sweden|NO nor|NO norway|DK dnk|DK denmark|FI fin|" +
  "FI finland|IS iceland|PL pol|PL poland|CZ cze|CZ czechia|CZ czech republic|SK slovakia|HU hun|HU hungary|RO rou|" +
  "RO romania|BG bulgaria|GR grc|GR greece|HR croatia|RS serbia|SI slovenia|UA ukr|UA ukraine|RU rus|RU russia|" +
  "RU russian federation|TR tur|TR turkey|TR turkiye|IL isr|IL israel|AE are|AE uae|AE united arab emirates|SA sau|" +
  "SA saudi arabia|EG egypt|ZA zaf|ZA south africa|NG nga|NG nigeria|KE kenya|GH ghana|MA morocco|IN ind|IN india|" +
  "PK pak|PK pakistan|BD bangladesh|LK sri lanka|NP nepal|CN chn|CN china|HK hkg|HK hong kong|TW twn|TW taiwan|JP jpn|" +
  "JP japan|KR kor|KR south korea|KR korea|SG sgp|SG singapore|MY mys|MY malaysia|TH tha|TH thailand|VN vnm|" +
  "VN vietnam|VN viet nam|PH phl|PH philippines|ID idn|ID indonesia|BR bra|BR brazil|BR brasil|AR arg|AR argentina|" +
  "CL chl|CL chile|CO col|CO colombia|PE per|PE peru|VE venezuela|EC ecuador|BO bolivia|UY uruguay|PY paraguay|" +
  "CR costa rica|PA panama|GT guatemala|HN honduras|SV el salvador|NI nicaragua|DO dominican republic|CU cuba|" +
  "JM jamaica|HT haiti|PR puerto rico|PR pri|BS bahamas|BB barbados|TT trinidad and tobago";

const TEXT_LIMIT = 256;

interface Names {
  /** Folded name → code. */
  readonly codes: ReadonlyMap<string, string>;
  readonly known: ReadonlySet<string>;
}

let regions: Names | undefined;
let countries: Names | undefined;

function namesOf(table: string): Names {
  const codes = new Map<string, string>();
  const known = new Set<string>();
  for (const entry of table.split("|")) {
    const code = entry.slice(0, 2);
    codes.set(entry.slice(3), code);
    known.add(code);
  }
  return { codes, known };
}

/**
 * A state or province: the postal code of US states, territories and Canadian provinces by name, usual abbreviation or
 * code ("Illinois", "ill.", "US-IL" → "IL"); other text folded. Null for blanks. Never throws; idempotent.
 */
export function normalizeRegion(raw: unknown): string | null {
  const text = rawText(raw, TEXT_LIMIT) ?? "";
  const folded = foldText(text);
  regions ??= namesOf(`${US_STATES}|${CANADIAN_PROVINCES}`);
  // ISO 3166-2: "US-IL", "CA-ON".
  const name = folded.replace(/^(?:us|usa|ca|can) (?=[a-z]{2}$)/, "");
  const code = name.toUpperCase();
  // Before asking for placeholders: "ID" is Idaho.
  if (regions.known.has(code)) return code;
  return regions.codes.get(name) ?? (unlessPlaceholder(text) && unlessPlaceholder(folded));
}

/**
 * A country as ISO 3166-1 alpha-2, from the code, the usual alpha-3 codes and the common English names; other text
 * folded. Null for blanks. Never throws; idempotent.
 */
export function normalizeCountry(raw: unknown): string | null {
  const text = rawText(raw, TEXT_LIMIT) ?? "";
  const folded = foldText(text);
  countries ??= namesOf(COUNTRIES);
  const code = countries.codes.get(folded);
  if (code !== undefined) return code;
  // Before asking for placeholders: "ID" is Indonesia.
  if (countries.known.has(folded.toUpperCase())) return folded.toUpperCase();
  const name = unlessPlaceholder(text) && unlessPlaceholder(folded);
  return name !== null && /^[a-z]{2}$/.test(name) ? name.toUpperCase() : name;
}
