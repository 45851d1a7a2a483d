package dev.usher.benchmarks.peers;

import dev.usher.events.AccountCreated;
import dev.usher.events.Origin;
import dev.usher.events.Outcome;
import dev.usher.events.SignIn;
import dev.usher.events.Trigger;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.web.client.RestClient;

/**
 * What all peers do with a sign-in: call the service, save the account, announce it. That is less
 * than ours does, and in their favour: nobody is looked for first, so that a repeat would call the
 * service again; nothing is written before the call, so that a crash between call and save leaves
 * an account that nobody knows of; and the policy is one comparison.
 */
final class Onboarding {

  private static final String DOMAIN = "@acme.example";
  private static final MediaType SCIM = MediaType.valueOf("application/scim+json");

  private final RestClient saas;
  private final PeerAccounts accounts;
  private final KafkaTemplate<String, SpecificRecord> kafka;
  private final String topic;
  private final InstantSource clock;

  Onboarding(
      RestClient saas,
      PeerAccounts accounts,
      KafkaTemplate<String, SpecificRecord> kafka,
      String topic,
      InstantSource clock) {
    this.saas = saas;
    this.accounts = accounts;
    this.kafka = kafka;
    this.topic = topic;
    this.clock = clock;
  }

  /** Done when Kafka has the announcement, before which no offset may be committed. */
  CompletableFuture<?> onboard(SignIn signIn) {
    PeerAccount account = create(signIn);
    return account == null
        ? CompletableFuture.completedFuture(null)
        : announce(signIn, accounts.save(account));
  }

  /** The account as the service has made it; null if the person may have none. */
  @Nullable PeerAccount create(SignIn signIn) {
    String email = signIn.getEmail();
    if (signIn.getOutcome() != Outcome.SUCCESS || email == null || !email.endsWith(DOMAIN)) {
      return null;
    }
    ScimUser user =
        Objects.requireNonNull(
            saas.post()
                .uri("/Users")
                .contentType(SCIM)
                .accept(SCIM)
                .body(user(signIn, email))
                .retrieve()
                .body(ScimUser.class));
    return new PeerAccount(
        user.externalId(),
        signIn.getSubject(),
        email,
        Objects.requireNonNull(user.id()),
        user.userName(),
        clock.instant());
  }

  /** Done when Kafka has the announcement. */
  CompletableFuture<?> announce(SignIn signIn, PeerAccount account) {
    return kafka.send(topic, account.id(), created(signIn, account));
  }

  static String key(SignIn signIn) {
    return "acme/staff/" + signIn.getSubject() + "/slack";
  }

  private static ScimUser user(SignIn signIn, String email) {
    return new ScimUser(
        null,
        List.of("urn:ietf:params:scim:schemas:core:2.0:User"),
        true,
        key(signIn),
        email,
        Objects.requireNonNull(signIn.getDisplayName()),
        new ScimUser.Name(
            Objects.requireNonNull(signIn.getGivenName()),
            Objects.requireNonNull(signIn.getFamilyName())),
        List.of(new ScimUser.Email(email, "work", true)));
  }

  private static AccountCreated created(SignIn signIn, PeerAccount account) {
    return AccountCreated.newBuilder()
        .setEventId(account.id())
        .setAccountVersion(1)
        .setOccurredAt(account.createdAt())
        .setTenant("acme")
        .setIssuer(signIn.getIssuer())
        .setSubject(signIn.getSubject())
        .setService("slack")
        .setServiceAccountId(account.serviceAccountId())
        .setUserName(account.userName())
        .setEmail(account.email())
        .setDisplayName(signIn.getDisplayName())
        .setLocale(signIn.getLocale())
        .setTimeZone(signIn.getTimeZone())
        .setOrigin(Origin.CREATED)
        .setTrigger(Trigger.FIRST_SIGN_IN)
        .setCausationId(signIn.getEventId())
        .setRule("anyone-at-acme")
        .setEntitlements(List.of())
        .setUsable(true)
        .setBackfill(false)
        .build();
  }
}
