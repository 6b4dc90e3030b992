/** The columns that files of leads share, and the names by which other systems call them. */

/** What a column becomes in a fragment. */
export type ColumnRole =
  | "record_id"
  | "source"
  | "kind"
  | "version"
  | "observed_at"
  | "event_id"
  | "call_id"
  | "number"
  | { readonly identifier: string }
  | { readonly signal: string }
  | { readonly attribute: string };

const ATTRIBUTES = [
  "first_name",
  "last_name",
  "full_name",
  "street",
  "city",
  "region",
  "postal_code",
  "country",
  "date_of_birth",
  "company",
  "disposition",
  "revenue",
  "call_duration",
] as const;

/** Click ids that name one visit. */
export const CLICK_ID_COLUMNS = [
  "gclid",
  "dclid",
  "fbclid",
  "msclkid",
  "ttclid",
  "twclid",
  "li_fat_id",
  "epik",
  "sccid",
  "rdt_cid",
  "yclid",
  "irclickid",
  "cjevent",
  "tblci",
  "obclid",
] as const;

const IDENTIFIERS = [
  "visitor_id",
  "email",
  "phone",
  "crm_id",
  "account_id",
  "ga_client_id",
  "fbp",
  ...CLICK_ID_COLUMNS,
] as const;

const SIGNALS = [
  "ip",
  "user_agent",
  "fingerprint",
  "landing_page",
  "referrer",
  "publisher_id",
  "utm_source",
  "utm_medium",
  "utm_campaign",
  "utm_term",
  "utm_content",
  "number_shown",
  "number_dialled",
] as const;

/** Other spellings, lower case, of the canonical columns. */
const ALIASES: Readonly<Record<string, string>> = {
  id: "record_id",
  timestamp: "observed_at",
  time: "observed_at",
  email_address: "email",
  e_mail: "email",
  phone_number: "phone",
  caller_number: "phone",
  caller_id: "phone",
  ip_address: "ip",
  useragent: "user_agent",
  given_name: "first_name",
  firstname: "first_name",
  family_name: "last_name",
  surname: "last_name",
  lastname: "last_name",
  name: "full_name",
  address: "street",
  street_address: "street",
  state: "region",
  province: "region",
  zip: "postal_code",
  zip_code: "postal_code",
  zipcode: "postal_code",
  postcode: "postal_code",
  dob: "date_of_birth",
  birth_date: "date_of_birth",
  organisation: "company",
  organization: "company",
  _fbp: "fbp",
  _ga: "ga_client_id",
  ga: "ga_client_id",
  duration: "call_duration",
  url: "landing_page",
  landing_page_url: "landing_page",
};

const ROLES: ReadonlyMap<string, ColumnRole> = new Map<string, ColumnRole>([
  ...(["record_id", "source", "kind", "version", "observed_at", "event_id", "call_id"] as const).map(
    (name) => [name, name] as const,
  ),
  ["tracking_number", "number"],
  ...IDENTIFIERS.map((name) => [name, { identifier: name }] as const),
  ...["email_hash", "email_sha256", "email_sha1", "email_md5"].map(
    (name) => [name, { identifier: "email_digest" }] as const,
  ),
  ...["phone_hash", "phone_sha256", "phone_sha1", "phone_md5"].map(
    (name) => [name, { identifier: "phone_digest" }] as const,
  ),
  ...SIGNALS.map((name) => [name, { signal: name }] as const),
  ...ATTRIBUTES.map((name) => [name, { attribute: name }] as const),
]);

/** The role of a column; a name that nobody knows is an attribute of that name. Case, blanks and dashes do not matter. */
export function roleOfColumn(column: string): ColumnRole {
  const name = column
    .trim()
    .toLowerCase()
    .replace(/[\s-]+/g, "_");
  return ROLES.get(ALIASES[name] ?? name) ?? { attribute: column.trim() };
}

/** Canonical columns and their aliases, for documentation and `--help`. */
export function knownColumns(): readonly { readonly column: string; readonly aliases: readonly string[] }[] {
  return [...ROLES.keys()].map((column) => ({
    column,
    aliases: Object.keys(ALIASES).filter((alias) => ALIASES[alias] === column),
  }));
}
