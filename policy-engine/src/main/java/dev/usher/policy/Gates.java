package dev.usher.policy;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The trust gates that come before any rule and do not depend on the service, in their order. */
final class Gates {
  private static final Map<Reason, Passage.Stopped> STOPPED = new EnumMap<>(Reason.class);

  static {
    for (Reason reason : Reason.values()) {
      STOPPED.put(reason, new Passage.Stopped(reason));
    }
  }

  private Gates() {}

  /**
   * Lets a person through.
   *
   * @param issuer the trust in the issuer that speaks; null where no tenant has it
   */
  static Passage pass(Facts facts, @Nullable Trust issuer) {
    if (facts.occasion() == Occasion.SIGN_IN && facts.outcome() != SignInOutcome.SUCCESS) {
      return stopped(Reason.NOT_A_SUCCESS);
    }
    if (facts.actorKind() != ActorKind.HUMAN) {
      return stopped(Reason.NOT_HUMAN);
    }
    if (issuer == null) {
      return stopped(Reason.UNKNOWN_ISSUER);
    }
    String stated = facts.email();
    if (stated == null || stated.isEmpty()) {
      return stopped(Reason.NO_EMAIL);
    }
    return switch (EmailAddress.parse(stated)) {
      case ParsedEmail.Malformed malformed -> stopped(Reason.MALFORMED_EMAIL);
      case EmailAddress email -> verified(facts, issuer, email);
    };
  }

  private static Passage verified(Facts facts, Trust issuer, EmailAddress email) {
    Boolean verified = facts.emailVerified();
    if (verified == null ? !issuer.vouchesFor(email.domain()) : !verified) {
      return stopped(Reason.EMAIL_NOT_VERIFIED);
    }
    return new Sighting(facts, issuer.issuer(), email, clientAddress(facts, issuer));
  }

  private static Passage stopped(Reason reason) {
    return STOPPED.getOrDefault(reason, new Passage.Stopped(reason));
  }

  /**
   * Where the person is: from the front door's peer leftwards through `X-Forwarded-For` for as long
   * as the address is a trusted proxy's. Unknown as soon as an entry does not parse, or where a
   * trusted proxy stands in front and nobody says for whom.
   */
  static @Nullable IpAddress clientAddress(Facts facts, Trust issuer) {
    String peer = facts.clientIp();
    IpAddress address = peer == null ? null : IpAddress.parse(peer);
    if (address == null || !issuer.isProxy(address)) {
      return address;
    }
    List<String> chain = facts.forwardedFor();
    if (chain == null) {
      return null;
    }
    for (int i = chain.size() - 1; i >= 0; i--) {
      address = IpAddress.parse(chain.get(i));
      if (address == null || !issuer.isProxy(address)) {
        return address;
      }
    }
    return address;
  }
}
