package dev.usher.provisioning.intake;

import dev.usher.events.IdentityChanged;
import dev.usher.policy.ActorKind;
import dev.usher.policy.Facts;
import dev.usher.policy.Occasion;
import dev.usher.provisioning.person.IdentityChange;
import dev.usher.provisioning.person.Profile;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Reads what directories say of people. Whoever has left has left, so that nothing else of the
 * event, such as an address without a domain, keeps it from being read.
 */
final class IdentityChangeReading implements Reading<IdentityChanged, IdentityChange> {

  @Override
  public String schema() {
    return "IdentityChanged";
  }

  @Override
  public String notThis() {
    return "not-an-identity-change";
  }

  @Override
  public IdentityChange read(ConsumerRecord<byte[], byte[]> record, IdentityChanged event)
      throws UnreadableInputException {
    Reading.checkIdentity(event.getIssuer(), event.getSubject());
    return new IdentityChange(
        kind(event),
        event.getEventId(),
        Reading.appendedAt(record),
        record.topic(),
        Reading.traceparent(record),
        facts(event),
        new Profile(
            event.getEmail(),
            event.getUserName(),
            event.getDisplayName(),
            event.getGivenName(),
            event.getFamilyName(),
            event.getLocale(),
            event.getTimeZone()));
  }

  private static IdentityChange.Kind kind(IdentityChanged event) throws UnreadableInputException {
    return switch (event.getChange()) {
      case CREATED -> IdentityChange.Kind.JOINED;
      case UPDATED -> IdentityChange.Kind.CHANGED;
      case DISABLED, DELETED -> IdentityChange.Kind.LEFT;
      case ENABLED -> IdentityChange.Kind.RETURNED;
      case UNKNOWN ->
          throw new UnreadableInputException(
              "unknown-change",
              "`change` is none that this version knows; expected CREATED, UPDATED, DISABLED,"
                  + " ENABLED or DELETED");
    };
  }

  /** A directory speaks of people: what is no human's has no identity in it. */
  private static Facts facts(IdentityChanged event) {
    return Facts.on(Occasion.JOINER)
        .issuer(event.getIssuer())
        .subject(event.getSubject())
        .email(event.getEmail())
        .emailVerified(event.getEmailVerified())
        .userKind(Reading.userKind(event.getUserKind()))
        .actorKind(ActorKind.HUMAN)
        .groups(event.getGroups())
        .attributes(event.getAttributes())
        .at(event.getOccurredAt())
        .build();
  }
}
