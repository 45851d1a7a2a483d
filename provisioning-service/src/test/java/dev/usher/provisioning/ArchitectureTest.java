package dev.usher.provisioning;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.springframework.modulith.core.ApplicationModules;

/** Who may know whom, and where each technology may show. */
final class ArchitectureTest {

  private static final String ROOT = "dev.usher.provisioning";

  private static final JavaClasses SERVICE =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages(ROOT);

  /** Every class in it breaks a rule. */
  private static final JavaClasses BROKEN =
      new ClassFileImporter().importPackages("dev.usher.broken.provisioning");

  /** Package by package, what of ours it may know; the stages meet at account. */
  private static final Map<String, Set<String>> MAY_KNOW =
      Map.of(
          "store", Set.of(),
          "tenant", Set.of("policy"),
          "person", Set.of("tenant", "policy", "store"),
          "account", Set.of("person", "tenant", "policy", "store"),
          "admission", Set.of("account", "person", "tenant", "policy", "store"),
          "intake", Set.of("admission", "person", "tenant", "policy", "events"),
          "provision", Set.of("account", "person", "tenant", "policy", "store"),
          "announce", Set.of("account", "person", "tenant", "policy", "events"),
          "ops",
              Set.of(
                  "intake",
                  "admission",
                  "account",
                  "provision",
                  "announce",
                  "person",
                  "tenant",
                  "policy"));

  @TestFactory
  Stream<DynamicTest> theServiceKeepsEachRuleAndTheBrokenFixtureBreaksIt() {
    return rules().entrySet().stream()
        .map(
            entry ->
                DynamicTest.dynamicTest(
                    entry.getKey(),
                    () -> {
                      entry.getValue().check(SERVICE);
                      assertThat(entry.getValue().evaluate(BROKEN).hasViolation())
                          .as("a rule that nothing can break is no rule")
                          .isTrue();
                    }));
  }

  @Test
  void thePackagesAreModulesWithoutCyclesThatUseEachOthersPublicTypesOnly() {
    ApplicationModules.of(UsherApplication.class).verify();
  }

  @Test
  void everyPackageHasItsRow() {
    Set<String> packages = new TreeSet<>();
    SERVICE.stream()
        .map(each -> each.getPackageName())
        .filter(name -> name.startsWith(ROOT + "."))
        .forEach(name -> packages.add(firstOf(name.substring(ROOT.length() + 1))));
    assertThat(packages).isEqualTo(new TreeSet<>(MAY_KNOW.keySet()));
  }

  private static Map<String, ArchRule> rules() {
    Map<String, ArchRule> rules = new LinkedHashMap<>();
    MAY_KNOW.forEach((name, known) -> rules.put(name + " knows " + known, mayKnow(name, known)));
    rules.put(
        "Kafka and Avro show in intake and announce only",
        noClasses()
            .that(resideOutside("intake", "announce"))
            .should()
            .dependOnClassesThat(
                resideInAnyPackage(
                    "org.apache.kafka..", "org.springframework.kafka..", "org.apache.avro..")));
    rules.put(
        "MongoDB shows in classes called Mongo, AccountDocument and PersonDocument only",
        noClasses()
            .that(
                describe(
                    "are not called Mongo",
                    each ->
                        !each.getSimpleName().startsWith("Mongo")
                            && !outermost(each).getSimpleName().startsWith("Mongo")
                            && !outermost(each).getSimpleName().equals("AccountDocument")
                            && !outermost(each).getSimpleName().equals("PersonDocument")
                            && !each.getSimpleName().endsWith("Configuration")))
            .should()
            .dependOnClassesThat(
                resideInAnyPackage("com.mongodb..", "org.bson..", "org.springframework.data..")));
    rules.put(
        "Resilience4j shows in provision only",
        noClasses()
            .that(resideOutside("provision"))
            .should()
            .dependOnClassesThat(resideInAPackage("io.github.resilience4j..")));
    rules.put(
        "HTTP clients show in connectors only",
        noClasses()
            .that(
                describe(
                    "are no connectors",
                    each -> !each.getPackageName().contains(".provision.connector")))
            .should()
            .dependOnClassesThat(
                resideInAnyPackage(
                    "org.apache.hc..", "java.net.http..", "org.springframework.web.client..")));
    rules.put(
        "connectors know the port, and neither the account nor Resilience4j",
        noClasses()
            .that(resideInAPackage("..provision.connector.."))
            .should()
            .dependOnClassesThat(
                resideInAnyPackage("..provisioning.account..", "io.github.resilience4j..")));
    rules.put(
        "Spring shows in wiring only",
        noClasses()
            .that(
                describe(
                    "are no wiring",
                    each ->
                        Stream.of(
                                    "Configuration",
                                    "Properties",
                                    "Listener",
                                    "Controller",
                                    "Health",
                                    "CommandLine",
                                    "Lifecycle")
                                .noneMatch(outermost(each).getSimpleName()::endsWith)
                            && !outermost(each).getSimpleName().startsWith("Mongo")
                            && !each.getSimpleName().equals("UsherApplication")))
            .should()
            .dependOnClassesThat(
                resideInAnyPackage(
                    "org.springframework.stereotype..",
                    "org.springframework.context..",
                    "org.springframework.beans..",
                    "org.springframework.boot..",
                    "org.springframework.web..")));
    rules.put(
        "what waits or tells the time takes a clock",
        noClasses()
            .that()
            .haveSimpleNameNotEndingWith("Configuration")
            .should()
            .callMethod(System.class, "nanoTime")
            .orShould()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .callMethod(java.time.Instant.class, "now"));
    rules.put(
        "wiring is not public",
        classes().that().haveSimpleNameEndingWith("Configuration").should().notBePublic());
    return rules;
  }

  private static ArchRule mayKnow(String name, Set<String> known) {
    List<String> allowed = new ArrayList<>();
    allowed.add(name);
    allowed.addAll(known);
    return noClasses()
        .that(describe("are in " + name, each -> packageOf(each).equals(name)))
        .should()
        .dependOnClassesThat(
            describe(
                "are of ours, outside of " + allowed,
                each -> !packageOf(each).isEmpty() && !allowed.contains(packageOf(each))));
  }

  /** The first package below the service's root; `policy` and `events` for our libraries. */
  private static String packageOf(JavaClass type) {
    String name = type.getPackageName();
    if (name.startsWith("dev.usher.policy")) {
      return "policy";
    }
    if (name.startsWith("dev.usher.events")) {
      return "events";
    }
    int root = name.indexOf("provisioning.");
    return name.startsWith("dev.usher.") && root > 0
        ? firstOf(name.substring(root + "provisioning.".length()))
        : "";
  }

  private static String firstOf(String packages) {
    int dot = packages.indexOf('.');
    return dot < 0 ? packages : packages.substring(0, dot);
  }

  private static DescribedPredicate<JavaClass> resideOutside(String... packages) {
    return describe(
        "are outside of " + String.join(", ", packages),
        each -> !List.of(packages).contains(packageOf(each)));
  }

  private static JavaClass outermost(JavaClass type) {
    return type.getEnclosingClass().map(ArchitectureTest::outermost).orElse(type);
  }
}
