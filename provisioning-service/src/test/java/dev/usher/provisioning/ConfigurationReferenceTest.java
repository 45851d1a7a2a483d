package dev.usher.provisioning;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.lang.reflect.Constructor;
import java.lang.reflect.Parameter;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/** The page on operations names each setting of ours with its default, and none that is not. */
final class ConfigurationReferenceTest {

  private static final Path PAGE = Path.of("../docs/operations.md");

  /** {@code | `usher.some.setting` | `default` |}, at the start of a row. */
  private static final Pattern ROW =
      Pattern.compile("^\\| `(usher\\.[^`]+)` \\| `([^`]*)` \\|.*", Pattern.MULTILINE);

  @Test
  void thePageHasEachSettingWithItsDefaultAndNoOther() throws IOException {
    Set<String> page =
        ROW.matcher(Files.readString(PAGE))
            .results()
            .map(row -> row.group(1) + " = " + row.group(2))
            .collect(Collectors.toCollection(TreeSet::new));

    Set<String> settings =
        propertiesTypes()
            .flatMap(type -> settings(prefix(type), type))
            .collect(Collectors.toCollection(TreeSet::new));

    assertThat(settings).hasSizeGreaterThan(20);
    assertThat(page).isEqualTo(settings);
  }

  private static Stream<Class<?>> propertiesTypes() {
    return new ClassFileImporter()
        .importPackages("dev.usher.provisioning").stream()
            .filter(type -> type.isAnnotatedWith(ConfigurationProperties.class))
            .map(JavaClass::reflect);
  }

  private static String prefix(Class<?> type) {
    return type.getAnnotation(ConfigurationProperties.class).value();
  }

  /** Each setting of the record; a list of records has the settings of its elements. */
  private static Stream<String> settings(String prefix, Class<?> type) {
    assertThat(type.isRecord()).as("`%s` is a record", type).isTrue();
    RecordComponent[] components = type.getRecordComponents();
    Class<?>[] types =
        Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
    Parameter[] parameters = constructor(type, types).getParameters();
    return Stream.iterate(0, i -> i < components.length, i -> i + 1)
        .flatMap(
            i -> {
              String name = prefix + '.' + kebab(components[i].getName());
              Class<?> element = elementRecord(components[i]);
              return element == null
                  ? Stream.of(name + " = " + byDefault(name, parameters[i]))
                  : settings(name + "[]", element);
            });
  }

  private static Constructor<?> constructor(Class<?> type, Class<?>[] parameters) {
    try {
      return type.getDeclaredConstructor(parameters);
    } catch (NoSuchMethodException e) {
      throw new IllegalStateException("each record has it", e);
    }
  }

  private static @Nullable Class<?> elementRecord(RecordComponent component) {
    return component.getGenericType() instanceof java.lang.reflect.ParameterizedType list
            && list.getActualTypeArguments()[0] instanceof Class<?> element
            && element.isRecord()
        ? element
        : null;
  }

  private static String byDefault(String name, Parameter parameter) {
    DefaultValue value = parameter.getAnnotation(DefaultValue.class);
    if (value != null) {
      return String.join(",", value.value());
    }
    // The settings whose defaults are written in code, as those of the lists around them.
    return switch (name) {
      case "usher.topics.sign-ins[].topic" -> "identity.sign-ins";
      case "usher.topics.identity-changes[].topic" -> "identity.changes";
      default -> throw new AssertionError("`" + name + "` has no default");
    };
  }

  private static String kebab(String name) {
    return name.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
  }
}
