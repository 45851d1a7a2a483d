package dev.usher.policy;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;

/**
 * Reads a sign-in as people write it in test files: a mapping of facts over another that holds the
 * defaults. What neither states is unknown, and so is what says `unknown`; only outcome and actor
 * are a human's success unless stated.
 */
final class FactsReader {
  private static final String[] KEYS = {
    "issuer",
    "subject",
    "email",
    "email-verified",
    "user-kind",
    "outcome",
    "actor-kind",
    "occasion",
    "application",
    "ip",
    "forwarded-for",
    "country",
    "groups",
    "methods",
    "mfa",
    "acr",
    "attributes",
    "at",
  };
  private static final String UNKNOWN = "unknown";

  private final PolicySet policies;
  private final Problems problems;
  private final @Nullable Section defaults;

  /**
   * Reads against the issuers of a policy set.
   *
   * @param defaults a mapping of facts; null if there are none
   */
  FactsReader(PolicySet policies, @Nullable Node defaults, Problems problems) {
    this.policies = policies;
    this.problems = problems;
    this.defaults = defaults == null ? null : open(defaults, "`defaults`");
  }

  private Section open(Node node, String what) {
    return Section.open(node, what, problems, KEYS);
  }

  /**
   * The facts.
   *
   * @param tenant whose issuers may be called by their short ids; null if they must be given as
   *     `iss`
   */
  Facts read(Node node, @Nullable String tenant) {
    Section own = open(node, "the sign-in");
    Occasion occasion = word(own, "occasion", Occasion.values());
    Facts.Builder facts = Facts.on(occasion == null ? Occasion.SIGN_IN : occasion);
    String issuer = text(own, "issuer");
    facts
        .issuer(issuer == null ? null : iss(issuer, tenant))
        .subject(text(own, "subject"))
        .email(text(own, "email"))
        .emailVerified(flag(own, "email-verified"))
        .userKind(word(own, "user-kind", UserKind.values()))
        .application(text(own, "application"))
        .clientIp(text(own, "ip"))
        .forwardedFor(list(own, "forwarded-for"))
        .country(text(own, "country"))
        .groups(list(own, "groups"))
        .authenticationMethods(list(own, "methods"))
        .multiFactor(flag(own, "mfa"))
        .acr(text(own, "acr"))
        .attributes(attributes(own))
        .at(one(own, "at", "a time such as `2026-03-02T09:00:00Z`", FactsReader::instant));
    unlessStated(own, "outcome", SignInOutcome.values(), SignInOutcome.SUCCESS, facts::outcome);
    unlessStated(own, "actor-kind", ActorKind.values(), ActorKind.HUMAN, facts::actorKind);
    return facts.build();
  }

  private <E extends Enum<E>> void unlessStated(
      Section own, String key, E[] values, E otherwise, Consumer<@Nullable E> set) {
    set.accept(section(own, key) == null ? otherwise : word(own, key, values));
  }

  private String iss(String issuer, @Nullable String tenant) {
    for (Tenant candidate : policies.tenants()) {
      for (Issuer known : candidate.issuers()) {
        if (candidate.id().equals(tenant) && known.id().equals(issuer)) {
          return known.iss();
        }
      }
    }
    return issuer;
  }

  /** Where the key is stated: in the sign-in itself, else in the defaults, else nowhere. */
  private @Nullable Section section(Section own, String key) {
    if (own.has(key)) {
      return own;
    }
    return defaults != null && defaults.has(key) ? defaults : null;
  }

  private <T> @Nullable T one(
      Section own, String key, String expected, Function<String, @Nullable T> read) {
    Section section = section(own, key);
    return section == null || isUnknown(section.value(key))
        ? null
        : section.one(key, expected, read);
  }

  private static boolean isUnknown(@Nullable Node node) {
    return node instanceof ScalarNode scalar && scalar.getValue().equals(UNKNOWN);
  }

  private @Nullable String text(Section own, String key) {
    return one(own, key, "text", text -> text);
  }

  private @Nullable Boolean flag(Section own, String key) {
    return one(own, key, "`true`, `false` or `unknown`", FactsReader::flag);
  }

  private static @Nullable Boolean flag(String text) {
    return switch (text) {
      case "true" -> Boolean.TRUE;
      case "false" -> Boolean.FALSE;
      default -> null;
    };
  }

  private <E extends Enum<E>> @Nullable E word(Section own, String key, E[] values) {
    Set<String> words = new LinkedHashSet<>();
    Map<String, E> byWord = new HashMap<>();
    for (E value : values) {
      String word = value.name().toLowerCase(Locale.ROOT).replace('_', '-');
      words.add(word);
      byWord.put(word, value);
    }
    String expected = "`" + String.join("`, `", words) + "` or `unknown`";
    return one(own, key, expected, byWord::get);
  }

  private static @Nullable Instant instant(String text) {
    try {
      return OffsetDateTime.parse(text).toInstant();
    } catch (DateTimeException notOne) {
      return null;
    }
  }

  /** A list; `[]` is known to be empty. */
  private @Nullable List<String> list(Section own, String key) {
    Section section = section(own, key);
    if (section == null || isUnknown(section.value(key))) {
      return null;
    }
    return section.isEmptyList(key) ? List.of() : section.many(key, "text", text -> text);
  }

  private @Nullable Map<String, String> attributes(Section own) {
    Section section = section(own, "attributes");
    Node node = section == null ? null : section.value("attributes");
    if (node == null || isUnknown(node)) {
      return null;
    }
    Section attributes = Section.open(node, "`attributes`", problems);
    Map<String, String> values = new HashMap<>();
    for (String name : attributes.keys()) {
      String value = attributes.one(name, "text", text -> text);
      if (value != null) {
        values.put(name, value);
      }
    }
    return values;
  }
}
