package dev.usher.provisioning.account;

import dev.usher.policy.ActorKind;
import dev.usher.policy.Entitlement;
import dev.usher.policy.Facts;
import dev.usher.policy.Occasion;
import dev.usher.policy.SignInOutcome;
import dev.usher.policy.Trigger;
import dev.usher.policy.UserKind;
import dev.usher.provisioning.person.Profile;
import java.time.Instant;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.bson.Document;
import org.jspecify.annotations.Nullable;

/** The account as a document: the names that stand in the database, both ways. */
final class AccountDocument {

  static final String ID = "_id";
  static final String VERSION = "version";
  static final String TOKEN = "token";
  static final String QUEUE = "work.queue";
  static final String DUE = "work.due";
  static final String OWNER = "work.owner";

  private AccountDocument() {}

  static Document write(Account account, String token) {
    return new Fields()
        .with(ID, account.key().toString())
        .with(VERSION, account.version())
        .with(TOKEN, token)
        .with("state", account.state().name())
        .with("reason", account.reason())
        .with("profile", profile(account.profile()))
        .with("grant", grant(account.grant()))
        .with("attempts", attempts(account.attempts()))
        .with("existence", existence(account.existence()))
        .with("work", work(account))
        .with(
            "announcements",
            account.announcements().stream().map(AccountDocument::announcement).toList())
        .with("createdAt", account.createdAt())
        .done();
  }

  static Account read(Document document) {
    return new Account(
        AccountKey.parse(document.getString(ID)),
        document.getLong(VERSION),
        AccountState.valueOf(document.getString("state")),
        document.getString("reason"),
        profile(child(document, "profile")),
        grant(child(document, "grant")),
        attempts(child(document, "attempts")),
        existence(document.get("existence", Document.class)),
        work(document.get("work", Document.class)),
        // FerretDB 1 drops an empty list from what an upsert inserts.
        document.getList("announcements", Document.class, List.of()).stream()
            .map(AccountDocument::announcement)
            .toList(),
        instant(document, "createdAt"));
  }

  private static Document profile(Profile profile) {
    return new Fields()
        .with("email", profile.email())
        .with("userName", profile.userName())
        .with("displayName", profile.displayName())
        .with("givenName", profile.givenName())
        .with("familyName", profile.familyName())
        .with("locale", profile.locale())
        .with("timeZone", profile.timeZone())
        .done();
  }

  private static Profile profile(Document document) {
    return new Profile(
        document.getString("email"),
        document.getString("userName"),
        document.getString("displayName"),
        document.getString("givenName"),
        document.getString("familyName"),
        document.getString("locale"),
        document.getString("timeZone"));
  }

  private static Document grant(Grant grant) {
    return new Fields()
        .with("rule", grant.rule())
        .with("policyRevision", grant.policyRevision())
        .with(
            "entitlements",
            grant.entitlements().stream()
                .map(e -> new Document("type", e.type()).append("value", e.value()))
                .toList())
        .with("trigger", grant.trigger().name())
        .with("causationId", grant.causationId())
        .with("traceparent", grant.traceparent())
        .with("askedAt", grant.askedAt())
        .with("facts", facts(grant.facts()))
        .done();
  }

  private static Grant grant(Document document) {
    return new Grant(
        document.getString("rule"),
        document.getString("policyRevision"),
        document.getList("entitlements", Document.class).stream()
            .map(e -> new Entitlement(e.getString("type"), e.getString("value")))
            .toList(),
        Trigger.valueOf(document.getString("trigger")),
        document.getString("causationId"),
        document.getString("traceparent"),
        instant(document, "askedAt"),
        facts(child(document, "facts")));
  }

  private static Document facts(Facts facts) {
    return new Fields()
        .with("occasion", facts.occasion().name())
        .with("issuer", facts.issuer())
        .with("subject", facts.subject())
        .with("email", facts.email())
        .with("emailVerified", facts.emailVerified())
        .with("userKind", name(facts.userKind()))
        .with("outcome", name(facts.outcome()))
        .with("actorKind", name(facts.actorKind()))
        .with("application", facts.application())
        .with("clientIp", facts.clientIp())
        .with("forwardedFor", facts.forwardedFor())
        .with("country", facts.country())
        .with("groups", facts.groups())
        .with("authenticationMethods", facts.authenticationMethods())
        .with("multiFactor", facts.multiFactor())
        .with("acr", facts.acr())
        // A list, since a name may hold the dots and dollars that a document's key may not.
        .with("attributes", attributes(facts.attributes()))
        .with("at", facts.at())
        .done();
  }

  private static Facts facts(Document document) {
    return Facts.on(Occasion.valueOf(document.getString("occasion")))
        .issuer(document.getString("issuer"))
        .subject(document.getString("subject"))
        .email(document.getString("email"))
        .emailVerified(document.getBoolean("emailVerified"))
        .userKind(constant(UserKind.class, document.getString("userKind")))
        .outcome(constant(SignInOutcome.class, document.getString("outcome")))
        .actorKind(constant(ActorKind.class, document.getString("actorKind")))
        .application(document.getString("application"))
        .clientIp(document.getString("clientIp"))
        .forwardedFor(document.getList("forwardedFor", String.class))
        .country(document.getString("country"))
        .groups(document.getList("groups", String.class))
        .authenticationMethods(document.getList("authenticationMethods", String.class))
        .multiFactor(document.getBoolean("multiFactor"))
        .acr(document.getString("acr"))
        .attributes(attributes(document.getList("attributes", Document.class)))
        .at(optionalInstant(document, "at"))
        .build();
  }

  private static @Nullable List<Document> attributes(@Nullable Map<String, String> attributes) {
    return attributes == null
        ? null
        : attributes.entrySet().stream()
            .map(e -> new Document("name", e.getKey()).append("value", e.getValue()))
            .toList();
  }

  private static @Nullable Map<String, String> attributes(@Nullable List<Document> documents) {
    if (documents == null) {
      return null;
    }
    Map<String, String> attributes = new LinkedHashMap<>();
    documents.forEach(each -> attributes.put(each.getString("name"), each.getString("value")));
    return attributes;
  }

  private static Document attempts(Account.Attempts attempts) {
    return new Fields()
        .with("count", attempts.count())
        .with("since", attempts.since())
        .with(
            "history",
            attempts.history().stream()
                .map(
                    attempt ->
                        new Fields()
                            .with("number", attempt.number())
                            .with("at", attempt.at())
                            .with("outcome", attempt.outcome())
                            .with("detail", attempt.detail())
                            .done())
                .toList())
        .done();
  }

  private static Account.Attempts attempts(Document document) {
    return new Account.Attempts(
        document.getInteger("count"),
        optionalInstant(document, "since"),
        document.getList("history", Document.class).stream()
            .map(
                each ->
                    new Attempt(
                        each.getInteger("number"),
                        instant(each, "at"),
                        each.getString("outcome"),
                        each.getString("detail")))
            .toList());
  }

  private static @Nullable Document existence(Account.@Nullable Existence existence) {
    return existence == null
        ? null
        : new Fields()
            .with("serviceAccountId", existence.serviceAccountId())
            .with("userName", existence.userName())
            .with("origin", existence.origin().name())
            .with("at", existence.at())
            .done();
  }

  private static Account.@Nullable Existence existence(@Nullable Document document) {
    return document == null
        ? null
        : new Account.Existence(
            document.getString("serviceAccountId"),
            document.getString("userName"),
            Origin.valueOf(document.getString("origin")),
            instant(document, "at"));
  }

  private static @Nullable Document work(Account account) {
    Account.Work work = account.work();
    return work == null
        ? null
        : new Fields()
            .with("queue", Queue.of(account).toString())
            .with("due", work.due())
            .with("owner", work.owner())
            .done();
  }

  private static Account.@Nullable Work work(@Nullable Document document) {
    return document == null
        ? null
        : new Account.Work(instant(document, "due"), document.getString("owner"));
  }

  private static Document announcement(Announcement announcement) {
    return new Fields()
        .with("version", announcement.version())
        .with("at", announcement.at())
        .with("kind", announcement.kind().name())
        .with("reason", announcement.reason())
        .done();
  }

  private static Announcement announcement(Document document) {
    return new Announcement(
        document.getLong("version"),
        instant(document, "at"),
        Announcement.Kind.valueOf(document.getString("kind")),
        document.getString("reason"));
  }

  private static Document child(Document document, String name) {
    return Objects.requireNonNull(document.get(name, Document.class), name);
  }

  private static Instant instant(Document document, String name) {
    return document.getDate(name).toInstant();
  }

  private static @Nullable Instant optionalInstant(Document document, String name) {
    Date date = document.getDate(name);
    return date == null ? null : date.toInstant();
  }

  private static @Nullable String name(@Nullable Enum<?> constant) {
    return constant == null ? null : constant.name();
  }

  private static <E extends Enum<E>> @Nullable E constant(Class<E> type, @Nullable String name) {
    return name == null ? null : Enum.valueOf(type, name);
  }

  /** A document in the making, in which what is unknown is absent. */
  private static final class Fields {
    private final Document document = new Document();

    Fields with(String name, @Nullable Object value) {
      if (value instanceof Instant instant) {
        document.append(name, Date.from(instant));
      } else if (value != null) {
        document.append(name, value);
      }
      return this;
    }

    Document done() {
      return document;
    }
  }
}
