package dev.usher.provisioning.provision.connector.scim;

import dev.usher.policy.Connector;
import dev.usher.policy.Problem;
import dev.usher.policy.TenantSource;
import dev.usher.provisioning.provision.connector.Limits;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What is known of vendors: a file of settings each, named for the vendor. Those of the operator's
 * directory stand beside those that come with us, and replace those of the same name.
 */
final class Profiles {

  static final String GENERIC = "generic";

  /** Where the vendor's API always is; what a tenant's file says, counts first. */
  static final String URL = "url";

  /** What its address looks like, where each customer has one. */
  static final String URL_EXAMPLE = "url-example";

  private static final int MOST = 1_000;
  private static final List<String> OURS =
      List.of(
          "atlassian",
          "aws-identity-center",
          "figma",
          GENERIC,
          "github-emu",
          "keycloak",
          "miro",
          "notion",
          "okta-as-target",
          "salesforce",
          "slack",
          "zoom");

  private final Map<String, Connector> byName;

  private Profiles(Map<String, Connector> byName) {
    this.byName = byName;
  }

  /**
   * @param directory of the operator's, which need not be there; null for none
   * @throws IllegalStateException if a profile is wrong, with all that is wrong with all of them
   */
  static Profiles load(@Nullable Path directory) {
    List<Problem> problems = new ArrayList<>();
    Map<String, Connector> byName = new TreeMap<>();
    for (String name : OURS) {
      byName.put(name, read(new TenantSource(name + ".yaml", resource(name)), problems));
    }
    if (directory != null && Files.isDirectory(directory)) {
      for (Path file : files(directory)) {
        String name = file.getFileName().toString();
        byName.put(
            name.substring(0, name.length() - ".yaml".length()),
            read(new TenantSource(file.toString(), text(file)), problems));
      }
    }
    if (!problems.isEmpty()) {
      throw new IllegalStateException(
          problems.stream()
              .sorted()
              .map(Problem::toString)
              .collect(Collectors.joining("\n", "Profiles of SCIM services are wrong:\n", "")));
    }
    return new Profiles(byName);
  }

  /** One profile, as far as it can be read. */
  static Connector read(TenantSource source, List<Problem> problems) {
    Connector profile = Connector.read(source, problems);
    problems.addAll(Dialect.problems(profile));
    problems.addAll(Limits.problems(profile));
    List<String> known =
        Stream.of(List.of(URL, URL_EXAMPLE), Dialect.SETTINGS, Limits.SETTINGS)
            .flatMap(List::stream)
            .toList();
    for (String name : profile.settings().keySet()) {
      if (!known.contains(name)) {
        problems.add(
            profile.problem(
                name,
                "`%s` is no setting of a profile; expected one of `%s`"
                    .formatted(name, String.join("`, `", known))));
      }
    }
    return profile;
  }

  private static String resource(String name) {
    try (InputStream in = Profiles.class.getResourceAsStream("profiles/" + name + ".yaml")) {
      if (in == null) {
        throw new IllegalStateException("the profile `" + name + "` is not in the jar");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<Path> files(Path directory) {
    List<Path> files = new ArrayList<>();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(directory, "*.yaml")) {
      for (Path file : all) {
        files.add(file);
        if (files.size() > MOST) {
          throw new IllegalStateException(
              "`%s` has more than %d profiles".formatted(directory, MOST));
        }
      }
    } catch (IOException e) {
      throw new IllegalStateException(
          "`%s` cannot be read; expected a directory of profiles".formatted(directory), e);
    }
    return files;
  }

  private static String text(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new IllegalStateException("`%s` cannot be read as UTF-8".formatted(file), e);
    }
  }

  /** Their names, in order. */
  List<String> names() {
    return List.copyOf(byName.keySet());
  }

  Optional<Connector> named(@Nullable Object name) {
    return Optional.ofNullable(byName.get(String.valueOf(name)));
  }
}
