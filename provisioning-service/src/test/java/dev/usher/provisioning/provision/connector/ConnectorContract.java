package dev.usher.provisioning.provision.connector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.usher.policy.Entitlement;
import dev.usher.provisioning.provision.connector.Capabilities.OnExisting;
import dev.usher.provisioning.provision.connector.Capabilities.Operation;
import dev.usher.provisioning.provision.connector.NotNow.Cause;
import dev.usher.provisioning.provision.connector.Subject.Seen;
import dev.usher.sandbox.Fault;
import dev.usher.sandbox.Faults;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * What each connector owes, whatever it talks to. A test class names its {@link #subjects}; each is
 * tried in every case, and what came of it is a column of a table that the page on connectors
 * keeps. A case that a subject cannot be tried in says why. {@code -Dmatrix=write} writes the page.
 */
@TestInstance(Lifecycle.PER_CLASS)
public abstract class ConnectorContract {

  private static final Duration SLOW = Duration.ofMillis(20);
  private static final Duration WAIT = Duration.ofSeconds(7);

  private final List<Subject> subjects = new ArrayList<>();
  private final Map<Subject, Map<Case, Result>> results = new HashMap<>();

  /** What came of a case. */
  private sealed interface Result {

    record Holds() implements Result {}

    record Fails() implements Result {}

    record Cannot(String why) implements Result {}
  }

  /** What is tried. */
  public enum Case {
    PROBE("a probe says that it works"),
    NOBODY("wrong credentials are told apart and make nothing"),
    ABSENT("what is not there is absent"),
    CREATE("create"),
    CREATE_AGAIN("create again"),
    CRASH_BETWEEN("create, crash, and find it"),
    CONFLICT_OWNED("conflict with somebody else's"),
    CONFLICT_UNOWNED("conflict with nobody's"),
    ADOPT("adopt nobody's: an update makes it ours"),
    READ("read"),
    UPDATE("update", Operation.UPDATE),
    SUSPEND("suspend", Operation.SUSPEND),
    REACTIVATE("reactivate", Operation.REACTIVATE),
    DELETE("delete", Operation.DELETE),
    GROUP("a granted group"),
    DELAYED("fault: delay"),
    TOO_MANY("fault: 429, seconds"),
    TOO_MANY_DATE("fault: 429, date"),
    ERROR_500("fault: 500"),
    ERROR_503("fault: 503"),
    ERROR_500_DONE("fault: 500 after effect"),
    ERROR_502_DONE("fault: 502 after effect"),
    RESET("fault: reset"),
    RESET_DONE("fault: reset after effect"),
    HANG("fault: hang"),
    HANG_DONE("fault: hang after effect"),
    SLOW_BODY("fault: slow body"),
    NOT_CREATED("fault: 201 without creating"),
    NO_CONFLICT("fault: 409 although absent"),
    MALFORMED("fault: malformed body"),
    REFUSAL("fault: refusal");

    private final String title;
    private final @Nullable Operation operation;

    Case(String title) {
      this(title, null);
    }

    Case(String title, @Nullable Operation operation) {
      this.title = title;
      this.operation = operation;
    }

    /** What befalls the server; empty if nothing does. */
    Optional<Fault> fault() {
      return switch (this) {
        case DELAYED -> Optional.of(Fault.delay(SLOW));
        case TOO_MANY -> Optional.of(Fault.tooManyRequests(WAIT));
        case TOO_MANY_DATE ->
            Optional.of(Fault.tooManyRequests(WAIT, Fault.RetryAfterForm.HTTP_DATE));
        case ERROR_500 -> Optional.of(Fault.serverError(500));
        case ERROR_503 -> Optional.of(Fault.serverError(503));
        case ERROR_500_DONE -> Optional.of(Fault.serverErrorAfterEffect(500));
        case ERROR_502_DONE -> Optional.of(Fault.serverErrorAfterEffect(502));
        case RESET -> Optional.of(Fault.reset());
        case RESET_DONE -> Optional.of(Fault.resetAfterEffect());
        case HANG -> Optional.of(Fault.hang());
        case HANG_DONE -> Optional.of(Fault.hangAfterEffect());
        case SLOW_BODY -> Optional.of(Fault.slowBody(SLOW));
        case NOT_CREATED -> Optional.of(Fault.createdWithoutCreating());
        case NO_CONFLICT -> Optional.of(Fault.conflictAlthoughAbsent());
        case MALFORMED -> Optional.of(Fault.malformedBody());
        case REFUSAL -> Optional.of(Fault.refusal());
        case PROBE,
            NOBODY,
            ABSENT,
            CREATE,
            CREATE_AGAIN,
            CRASH_BETWEEN,
            CONFLICT_OWNED,
            CONFLICT_UNOWNED,
            ADOPT,
            READ,
            UPDATE,
            SUSPEND,
            REACTIVATE,
            DELETE,
            GROUP ->
            Optional.empty();
      };
    }
  }

  /** What is tried, in the order of the table's columns; closed in the end. */
  protected abstract List<Subject> subjects();

  /** The name of the table on the page. */
  protected abstract String table();

  /** One after the other, whatever runs beside them, since a fault befalls whichever is next. */
  @TestFactory
  @Execution(ExecutionMode.SAME_THREAD)
  Stream<DynamicNode> cases() {
    subjects.addAll(subjects());
    Stream<DynamicNode> tries =
        subjects.stream()
            .map(
                subject ->
                    dynamicContainer(
                        subject.connector() + " at " + subject.server(),
                        Stream.of(Case.values())
                            .map(which -> dynamicTest(which.title, () -> tries(subject, which)))));
    return Stream.concat(tries, Stream.of(dynamicTest("the page has the table", this::page)));
  }

  @AfterAll
  void closeSubjects() {
    subjects.forEach(Subject::close);
  }

  private void tries(Subject subject, Case which) {
    Map<Case, Result> column = results.computeIfAbsent(subject, _ -> new EnumMap<>(Case.class));
    try (Connector connector = subject.connect()) {
      Optional<String> reason = reason(subject, connector, which);
      if (reason.isPresent()) {
        column.put(which, new Result.Cannot(reason.get()));
        return;
      }
      column.put(which, new Result.Fails());
      new Trial(subject, connector, which).run();
      column.put(which, new Result.Holds());
    }
  }

  private static Optional<String> reason(Subject subject, Connector connector, Case which) {
    Operation operation = which.operation;
    if (operation != null && !connector.capabilities().can(operation)) {
      return Optional.of("it has no " + operation.name().toLowerCase(Locale.ROOT));
    }
    if (which.fault().isPresent() && subject.faults().isEmpty()) {
      return Optional.of("the server does not fail on demand");
    }
    if (which == Case.ADOPT && !connector.capabilities().can(Operation.UPDATE)) {
      return Optional.of("it has no update");
    }
    if (which == Case.ADOPT && !connector.capabilities().keepsExternalId()) {
      return Optional.of("it forgets whose an account is");
    }
    if (which == Case.GROUP && subject.group().isEmpty()) {
      return Optional.of("the server has no groups");
    }
    return subject.cannot(which);
  }

  private void page() throws IOException {
    String table = print();
    System.out.println(table);
    PageOnConnectors.has("matrix", table(), table);
  }

  /** Who is tried, each by a letter; a row for each case; and why a case cannot hold. */
  private String print() {
    StringBuilder text = new StringBuilder("\n| | connector | server |\n| --- | --- | --- |\n");
    StringBuilder head = new StringBuilder("\n| case |");
    StringBuilder line = new StringBuilder("\n| --- |");
    char letter = 'A';
    for (Subject subject : subjects) {
      text.append("| %c | %s | %s |\n".formatted(letter, subject.connector(), subject.server()));
      head.append(" %c |".formatted(letter++));
      line.append(" --- |");
    }
    text.append(head).append(line);
    List<String> reasons = new ArrayList<>();
    for (Case which : Case.values()) {
      text.append("\n| ").append(which.title).append(" |");
      for (Subject subject : subjects) {
        Result result = results.getOrDefault(subject, Map.of()).get(which);
        text.append(' ').append(cell(result, reasons)).append(" |");
      }
    }
    text.append("\n");
    for (String reason : reasons) {
      text.append("\n%d. %s".formatted(reasons.indexOf(reason) + 1, reason));
    }
    return text.append("\n\n").toString();
  }

  private static String cell(@Nullable Result result, List<String> reasons) {
    return switch (result) {
      case null -> "**not tried**";
      case Result.Holds _ -> "yes";
      case Result.Fails _ -> "**no**";
      case Result.Cannot(String why) -> {
        if (!reasons.contains(why)) {
          reasons.add(why);
        }
        yield "not (%d)".formatted(reasons.indexOf(why) + 1);
      }
    };
  }

  /** One case with one subject. */
  private record Trial(Subject subject, Connector connector, Case which) {

    void run() {
      DesiredAccount account = account();
      switch (which) {
        case PROBE -> assertThat(connector.probe(soon())).isInstanceOf(Probe.Works.class);
        case NOBODY -> asNobody(account);
        case ABSENT -> absent(account);
        case CREATE -> create(account);
        case CREATE_AGAIN -> createAgain(account);
        case CRASH_BETWEEN -> crashBetween(account);
        case CONFLICT_OWNED -> conflict(account, Optional.of("globex/staff/9/other"));
        case CONFLICT_UNOWNED -> conflict(account, Optional.empty());
        case ADOPT -> adopt(account);
        case READ -> read(account);
        case UPDATE -> update(account);
        case SUSPEND -> suspend(account);
        case REACTIVATE -> reactivate(account);
        case DELETE -> delete(account);
        case GROUP -> group(account);
        case DELAYED,
            TOO_MANY,
            TOO_MANY_DATE,
            ERROR_500,
            ERROR_503,
            ERROR_500_DONE,
            ERROR_502_DONE,
            RESET,
            RESET_DONE,
            HANG,
            HANG_DONE,
            SLOW_BODY,
            NOT_CREATED,
            NO_CONFLICT,
            MALFORMED,
            REFUSAL ->
            fault(account);
      }
    }

    private DesiredAccount account() {
      return subject.account(which.name().toLowerCase(Locale.ROOT).replace("_", ""));
    }

    private static Deadline soon() {
      return Deadline.after(Duration.ofSeconds(20), System::nanoTime);
    }

    /** Makes it, and says its id. */
    private String made(DesiredAccount account) {
      return switch (connector.create(account, soon())) {
        case Creation.Created created -> created.id();
        case Creation.Invited invited -> invited.id();
        case Creation.Conflict _, NotNow _, Rejected _, Unknown _ ->
            throw new AssertionError("not made");
      };
    }

    private Seen one(DesiredAccount account) {
      assertThat(subject.seen(account)).hasSize(1);
      return subject.seen(account).getFirst();
    }

    private boolean isOurs(DesiredAccount account, Lookup lookup) {
      return switch (lookup) {
        case Lookup.Found found ->
            !connector.capabilities().keepsExternalId()
                || account.externalId().equals(found.externalId());
        case Lookup.StillInvited _ -> connector.capabilities().invites();
        case Lookup.Absent _, NotNow _ -> false;
      };
    }

    private void asNobody(DesiredAccount account) {
      try (Connector nobody = subject.connectAsNobody()) {
        assertThat(nobody.create(account, soon()))
            .isInstanceOfSatisfying(
                NotNow.class, notNow -> assertThat(notNow.cause()).isEqualTo(Cause.TROUBLE));
        assertThat(nobody.find(account, soon())).isInstanceOf(NotNow.class);
        assertThat(nobody.probe(soon())).isInstanceOf(Probe.Fails.class);
      }
      assertThat(subject.seen(account)).isEmpty();
    }

    private void absent(DesiredAccount account) {
      assertThat(connector.find(account, soon())).isEqualTo(new Lookup.Absent());
      made(subject.account("another"));
      assertThat(connector.find(account, soon())).isEqualTo(new Lookup.Absent());
    }

    private void create(DesiredAccount account) {
      String id = made(account);
      Seen seen = one(account);
      assertThat(seen.id()).isEqualTo(id);
      assertThat(seen.active().orElse(true)).isTrue();
      if (connector.capabilities().keepsExternalId()) {
        assertThat(seen.externalId()).contains(account.externalId());
      }
    }

    private void createAgain(DesiredAccount account) {
      String id = made(account);
      if (connector.capabilities().onExisting() == OnExisting.CONFLICTS) {
        assertThat(connector.create(account, soon())).isEqualTo(new Creation.Conflict());
      } else {
        // Whoever creates here has looked before.
        assertThat(isOurs(account, connector.find(account, soon()))).isTrue();
      }
      assertThat(one(account).id()).isEqualTo(id);
    }

    private void crashBetween(DesiredAccount account) {
      made(account);
      try (Connector successor = subject.connect()) {
        assertThat(isOurs(account, successor.find(account, soon()))).isTrue();
      }
      assertThat(subject.seen(account)).hasSize(1);
    }

    private void conflict(DesiredAccount account, Optional<String> owner) {
      subject.puts(account, owner);
      Seen before = one(account);
      if (connector.capabilities().onExisting() == OnExisting.CONFLICTS) {
        assertThat(connector.create(account, soon())).isEqualTo(new Creation.Conflict());
      }
      assertThat(connector.find(account, soon()))
          .isInstanceOfSatisfying(
              Lookup.Found.class,
              found -> {
                assertThat(found.id()).isEqualTo(before.id());
                if (connector.capabilities().keepsExternalId()) {
                  assertThat(found.externalId()).isEqualTo(owner.orElse(null));
                }
              });
      assertThat(subject.seen(account)).containsExactly(before);
    }

    private void adopt(DesiredAccount account) {
      subject.puts(account, Optional.empty());
      Seen before = one(account);
      assertThat(connector.update(before.id(), account, soon())).isEqualTo(new Change.Done());
      assertThat(one(account).externalId()).contains(account.externalId());
      assertThat(isOurs(account, connector.find(account, soon()))).isTrue();
    }

    private void read(DesiredAccount account) {
      String id = made(account);
      assertThat(isOurs(account, connector.read(id, account, soon()))).isTrue();
      assertThat(connector.read("no-such-id-4711", account, soon())).isEqualTo(new Lookup.Absent());
    }

    private void update(DesiredAccount account) {
      String id = made(account);
      DesiredAccount renamed = subject.renamed(account);
      assertThat(connector.update(id, renamed, soon())).isEqualTo(new Change.Done());
      Optional<String> name = one(account).displayName();
      if (name.isPresent()) {
        assertThat(name).hasValue(renamed.profile().displayName());
      }
      assertThat(connector.update(id, renamed, soon())).isEqualTo(new Change.Done());
      assertThat(one(account).active().orElse(true)).isTrue();
      assertThat(connector.update("no-such-id-4711", account, soon())).isEqualTo(new Change.Gone());
    }

    private void suspend(DesiredAccount account) {
      String id = made(account);
      assertThat(connector.suspend(id, account, soon())).isEqualTo(new Change.Done());
      assertThat(isActive(account)).isFalse();
      assertThat(connector.suspend(id, account, soon())).isEqualTo(new Change.Done());
      assertThat(isOurs(account, connector.read(id, account, soon()))).isTrue();
    }

    private boolean isActive(DesiredAccount account) {
      List<Seen> seen = subject.seen(account);
      return !seen.isEmpty() && seen.getFirst().active().orElse(true);
    }

    private void reactivate(DesiredAccount account) {
      String id = made(account);
      assertThat(connector.suspend(id, account, soon())).isEqualTo(new Change.Done());
      assertThat(connector.reactivate(id, account, soon())).isEqualTo(new Change.Done());
      assertThat(isActive(account)).isTrue();
      assertThat(connector.reactivate(id, account, soon())).isEqualTo(new Change.Done());
      assertThat(subject.seen(account)).hasSize(1);
    }

    private void delete(DesiredAccount account) {
      String id = made(account);
      assertThat(connector.delete(id, account, soon())).isEqualTo(new Change.Done());
      assertThat(isActive(account)).isFalse();
      // Where a delete only deactivates, there is something to delete again.
      assertThat(connector.delete(id, account, soon()))
          .isInstanceOfAny(Change.Gone.class, Change.Done.class);
      switch (connector.find(account, soon())) {
        case Lookup.Absent _ -> assertThat(subject.seen(account)).isEmpty();
        case Lookup.Found found -> assertThat(found.active()).isFalse();
        case Lookup.StillInvited _, NotNow _ ->
            throw new AssertionError("neither gone nor inactive");
      }
    }

    private void group(DesiredAccount plain) {
      DesiredAccount account =
          new DesiredAccount(
              plain.externalId(),
              plain.userName(),
              plain.profile(),
              plain.attributes(),
              List.of(new Entitlement("group", subject.group().orElseThrow())));
      assertThat(connector.create(account, soon()))
          .isInstanceOfSatisfying(
              Creation.Created.class, created -> assertThat(created.complete()).isTrue());
      assertThat(subject.isMember(account)).isTrue();
      assertThat(connector.update(one(account).id(), account, soon())).isEqualTo(new Change.Done());
      assertThat(subject.isMember(account)).isTrue();
    }

    /**
     * What comes of a fault may never be told wrong: what is said to be made is there, what is said
     * to be surely not done is not, and whoever looks and then creates has one account in the end.
     */
    private void fault(DesiredAccount account) {
      Creation creation = befallen(() -> connector.create(account, patience()));
      int there = subject.seen(account).size();
      switch (creation) {
        case Creation.Created _, Creation.Invited _ -> assertThat(there).isEqualTo(1);
        case NotNow _, Rejected _, Creation.Conflict _ -> assertThat(there).isZero();
        case Unknown _ -> assertThat(there).isBetween(0, 1);
      }
      assertThat(creation.toString()).doesNotContain(account.userName());
      assertThat(isOurs(account, connector.find(account, soon()))).isEqualTo(there == 1);
      if (there == 0) {
        made(account);
      }
      Lookup lookup = befallen(() -> connector.find(account, patience()));
      assertThat(lookup instanceof NotNow || isOurs(account, lookup)).isTrue();
      if (connector.capabilities().can(Operation.SUSPEND)) {
        suspendThrough(account);
      }
      assertThat(subject.seen(account)).hasSize(1);
    }

    private void suspendThrough(DesiredAccount account) {
      String id = one(account).id();
      switch (befallen(() -> connector.suspend(id, account, patience()))) {
        case Change.Done _ -> assertThat(isActive(account)).isFalse();
        case NotNow _, Rejected _ -> assertThat(isActive(account)).isTrue();
        case Unknown _ -> {}
        case Change.Gone _ -> throw new AssertionError("it is there");
      }
      assertThat(connector.suspend(id, account, soon())).isEqualTo(new Change.Done());
      assertThat(isActive(account)).isFalse();
    }

    private <T> T befallen(Supplier<T> call) {
      Faults faults = subject.faults().orElseThrow();
      faults.next(which.fault().orElseThrow());
      try {
        return call.get();
      } finally {
        faults.none();
      }
    }

    /** Nobody waits long for what never comes; anything else may take its time. */
    private Deadline patience() {
      return switch (which) {
        case HANG, HANG_DONE -> Deadline.after(subject.takesAtMost(), System::nanoTime);
        default -> soon();
      };
    }
  }
}
