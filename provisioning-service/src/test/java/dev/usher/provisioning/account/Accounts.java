package dev.usher.provisioning.account;

import dev.usher.policy.ActorKind;
import dev.usher.policy.Entitlement;
import dev.usher.policy.Facts;
import dev.usher.policy.SignInOutcome;
import dev.usher.policy.Trigger;
import dev.usher.policy.UserKind;
import dev.usher.provisioning.person.PersonKey;
import dev.usher.provisioning.person.Profile;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Accounts as tests need them. */
final class Accounts {

  static final Instant NOW = Instant.parse("2026-03-02T08:00:00Z");

  private Accounts() {}

  static AccountKey key(String subject) {
    return new AccountKey(new PersonKey("acme", "staff", subject), "slack");
  }

  /** With every field that can be known, so that stores are seen to keep all of them. */
  static Account requested(String subject) {
    return requested(key(subject));
  }

  static Account requested(AccountKey key) {
    Facts facts =
        Facts.signIn()
            .issuer("https://id.acme.example")
            .subject(key.person().subject())
            .email("Ada@Acme.example")
            .emailVerified(true)
            .userKind(UserKind.MEMBER)
            .outcome(SignInOutcome.SUCCESS)
            .actorKind(ActorKind.HUMAN)
            .application("0oa1slack")
            .clientIp("203.0.113.7")
            .forwardedFor(List.of("198.51.100.1"))
            .country("CH")
            .groups(List.of("engineering"))
            .authenticationMethods(List.of("pwd", "otp"))
            .multiFactor(true)
            .acr("urn:mace:incommon:iap:silver")
            .attributes(Map.of("cost.center", "$42"))
            .at(NOW)
            .build();
    Grant grant =
        new Grant(
            "anyone-at-acme",
            "abc123",
            List.of(new Entitlement("group", "everyone")),
            Trigger.FIRST_SIGN_IN,
            "event-1",
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
            NOW,
            facts);
    Profile profile =
        new Profile(
            "ada@acme.example", "ada", "Ada Lovelace", "Ada", "Lovelace", "en-GB", "Europe/London");
    return Account.requested(key, profile, grant, NOW);
  }

  /** It is there, by a first try that this instance has taken. */
  static Account created(Account taken) {
    Instant at = NOW.plusSeconds(1);
    return taken.after(
        pending(taken).created(new Existence("U1", "ada", Origin.CREATED, at)),
        "created",
        "in a test",
        at);
  }

  static State.Pending pending(Account account) {
    return (State.Pending) account.state();
  }

  static Account deferred(Account taken, Instant due) {
    return taken.deferred("retry", "in a test", NOW, due);
  }

  static Account held(String subject) {
    Account asked = requested(subject);
    return asked.decided(pending(asked).held("because"), NOW);
  }
}
