package dev.usher.provisioning.announce;

import dev.usher.events.AccountChanged;
import dev.usher.events.AccountCreated;
import dev.usher.events.Change;
import dev.usher.events.Entitlement;
import dev.usher.events.Origin;
import dev.usher.events.SuspensionCause;
import dev.usher.events.Trigger;
import dev.usher.provisioning.account.Account;
import dev.usher.provisioning.account.Announcement;
import dev.usher.provisioning.account.Existence;
import java.util.Objects;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;

/** An account's announcement as the event that subscribers know. */
final class AnnouncementEvents {

  private AnnouncementEvents() {}

  static SpecificRecord event(Account account, Announcement announcement) {
    return switch (announcement.kind()) {
      case CREATED -> created(account, announcement);
      case INVITED -> changed(account, announcement, Change.INVITED);
      case WAITLISTED -> changed(account, announcement, Change.WAITLISTED);
      case HELD -> changed(account, announcement, Change.HELD);
      case FAILED -> changed(account, announcement, Change.FAILED);
      case SUSPENDED -> changed(account, announcement, Change.SUSPENDED);
      case DELETED -> changed(account, announcement, Change.DELETED);
      case UPDATED -> changed(account, announcement, Change.UPDATED);
    };
  }

  private static AccountCreated created(Account account, Announcement announcement) {
    Existence existence = Objects.requireNonNull(account.existence());
    return AccountCreated.newBuilder()
        .setEventId(announcement.eventId(account.key()))
        .setAccountVersion(announcement.version())
        .setOccurredAt(announcement.at())
        .setTenant(account.key().person().tenant())
        .setIssuer(Objects.requireNonNull(account.grant().facts().issuer()))
        .setSubject(account.key().person().subject())
        .setService(account.key().service())
        .setServiceAccountId(existence.serviceAccountId())
        .setUserName(existence.userName())
        .setEmail(account.profile().email())
        .setDisplayName(account.profile().displayName())
        .setLocale(account.profile().locale())
        .setTimeZone(account.profile().timeZone())
        .setOrigin(
            switch (existence.origin()) {
              case CREATED -> Origin.CREATED;
              case ADOPTED -> Origin.ADOPTED;
              case REACTIVATED -> Origin.REACTIVATED;
              case INVITATION_ACCEPTED -> Origin.INVITATION_ACCEPTED;
            })
        .setTrigger(
            switch (account.grant().trigger()) {
              case FIRST_SIGN_IN -> Trigger.FIRST_SIGN_IN;
              case APP_SIGN_IN -> Trigger.APP_SIGN_IN;
              case JOINER -> Trigger.JOINER;
              case ACCESS_REQUEST -> Trigger.ACCESS_REQUEST;
            })
        .setCausationId(announcement.causationId())
        .setRule(account.grant().rule())
        .setPolicyRevision(account.grant().policyRevision())
        .setEntitlements(
            account.grant().entitlements().stream()
                .map(each -> new Entitlement(each.type(), each.value()))
                .toList())
        .setUsable(true)
        .setBackfill(false)
        .build();
  }

  private static AccountChanged changed(Account account, Announcement announcement, Change change) {
    return AccountChanged.newBuilder()
        .setEventId(announcement.eventId(account.key()))
        .setAccountVersion(announcement.version())
        .setOccurredAt(announcement.at())
        .setTenant(account.key().person().tenant())
        .setIssuer(Objects.requireNonNull(account.grant().facts().issuer()))
        .setSubject(account.key().person().subject())
        .setService(account.key().service())
        .setServiceAccountId(
            account.existence() == null ? null : account.existence().serviceAccountId())
        .setChange(change)
        .setReason(announcement.reason())
        .setSuspensionCause(cause(announcement.cause()))
        .setCausationId(announcement.causationId())
        .setPolicyRevision(account.grant().policyRevision())
        .build();
  }

  private static @Nullable SuspensionCause cause(
      dev.usher.provisioning.account.@Nullable SuspensionCause cause) {
    return cause == null
        ? null
        : switch (cause) {
          case DORMANT -> SuspensionCause.DORMANT;
          case LEAVER -> SuspensionCause.LEAVER;
          case LOST_PERMISSION -> SuspensionCause.LOST_PERMISSION;
          case OPERATOR -> SuspensionCause.OPERATOR;
        };
  }
}
