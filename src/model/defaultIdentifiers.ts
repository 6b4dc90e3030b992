import { CLICK_ID_COLUMNS } from "../fragment/columns.js";
import type { IdentifierType } from "./model.js";

const EMAIL: IdentifierType = {
  scope: "person",
  normalizer: "email",
  maxAnchors: { phone: 8, visitor_id: 40, crm_id: 8 },
  maxPerProfile: 12,
};

const PHONE: IdentifierType = {
  scope: "person",
  normalizer: "phone",
  shareable: true,
  maxEventsAlone: 64,
  maxAnchors: { email: 6, crm_id: 8 },
  maxPerProfile: 12,
};

/**
 * A cookie of more than three phones is a kiosk's: Oracle's Click2Call documentation takes three distinct phones per
 * visitor key within an hour for abuse.
 */
const BROWSER: IdentifierType = { scope: "person", normalizer: "opaque", maxAnchors: { phone: 3, email: 4 } };

/** The identifier types of call tracking, with the limits beyond which a value is nobody's. */
export const DEFAULT_IDENTIFIERS: Readonly<Record<string, IdentifierType>> = {
  email: EMAIL,
  email_digest: { scope: "person", normalizer: "digest", digestOf: "email" },
  phone: PHONE,
  phone_digest: { scope: "person", normalizer: "digest", digestOf: "phone", shareable: true },
  visitor_id: BROWSER,
  ga_client_id: { ...BROWSER, normalizer: "click-id" },
  fbp: BROWSER,
  crm_id: { scope: "person", normalizer: "opaque", scopedBySource: true, maxAnchors: { phone: 6, email: 6 } },
  account_id: {
    scope: "person",
    normalizer: "opaque",
    scopedBySource: true,
    maxAnchors: { phone: 6, email: 6 },
  },
  // Strong for a session only: forwarded links carry them to other people.
  ...Object.fromEntries(
    CLICK_ID_COLUMNS.map((name) => [
      name,
      { scope: "session", normalizer: "click-id" } satisfies IdentifierType,
    ]),
  ),
};
