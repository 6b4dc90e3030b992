export { CLICK_ID_PARAMETERS, type ClickIdParameter, normalizeClickId } from "./clickId.js";
export { type InstantOptions, normalizeDate, parseInstant } from "./date.js";
export {
  type Digest,
  type DigestAlgorithm,
  type DigestHasher,
  impliedEmailDigests,
  impliedPhoneDigests,
  normalizeDigest,
  type PhoneDigestRule,
} from "./digest.js";
export {
  emailDomain,
  emailLocalPart,
  isRoleMailbox,
  normalizeEmail,
  normalizePartialEmail,
} from "./email.js";
export { type EmailRule, emailMailbox, emailRuleText } from "./emailRules.js";
export { foldText } from "./fold.js";
export { type NormalizedIp, normalizeIp } from "./ip.js";
export {
  nameSignature,
  normalizeFamilyName,
  normalizeGivenName,
  phoneticCode,
  splitFullName,
} from "./name.js";
export { isPhonePrefix, nationalDigits } from "./nationalDigits.js";
export { sameByNickname } from "./nickname.js";
export { normalizeOpaqueId, standsForNobody } from "./opaque.js";
export {
  createPhoneNormalizer,
  type NormalizedPhone,
  type PhoneNormalizer,
  type PhoneNormalizerOptions,
  type PhoneRefusal,
} from "./phone.js";
export { normalizeCity, normalizeCompany, normalizePostcode, normalizeStreet } from "./place.js";
export { cleanText, isPlaceholder } from "./placeholder.js";
export { normalizeCountry, normalizeRegion } from "./region.js";
export type { ZoneOffset } from "./timeZone.js";
export { createTokenizer, type Tokenizer, type TokenizerOptions } from "./token.js";
export { normalizeUrl } from "./url.js";
export { createUserAgentParser, type UserAgent } from "./userAgent.js";
