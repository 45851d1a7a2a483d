package dev.usher.provisioning.provision.connector.rest;

import dev.usher.policy.Problem;
import dev.usher.policy.TenantSource;
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
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The recipes there are: a file each, named for the service. Those of the operator's directory
 * stand beside those that come with us, and replace those of the same name. Ours are read when they
 * are first used: nobody waits for the expressions of a service that they do not have.
 */
final class Recipes {

  static final List<String> OURS =
      List.of("github-organization", "google-workspace", "signed-webhook", "zoom");

  private static final int MOST = 1_000;
  private static final String ENDING = ".yaml";

  private final Map<String, Recipe> read;

  private Recipes(Map<String, Recipe> read) {
    this.read = new ConcurrentHashMap<>(read);
  }

  /**
   * @param directory of the operator's, which need not be there; null for none
   * @throws IllegalStateException if a recipe is wrong, with all that is wrong with all of them
   */
  static Recipes load(@Nullable Path directory) {
    List<Problem> problems = new ArrayList<>();
    Map<String, Recipe> read = new TreeMap<>();
    if (directory != null && Files.isDirectory(directory)) {
      for (Path file : files(directory)) {
        String name = file.getFileName().toString();
        read.put(
            name.substring(0, name.length() - ENDING.length()),
            RecipeReader.read(new TenantSource(file.toString(), text(file)), problems));
      }
    }
    refuse(problems);
    return new Recipes(read);
  }

  private static void refuse(List<Problem> problems) {
    if (!problems.isEmpty()) {
      throw new IllegalStateException(
          problems.stream()
              .sorted()
              .map(Problem::toString)
              .collect(Collectors.joining("\n", "Recipes of services are wrong:\n", "")));
    }
  }

  private static List<Path> files(Path directory) {
    List<Path> files = new ArrayList<>();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(directory, "*" + ENDING)) {
      for (Path file : all) {
        files.add(file);
        if (files.size() > MOST) {
          throw new IllegalStateException(
              "`%s` has more than %d recipes".formatted(directory, MOST));
        }
      }
    } catch (IOException e) {
      throw new IllegalStateException(
          "`%s` cannot be read; expected a directory of recipes".formatted(directory), e);
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

  private static Recipe ours(String name) {
    List<Problem> problems = new ArrayList<>();
    Recipe recipe = RecipeReader.read(new TenantSource(name + ENDING, resource(name)), problems);
    refuse(problems);
    return recipe;
  }

  private static String resource(String name) {
    try (InputStream in = Recipes.class.getResourceAsStream("recipes/" + name + ENDING)) {
      if (in == null) {
        throw new IllegalStateException("the recipe `" + name + "` is not in the jar");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Their names, in order. */
  List<String> names() {
    Set<String> names = new TreeSet<>(OURS);
    names.addAll(read.keySet());
    return List.copyOf(names);
  }

  Optional<Recipe> named(@Nullable Object name) {
    String text = String.valueOf(name);
    return names().contains(text)
        ? Optional.of(read.computeIfAbsent(text, Recipes::ours))
        : Optional.empty();
  }
}
