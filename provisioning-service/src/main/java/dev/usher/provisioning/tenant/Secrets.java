package dev.usher.provisioning.tenant;

import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Resolves the references to secrets that stand in credential fields of tenant files: {@code
 * ${NAME}} in a file of tenant {@code acme} is the property {@code usher.secrets.acme.NAME}, and no
 * file can name another tenant's.
 */
public final class Secrets {

  private static final Pattern REFERENCE = Pattern.compile("\\$\\{([A-Z][A-Z0-9_]{0,63})}");

  private final Function<String, @Nullable String> properties;

  /** Looks secrets up among these properties, at each use, so that a changed one is seen. */
  public Secrets(Function<String, @Nullable String> properties) {
    this.properties = properties;
  }

  /** Whether the text is a reference, as credential fields need. */
  public static boolean isReference(String text) {
    return REFERENCE.matcher(text).matches();
  }

  /** The property that a tenant's reference stands for. */
  public static String property(String tenant, String reference) {
    Matcher matcher = REFERENCE.matcher(reference);
    if (!matcher.matches()) {
      throw new IllegalArgumentException("not a reference such as `${NAME}`");
    }
    return "usher.secrets." + tenant + '.' + matcher.group(1);
  }

  /**
   * Whether another tenant's secrets could be reached by the reference: in the environment, {@code
   * ${EU_TOKEN}} of {@code acme} and {@code ${TOKEN}} of {@code acme-eu} are one variable.
   */
  static boolean reaches(String tenant, String reference, String other) {
    return other.startsWith(tenant + "-")
        && inEnvironment(property(tenant, reference))
            .startsWith(inEnvironment("usher.secrets." + other + '.'));
  }

  private static String inEnvironment(String property) {
    return property.replace('.', '_').replace('-', '_').toUpperCase(Locale.ROOT);
  }

  /** The secret; empty if it is not set, or is blank. */
  public Optional<String> resolve(String tenant, String reference) {
    return Optional.ofNullable(properties.apply(property(tenant, reference)))
        .map(String::strip)
        .filter(secret -> !secret.isEmpty());
  }
}
