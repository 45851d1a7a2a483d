package dev.usher.policy;

/** Why a decision is what it is: one for each trust gate, in their order, and one for each end. */
public enum Reason implements Spelled {
  NOT_A_SUCCESS("not-a-success", "The sign-in did not succeed, or nobody says that it did."),
  NOT_HUMAN("not-human", "Who signed in is not a human, or nobody says that they are."),
  UNKNOWN_ISSUER("unknown-issuer", "The issuer belongs to no tenant."),
  NO_EMAIL("no-email", "The issuer states no e-mail address."),
  MALFORMED_EMAIL("malformed-email", "The e-mail address is not one that can be trusted."),
  EMAIL_NOT_VERIFIED(
      "email-not-verified", "The issuer does not say that the e-mail address is verified."),
  GUEST("guest", "The person is a guest of the directory, and no permit is for guests."),
  DOMAIN_NOT_PROVEN(
      "domain-not-proven",
      "The tenant has not proven that it owns the e-mail domain, and no permit names it."),
  SERVICE_MAILBOX(
      "service-mailbox",
      "The address is a role or service mailbox, and no permit names it literally."),
  FORBIDDEN("forbidden", "A rule forbids it."),
  RULE_ERROR("rule-error", "A rule could not be evaluated, which forbids."),
  NO_PERMIT_MATCHED("no-permit-matched", "No permit matches."),
  PERMITTED("permitted", "A permit matches and nothing forbids.");

  private final String text;
  private final String sentence;

  Reason(String text, String sentence) {
    this.text = text;
    this.sentence = sentence;
  }

  /** The stable code, such as `domain-not-proven`. */
  @Override
  public String text() {
    return text;
  }

  /** The reason in general, as a sentence. */
  public String sentence() {
    return sentence;
  }
}
