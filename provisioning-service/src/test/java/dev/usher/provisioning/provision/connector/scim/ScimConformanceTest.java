package dev.usher.provisioning.provision.connector.scim;

import static dev.usher.sandbox.Habit.filtersBy;

import dev.usher.provisioning.provision.connector.ConnectorContract;
import dev.usher.provisioning.provision.connector.Subject;
import dev.usher.provisioning.provision.connector.scim.ScimSubject.Server;
import dev.usher.sandbox.Front;
import dev.usher.sandbox.Habit;
import dev.usher.sandbox.Habit.Quirk;
import dev.usher.sandbox.Saas;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * SCIM against servers that we did not write, and each vendor's profile against one that has the
 * vendor's habits.
 */
@Execution(ExecutionMode.CONCURRENT)
class ScimConformanceTest extends ConnectorContract {

  private static final String BELIEVED =
      "the profile does not say `re-read-after-create`, so a 201 is believed";

  @Override
  protected String table() {
    return "scim";
  }

  @Override
  protected List<Subject> subjects() {
    return Stream.of(known(), strange(), scimple(), vendors())
        .flatMap(each -> each)
        .map(Subject.class::cast)
        .toList();
  }

  /** What the standard has, asked for in all ways. */
  private static Stream<ScimSubject> known() {
    return Stream.of(
        sandbox("generic"),
        sandbox("generic", List.of("create: conflicts", "re-read-after-create: true")),
        sandbox("generic", List.of("updates: put", "etags: sent", "filters: []")));
  }

  /** What services are known to make of it, and nobody has told us. */
  private static Stream<ScimSubject> strange() {
    return Stream.of(
        sandbox(
                "generic",
                List.of("media-type: application/json"),
                Quirk.PUT_ONLY,
                Quirk.NO_SCIM_TYPE,
                Quirk.PLAIN_JSON)
            .speaking("application/json"),
        sandbox("generic", new Habit.Filters(Set.of("userName"), Habit.Unsupported.EMPTY)),
        sandbox(
            "generic",
            List.of("page-size: 3"),
            new Habit.Filters(Set.of(), Habit.Unsupported.IGNORED),
            new Habit.Pages(2)),
        sandbox("generic", Quirk.BINDS, Quirk.DELETE_DEACTIVATES, Quirk.NO_ETAGS),
        sandbox("generic", List.of("external-id: forgotten"), Quirk.FORGETS_EXTERNAL_ID));
  }

  private static Stream<ScimSubject> scimple() {
    Scimple scimple = Scimple.start();
    Front front = Front.before(scimple.url());
    Server server = new Server("Apache SCIMple", scimple.url(), () -> Scimple.TOKEN, true);
    ScimSubject patched =
        new ScimSubject(server, "generic", "re-read-after-create: true")
            .failing(front)
            .grouped("engineering")
            .closing(scimple)
            .closing(front);
    patched.makesGroup("engineering");
    ScimSubject put =
        new ScimSubject(server, "generic", "updates: put", "create: conflicts")
            .failing(front)
            .grouped("engineering")
            .without(Case.NOT_CREATED, BELIEVED);
    return Stream.of(patched, put);
  }

  private static Stream<ScimSubject> vendors() {
    return Stream.of(
        sandbox("atlassian", filtersBy("userName", "externalId"), Quirk.NO_ETAGS),
        sandbox(
            "aws-identity-center",
            filtersBy("userName", "externalId"),
            new Habit.Pages(50),
            Quirk.WANTS_NAMES_AND_ONE_EMAIL,
            Quirk.NO_REPLACE_IN_GROUPS,
            Quirk.NO_ETAGS),
        sandbox(
                "figma",
                filtersBy("userName", "externalId"),
                new Habit.Pages(200),
                Quirk.BINDS,
                Quirk.PLAIN_JSON,
                Quirk.NO_ETAGS)
            .speaking("application/json"),
        sandbox(
            "github-emu",
            filtersBy("userName", "externalId"),
            new Habit.Pages(100),
            Quirk.WANTS_USER_AGENT,
            Quirk.NO_ETAGS),
        sandbox("miro", filtersBy("userName"), Quirk.NO_ETAGS),
        sandbox(
                "notion",
                filtersBy("email"),
                new Habit.Pages(100),
                Quirk.FORGETS_EXTERNAL_ID,
                Quirk.NO_ETAGS)
            .lookedUpBy("email"),
        sandbox(
                "okta-as-target",
                filtersBy("userName", "externalId"),
                Quirk.PUT_ONLY,
                Quirk.NO_ETAGS)
            .without(Case.GROUP, "the profile says `groups: none`"),
        sandbox(
            "salesforce", filtersBy("userName", "externalId"), Quirk.PLURAL_CONFIG, Quirk.NO_ETAGS),
        sandbox(
            "slack",
            filtersBy("userName", "externalId", "emails.value"),
            Quirk.DELETE_DEACTIVATES,
            Quirk.PLURAL_CONFIG,
            Quirk.WANTS_WORK_EMAIL,
            Quirk.NO_ETAGS),
        sandbox(
            "zoom",
            filtersBy("userName"),
            Quirk.WANTS_SCIM_ACCEPTED,
            Quirk.FORGETS_EXTERNAL_ID,
            Quirk.PUT_ONLY,
            Quirk.NO_ETAGS));
  }

  private static ScimSubject sandbox(String profile, Habit... habits) {
    return sandbox(profile, List.of(), habits);
  }

  private static ScimSubject sandbox(String profile, List<String> settings, Habit... habits) {
    Saas saas = Saas.start();
    saas.habits(habits);
    saas.group("engineering");
    saas.group("sales");
    boolean remembers = !List.of(habits).contains(Quirk.FORGETS_EXTERNAL_ID);
    ScimSubject subject =
        new ScimSubject(
                new Server("SCIM-SDK" + described(habits), saas.url(), saas::token, remembers),
                profile,
                settings.toArray(String[]::new))
            .failing(saas.faults())
            .grouped("engineering")
            .closing(saas);
    return settings.contains("re-read-after-create: true")
        ? subject
        : subject.without(Case.NOT_CREATED, BELIEVED);
  }

  /** The habits as the page has them. */
  private static String described(Habit... habits) {
    return Arrays.stream(habits)
        .map(
            habit ->
                switch (habit) {
                  case Habit.Filters(Set<String> attributes, Habit.Unsupported others) ->
                      "filters by %s, others %s"
                          .formatted(
                              attributes.isEmpty()
                                  ? "nothing"
                                  : attributes.stream().sorted().collect(Collectors.joining(", ")),
                              words(others));
                  case Habit.Pages(int most) -> "pages of " + most;
                  case Quirk quirk -> words(quirk);
                })
        .map(habit -> "; " + habit)
        .collect(Collectors.joining());
  }

  private static String words(Enum<?> habit) {
    return habit.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
