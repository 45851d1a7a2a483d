package dev.usher.provisioning.account;

import dev.usher.policy.ActorKind;
import dev.usher.policy.Entitlement;
import dev.usher.policy.Facts;
import dev.usher.policy.Occasion;
import dev.usher.policy.SignInOutcome;
import dev.usher.policy.Trigger;
import dev.usher.policy.UserKind;
import dev.usher.provisioning.account.Account.Work;
import dev.usher.provisioning.person.Profile;
import dev.usher.provisioning.store.MongoFields;
import java.time.Instant;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.bson.Document;
import org.bson.RawBsonDocument;
import org.jspecify.annotations.Nullable;

/** The account as a document: the names that stand in the database, both ways. */
final class AccountDocument {

  static final String ID = "_id";
  static final String VERSION = "version";
  static final String TOKEN = "token";
  static final String QUEUE = "work.queue";
  static final String DUE = "work.due";
  static final String OWNER = "work.owner";

  private static final String ASKED = "asked";
  private static final String WORK = "work";

  private AccountDocument() {}

  /** All of a new account. */
  static RawBsonDocument insertion(Account account, String token) {
    MongoFields fields = new MongoFields().with(ID, account.key().toString());
    // The large part is written with the version that changes it, which a new one does.
    changing(fields, account, token);
    return fields.with("createdAt", account.createdAt()).done();
  }

  /** What the account's next version changes in its document. */
  static RawBsonDocument update(Account account, String token) {
    MongoFields update =
        new MongoFields()
            .document("$set", account, (fields, _) -> changing(fields, account, token));
    if (account.work() == null) {
      update.document("$unset", "", (fields, nothing) -> fields.with(WORK, nothing));
    }
    return update.done();
  }

  private static void changing(MongoFields fields, Account account, String token) {
    fields
        .with(VERSION, account.version() + 1)
        .with(TOKEN, token)
        .document("wanted", account.wanted(), AccountDocument::wanted)
        .document("state", account.state(), AccountDocument::state)
        .document("existence", account.existence(), AccountDocument::existence)
        .document("attempts", account.attempts(), AccountDocument::attempts)
        .documents("history", account.history(), AccountDocument::entry)
        .documents("announcements", account.announcements(), AccountDocument::announcement)
        .document(WORK, account.work(), (work, value) -> work(work, account, value));
    if (account.asked().version() == account.version() + 1) {
      fields.document(ASKED, account.asked(), AccountDocument::asked);
    }
  }

  static Account read(Document document) {
    return new Account(
        AccountKey.parse(document.getString(ID)),
        document.getLong(VERSION),
        asked(child(document, ASKED)),
        wanted(child(document, "wanted")),
        state(child(document, "state")),
        existence(document.get("existence", Document.class)),
        attempts(child(document, "attempts")),
        work(document.get(WORK, Document.class)),
        document.getList("announcements", Document.class, List.of()).stream()
            .map(AccountDocument::announcement)
            .toList(),
        document.getList("history", Document.class, List.of()).stream()
            .map(AccountDocument::entry)
            .toList(),
        instant(document, "createdAt"));
  }

  private static void asked(MongoFields fields, Asked asked) {
    fields
        .with(VERSION, asked.version())
        .document("profile", asked.profile(), AccountDocument::profile)
        .with("profileAt", asked.profileAt())
        .document("grant", asked.grant(), AccountDocument::grant);
  }

  private static Asked asked(Document document) {
    return new Asked(
        profile(child(document, "profile")),
        instant(document, "profileAt"),
        grant(child(document, "grant")),
        document.getLong(VERSION));
  }

  private static void profile(MongoFields fields, Profile profile) {
    fields
        .with("email", profile.email())
        .with("userName", profile.userName())
        .with("displayName", profile.displayName())
        .with("givenName", profile.givenName())
        .with("familyName", profile.familyName())
        .with("locale", profile.locale())
        .with("timeZone", profile.timeZone());
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

  private static void grant(MongoFields fields, Grant grant) {
    fields
        .with("rule", grant.rule())
        .with("policyRevision", grant.policyRevision())
        .documents(
            "entitlements",
            grant.entitlements(),
            (each, value) -> each.with("type", value.type()).with("value", value.value()))
        .with("trigger", grant.trigger())
        .with("causationId", grant.causationId())
        .with("traceparent", grant.traceparent())
        .with("askedAt", grant.askedAt())
        .document("facts", grant.facts(), AccountDocument::facts);
  }

  private static Grant grant(Document document) {
    return new Grant(
        document.getString("rule"),
        document.getString("policyRevision"),
        document.getList("entitlements", Document.class, List.of()).stream()
            .map(e -> new Entitlement(e.getString("type"), e.getString("value")))
            .toList(),
        Trigger.valueOf(document.getString("trigger")),
        document.getString("causationId"),
        document.getString("traceparent"),
        instant(document, "askedAt"),
        facts(child(document, "facts")));
  }

  private static void facts(MongoFields fields, Facts facts) {
    fields
        .with("occasion", facts.occasion())
        .with("issuer", facts.issuer())
        .with("subject", facts.subject())
        .with("email", facts.email())
        .with("emailVerified", facts.emailVerified())
        .with("userKind", facts.userKind())
        .with("outcome", facts.outcome())
        .with("actorKind", facts.actorKind())
        .with("application", facts.application())
        .with("clientIp", facts.clientIp())
        .strings("forwardedFor", facts.forwardedFor())
        .with("country", facts.country())
        .strings("groups", facts.groups())
        .strings("authenticationMethods", facts.authenticationMethods())
        .with("multiFactor", facts.multiFactor())
        .with("acr", facts.acr())
        // A list, since a name may hold the dots and dollars that a document's key may not.
        .documents(
            "attributes",
            facts.attributes() == null ? null : facts.attributes().entrySet(),
            (each, entry) -> each.with("name", entry.getKey()).with("value", entry.getValue()))
        .with("at", facts.at());
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

  private static @Nullable Map<String, String> attributes(@Nullable List<Document> documents) {
    if (documents == null) {
      return null;
    }
    Map<String, String> attributes = new LinkedHashMap<>();
    documents.forEach(each -> attributes.put(each.getString("name"), each.getString("value")));
    return attributes;
  }

  private static void wanted(MongoFields fields, Wanted wanted) {
    switch (wanted) {
      case Wanted.Present _ -> fields.with("presence", "PRESENT");
      case Wanted.Suspended suspended ->
          fields.with("presence", "SUSPENDED").with("cause", suspended.cause());
      case Wanted.Absent _ -> fields.with("presence", "ABSENT");
    }
    fields.with("since", wanted.since()).with("causationId", wanted.causationId());
  }

  private static Wanted wanted(Document document) {
    Instant since = instant(document, "since");
    String causationId = document.getString("causationId");
    String presence = document.getString("presence");
    return switch (presence) {
      case "PRESENT" -> new Wanted.Present(since, causationId);
      case "SUSPENDED" ->
          new Wanted.Suspended(
              SuspensionCause.valueOf(document.getString("cause")), since, causationId);
      case "ABSENT" -> new Wanted.Absent(since, causationId);
      default -> throw new IllegalArgumentException("`" + presence + "` is nothing to want");
    };
  }

  private static void state(MongoFields fields, State state) {
    fields.with("name", state.name());
    switch (state) {
      case State.Pending pending -> fields.with("again", pending.again());
      case State.Invited invited ->
          fields
              .with("invitation", invited.id())
              .with("userName", invited.userName())
              .with("expires", invited.expires());
      case State.Held held -> fields.with("reason", held.reason());
      case State.Failed failed ->
          fields
              .with("reason", failed.reason())
              .document("from", failed.from(), AccountDocument::state);
      case State.Active active -> fields.with("outdated", active.outdated());
      case State.Suspended suspended -> fields.with("cause", suspended.cause());
      case State.Waitlisted _, State.Deleted _ -> {}
    }
  }

  private static State state(Document document) {
    String name = document.getString("name");
    return switch (name) {
      case "PENDING" -> new State.Pending(document.getBoolean("again"));
      case "INVITED" ->
          new State.Invited(
              document.getString("invitation"),
              document.getString("userName"),
              optionalInstant(document, "expires"));
      case "WAITLISTED" -> new State.Waitlisted();
      case "HELD" -> new State.Held(document.getString("reason"));
      case "FAILED" ->
          new State.Failed(document.getString("reason"), state(child(document, "from")));
      case "ACTIVE" -> new State.Active(document.getBoolean("outdated"));
      case "SUSPENDED" -> new State.Suspended(SuspensionCause.valueOf(document.getString("cause")));
      case "DELETED" -> new State.Deleted();
      default -> throw new IllegalArgumentException("`" + name + "` is no state of an account");
    };
  }

  private static void existence(MongoFields fields, Existence existence) {
    fields
        .with("serviceAccountId", existence.serviceAccountId())
        .with("userName", existence.userName())
        .with("origin", existence.origin())
        .with("at", existence.at());
  }

  private static @Nullable Existence existence(@Nullable Document document) {
    return document == null
        ? null
        : new Existence(
            document.getString("serviceAccountId"),
            document.getString("userName"),
            Origin.valueOf(document.getString("origin")),
            instant(document, "at"));
  }

  private static void attempts(MongoFields fields, Attempts attempts) {
    fields
        .with("count", attempts.count())
        .with("ended", attempts.ended())
        .with("since", attempts.since());
  }

  private static Attempts attempts(Document document) {
    return new Attempts(
        document.getInteger("count"),
        document.getInteger("ended"),
        optionalInstant(document, "since"));
  }

  private static void entry(MongoFields fields, Entry entry) {
    fields.with("at", entry.at()).with("what", entry.what()).with("detail", entry.detail());
  }

  private static Entry entry(Document document) {
    return new Entry(
        instant(document, "at"), document.getString("what"), document.getString("detail"));
  }

  private static void announcement(MongoFields fields, Announcement announcement) {
    fields
        .with(VERSION, announcement.version())
        .with("at", announcement.at())
        .with("kind", announcement.kind())
        .with("reason", announcement.reason())
        .with("cause", announcement.cause())
        .with("causationId", announcement.causationId());
  }

  private static Announcement announcement(Document document) {
    return new Announcement(
        document.getLong(VERSION),
        instant(document, "at"),
        Announcement.Kind.valueOf(document.getString("kind")),
        document.getString("reason"),
        constant(SuspensionCause.class, document.getString("cause")),
        document.getString("causationId"));
  }

  private static void work(MongoFields fields, Account account, Work work) {
    fields
        .with("queue", Queue.of(account).toString())
        .with("due", work.due())
        .with("attempt", work.attempt())
        .with("announcement", work.announcement())
        .with("owner", work.owner());
  }

  private static @Nullable Work work(@Nullable Document document) {
    return document == null
        ? null
        : new Work(
            optionalInstant(document, "attempt"),
            optionalInstant(document, "announcement"),
            document.getString("owner"));
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

  private static <E extends Enum<E>> @Nullable E constant(Class<E> type, @Nullable String name) {
    return name == null ? null : Enum.valueOf(type, name);
  }
}
