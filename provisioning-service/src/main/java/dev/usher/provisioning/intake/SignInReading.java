package dev.usher.provisioning.intake;

import dev.usher.policy.ActorKind;
import dev.usher.policy.Facts;
import dev.usher.policy.SignInOutcome;
import dev.usher.provisioning.person.Profile;
import dev.usher.provisioning.person.SignIn;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** Reads sign-ins. */
final class SignInReading implements Reading<dev.usher.events.SignIn, SignIn> {

  @Override
  public String schema() {
    return "SignIn";
  }

  @Override
  public String notThis() {
    return "not-a-sign-in";
  }

  @Override
  public SignIn read(ConsumerRecord<byte[], byte[]> record, dev.usher.events.SignIn event)
      throws UnreadableInputException {
    Reading.checkIdentity(event.getIssuer(), event.getSubject());
    Facts facts = facts(event);
    if (facts.outcome() == SignInOutcome.SUCCESS
        && facts.actorKind() == ActorKind.HUMAN
        && lacksDomain(facts.email())) {
      throw new UnreadableInputException(
          "email-without-domain",
          "`email` has no domain; expected `local-part@domain`, or null if the IdP knows none");
    }
    return new SignIn(
        event.getEventId(),
        Reading.appendedAt(record),
        record.topic(),
        Reading.traceparent(record),
        facts,
        new Profile(
            event.getEmail(),
            event.getUserName(),
            event.getDisplayName(),
            event.getGivenName(),
            event.getFamilyName(),
            event.getLocale(),
            event.getTimeZone()));
  }

  /** What somebody mistyped at a failed sign-in is no fault of the publisher's. */
  private static boolean lacksDomain(@Nullable String email) {
    return email != null && (email.indexOf('@') < 1 || email.endsWith("@"));
  }

  private static Facts facts(dev.usher.events.SignIn event) {
    return Facts.signIn()
        .issuer(event.getIssuer())
        .subject(event.getSubject())
        .email(event.getEmail())
        .emailVerified(event.getEmailVerified())
        .userKind(Reading.userKind(event.getUserKind()))
        .outcome(
            switch (event.getOutcome()) {
              case SUCCESS -> SignInOutcome.SUCCESS;
              case FAILURE -> SignInOutcome.FAILURE;
              case UNKNOWN -> null;
            })
        .actorKind(
            switch (event.getActorKind()) {
              case HUMAN -> ActorKind.HUMAN;
              case SERVICE -> ActorKind.SERVICE;
              case UNKNOWN -> null;
            })
        .application(event.getApplication())
        .clientIp(event.getClientIp())
        .forwardedFor(event.getForwardedFor())
        .country(event.getCountry())
        .groups(event.getGroups())
        .authenticationMethods(event.getAuthenticationMethods())
        .multiFactor(event.getMultiFactor())
        .acr(event.getAuthenticationContext())
        .attributes(event.getAttributes())
        .at(event.getOccurredAt())
        .build();
  }
}
