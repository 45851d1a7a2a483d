package dev.usher.sandbox;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A MongoDB connection string whose database can be swapped while everything else stays, options
 * and credentials included.
 *
 * @param servers scheme, credentials and hosts
 * @param database the database it names, empty for none
 * @param options the options without the question mark, empty for none
 */
record ExternalUri(String servers, String database, String options) {

  private static final Pattern FORM =
      Pattern.compile(
          "(?<servers>mongodb(?:\\+srv)?://[^/?]+)(?:/(?<db>[^?]*))?(?:\\?(?<opts>.*))?");

  static ExternalUri of(String uri) {
    Matcher matcher = FORM.matcher(uri);
    if (!matcher.matches()) {
      // The value may hold a password, so it is not quoted.
      throw new IllegalArgumentException(
          "`%s` is no MongoDB connection string; it should look like `mongodb://host:port/?option=value`"
              .formatted(Database.EXTERNAL_URI));
    }
    return new ExternalUri(
        matcher.group("servers"), orEmpty(matcher.group("db")), orEmpty(matcher.group("opts")));
  }

  private static String orEmpty(@Nullable String group) {
    return group == null ? "" : group;
  }

  String withDatabase(String name) {
    // Without an `authSource` the database in the path is also the one that knows the user.
    boolean keepAuthSource =
        servers.contains("@") && !database.isEmpty() && !options.contains("authSource=");
    String all =
        keepAuthSource
            ? "authSource=" + database + (options.isEmpty() ? "" : "&" + options)
            : options;
    return servers + "/" + name + (all.isEmpty() ? "" : "?" + all);
  }
}
