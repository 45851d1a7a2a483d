package dev.usher.provisioning.provision.connector.rest;

import dev.usher.policy.Connector;
import dev.usher.policy.Problem;
import dev.usher.policy.TenantSource;
import dev.usher.provisioning.provision.connector.Capabilities.OnExisting;
import dev.usher.provisioning.provision.connector.Limits;
import dev.usher.provisioning.provision.connector.http.Request;
import dev.usher.provisioning.provision.connector.rest.Language.Fault;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads a recipe: all that is wrong with it is found at once, each at its place. */
final class RecipeReader {

  static final String URL = "url";
  static final String URL_EXAMPLE = "url-example";
  private static final String CREATE = "create";
  private static final String EXTERNAL_ID = "external-id";
  private static final String EMAILS = "emails";
  private static final String MEDIA_TYPE = "media-type";
  private static final String SETTINGS = "settings";
  private static final String HEADERS = "headers";
  private static final String ACCOUNT = "account";
  private static final String ANSWERS = "answers";
  private static final String OPERATIONS = "operations";
  private static final String MATCHES = "matches";
  private static final String EXAMPLE = "example";
  private static final String DEFAULT = "default";
  private static final String REQUEST = "request";
  private static final String WHEN = "when";
  private static final String QUERY = "query";
  private static final String BODY = "body";
  private static final String FORM = "form";
  private static final String FIRST_PAGE = "first-page";
  private static final String NEXT_PAGE = "next-page";
  private static final String STATUS = "status";
  private static final String AMONG = "among";
  private static final String IS = "is";
  private static final String EXPIRES = "expires";
  private static final String AFTER = "after";
  private static final String WORDS = "words";
  private static final String KEEP = "keep";

  /** What a recipe says, besides its limits. */
  static final List<String> KEYS =
      List.of(
          URL,
          URL_EXAMPLE,
          CREATE,
          EXTERNAL_ID,
          EMAILS,
          MEDIA_TYPE,
          SETTINGS,
          HEADERS,
          ACCOUNT,
          ANSWERS,
          OPERATIONS);

  /** What it says of a setting of its own. */
  static final List<String> SETTING_KEYS = List.of(MATCHES, EXAMPLE, DEFAULT);

  /** What it says of a request. */
  static final List<String> REQUEST_KEYS =
      List.of(REQUEST, WHEN, QUERY, HEADERS, BODY, FORM, FIRST_PAGE, NEXT_PAGE, ANSWERS);

  /** What it says of an answer, besides where the parts of an account are. */
  static final List<String> ANSWER_KEYS =
      List.of(STATUS, WHEN, AMONG, IS, EXPIRES, AFTER, WORDS, KEEP);

  private static final int MOST = 50;
  private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_]{0,39}");
  private static final Pattern START = Pattern.compile("(GET|POST|PUT|PATCH|DELETE)(?: (/.*))?");
  private static final Pattern PATH = Pattern.compile("[A-Za-z0-9._~!$&'()*+,;=:@/-]*");
  private static final Pattern BRACES = Pattern.compile("\\{([^{}]*)}");
  private static final Pattern STATUSES = Pattern.compile("[1-5](?:xx|[0-9]{2})");

  /** What the transport says, and nobody else. */
  private static final Set<String> NOT_OURS =
      Set.of(
          "authorization",
          "connection",
          "content-length",
          "content-type",
          "cookie",
          "expect",
          "host",
          "te",
          "trailer",
          "transfer-encoding",
          "upgrade");

  private final Connector file;
  private final List<Problem> problems;
  private Language language = new Language(List.of());
  private Map<Part, Expression> account = Map.of();
  private List<Rule> ofAll = List.of();
  private boolean keepsExternalId;

  private RecipeReader(Connector file, List<Problem> problems) {
    this.file = file;
    this.problems = problems;
  }

  /**
   * The recipe, as far as it can be read.
   *
   * @param problems gets all that is wrong with it
   */
  static Recipe read(TenantSource source, List<Problem> problems) {
    Connector file = Connector.read(source, problems);
    return new RecipeReader(file, problems).recipe();
  }

  /** A mapping in the file, and the path that leads there. */
  private record At(String path, Map<?, ?> values) {

    String to(String key) {
      return path.isEmpty() ? key : path + "." + key;
    }

    @Nullable Object get(String key) {
      return values.get(key);
    }

    boolean has(String key) {
      return values.containsKey(key);
    }

    List<String> keys() {
      return values.keySet().stream().map(String::valueOf).toList();
    }
  }

  private Recipe recipe() {
    At root = new At("", file.settings());
    problems.addAll(Limits.problems(file));
    knows(root, "a recipe", Stream.concat(KEYS.stream(), Limits.SETTINGS.stream()).toList());
    Map<String, Setting> settings = settings(root);
    language = new Language(settings.keySet());
    keepsExternalId = oneOf(root, EXTERNAL_ID, "kept", "forgotten").equals("kept");
    account = parts(mapping(root, ACCOUNT));
    ofAll = rules(root, null);
    Map<String, Template> headers = headers(root, EnumSet.of(Word.ACCOUNT_ID, Word.PAGE));
    return new Recipe(
        file,
        oneOf(root, CREATE, "binds", "conflicts").equals("conflicts")
            ? OnExisting.CONFLICTS
            : OnExisting.BINDS,
        keepsExternalId,
        oneOf(root, EMAILS, "unverified", "verified").equals("verified"),
        text(root, MEDIA_TYPE, "application/json"),
        settings,
        headers,
        tasks(root, headers));
  }

  // What is there.

  private void wrong(String path, String message) {
    problems.add(file.problem(path, message));
  }

  private static String quoted(Collection<String> words) {
    return words.stream().map(word -> '`' + word + '`').collect(Collectors.joining(", "));
  }

  private void knows(At at, String what, List<String> keys) {
    for (String key : at.keys()) {
      if (!keys.contains(key)) {
        wrong(
            at.to(key),
            "`%s` is no key of %s; expected one of %s".formatted(key, what, quoted(keys)));
      }
    }
  }

  private At mapping(At at, String key) {
    Object value = at.get(key);
    if (value == null || value instanceof Map) {
      return new At(at.to(key), value instanceof Map<?, ?> map ? map : Map.of());
    }
    wrong(at.to(key), "`%s` is no `%s`; expected a mapping".formatted(value, key));
    return new At(at.to(key), Map.of());
  }

  /** One mapping stands for a list of one. */
  private List<At> list(At at, String key) {
    Object value = at.get(key);
    if (value instanceof Map<?, ?> map) {
      return List.of(new At(at.to(key), map));
    }
    if (!(value instanceof List<?> all) || all.isEmpty() || all.size() > MOST) {
      wrong(at.to(key), "`%s` must be a list of 1 to %d mappings".formatted(key, MOST));
      return List.of();
    }
    List<At> items = new ArrayList<>();
    for (int i = 0; i < all.size(); i++) {
      String path = at.to(key) + '[' + i + ']';
      if (all.get(i) instanceof Map<?, ?> map) {
        items.add(new At(path, map));
      } else {
        wrong(path, "`%s` is no mapping; expected one".formatted(all.get(i)));
      }
    }
    return items;
  }

  /** The first of the words is the one that an absent key stands for. */
  private String oneOf(At at, String key, String... words) {
    Object value = at.get(key);
    if (value == null || Arrays.asList(words).contains(value)) {
      return value == null ? words[0] : value.toString();
    }
    wrong(
        at.to(key),
        "`%s` is no `%s`; expected %s".formatted(value, key, quoted(Arrays.asList(words))));
    return words[0];
  }

  private String text(At at, String key, String otherwise) {
    Object value = at.get(key);
    if (value == null || value instanceof String) {
      return value == null ? otherwise : value.toString();
    }
    wrong(at.to(key), "`%s` is no `%s`; expected text".formatted(value, key));
    return otherwise;
  }

  // The settings.

  private Map<String, Setting> settings(At root) {
    Map<String, Setting> settings = new LinkedHashMap<>();
    At all = mapping(root, SETTINGS);
    for (String name : all.keys()) {
      if (!NAME.matcher(name).matches()) {
        wrong(all.to(name), "`%s` is no name of a setting; expected such as `org`".formatted(name));
        continue;
      }
      At at = mapping(all, name);
      knows(at, "a setting", SETTING_KEYS);
      String otherwise = at.has(DEFAULT) ? String.valueOf(at.get(DEFAULT)) : null;
      String example = String.valueOf(at.has(EXAMPLE) ? at.get(EXAMPLE) : otherwise);
      Setting setting = new Setting(pattern(at), example, otherwise);
      if (!at.has(EXAMPLE) && otherwise == null) {
        wrong(
            at.path(),
            "setting `%s` has neither `example` nor `default`; expected one".formatted(name));
      } else if (!setting.takes(example) || (otherwise != null && !setting.takes(otherwise))) {
        wrong(at.path(), "setting `%s` does not match `%s`".formatted(name, setting.matches()));
      }
      settings.put(name, setting);
    }
    return settings;
  }

  private Pattern pattern(At at) {
    String text = text(at, MATCHES, "\\S.*");
    try {
      return Pattern.compile(text);
    } catch (PatternSyntaxException e) {
      wrong(
          at.to(MATCHES), "`%s` is no regular expression: %s".formatted(text, e.getDescription()));
      return Pattern.compile(".*");
    }
  }

  // The expressions.

  private @Nullable Expression expression(At at, String key, Kind kind, Set<Word> unknown) {
    Object value = at.get(key);
    return value == null ? null : expression(at.to(key), value, kind, unknown);
  }

  private @Nullable Expression expression(String path, Object value, Kind kind, Set<Word> unknown) {
    if (value instanceof Map || value instanceof List) {
      wrong(path, "expected an expression as text, which gives %s".formatted(kind.expected()));
      return null;
    }
    return compiled(path, String.valueOf(value), 0, kind, unknown);
  }

  private @Nullable Expression compiled(
      String path, String text, int column, Kind kind, Set<Word> unknown) {
    List<Fault> faults = new ArrayList<>();
    Expression expression = language.compile(text, kind, unknown, faults);
    for (Fault fault : faults) {
      int at = fault.line() == 1 ? column + fault.column() : fault.column();
      problems.add(
          file.problem(path, fault.line(), at, "`%s`: %s".formatted(brief(text), fault.message())));
    }
    return expression;
  }

  private static String brief(String text) {
    String line = text.replaceAll("\\s+", " ").strip();
    return line.length() <= 80 ? line : line.substring(0, 80) + "…";
  }

  private @Nullable Template template(String path, String text, int column, Set<Word> unknown) {
    List<Template.Piece> pieces = new ArrayList<>();
    Matcher braces = BRACES.matcher(text);
    int from = 0;
    boolean good = true;
    while (braces.find()) {
      if (braces.start() > from) {
        pieces.add(new Template.Piece.Literal(text.substring(from, braces.start())));
      }
      Expression given =
          compiled(path, braces.group(1), column + braces.start(1), Kind.TEXT, unknown);
      good &= given != null;
      if (given != null) {
        pieces.add(new Template.Piece.Given(given));
      }
      from = braces.end();
    }
    String rest = text.substring(from);
    if (rest.contains("{") || rest.contains("}")) {
      wrong(
          path,
          "`%s` has a brace without its pair; an expression in braces has none inside"
              .formatted(text));
      return null;
    }
    if (!rest.isEmpty()) {
      pieces.add(new Template.Piece.Literal(rest));
    }
    return good ? new Template(List.copyOf(pieces)) : null;
  }

  private Map<String, Template> templates(At at, Set<Word> unknown) {
    Map<String, Template> all = new LinkedHashMap<>();
    for (String name : at.keys()) {
      Object value = at.get(name);
      if (value instanceof Map || value instanceof List) {
        wrong(at.to(name), "`%s` must be text, such as `{person.email}`".formatted(name));
        continue;
      }
      Template template = template(at.to(name), String.valueOf(value), 0, unknown);
      if (template != null) {
        all.put(name, template);
      }
    }
    return all;
  }

  private Map<String, Template> headers(At at, Set<Word> unknown) {
    At headers = mapping(at, HEADERS);
    for (String name : headers.keys()) {
      if (!Request.isName(name) || NOT_OURS.contains(name.toLowerCase(Locale.ROOT))) {
        wrong(
            headers.to(name),
            "`%s` is no header that a recipe can set; what says who asks, and how much is sent, is not its own"
                .formatted(name));
      }
    }
    return templates(headers, withAnswer(unknown));
  }

  private static Set<Word> withAnswer(Set<Word> unknown) {
    Set<Word> all = EnumSet.noneOf(Word.class);
    all.addAll(unknown);
    Stream.of(Word.values()).filter(Word::isOfAnswer).forEach(all::add);
    return all;
  }

  // The requests.

  private Map<Task, List<Step>> tasks(At root, Map<String, Template> headers) {
    Map<Task, List<Step>> tasks = new EnumMap<>(Task.class);
    At operations = mapping(root, OPERATIONS);
    knows(operations, "`operations`", Task.texts());
    for (Task task : Task.values()) {
      if (operations.has(task.text())) {
        tasks.put(task, steps(operations, task, headers));
      } else if (task.isRequired()) {
        wrong(
            operations.path(), "there is no `%s`; every recipe says how to".formatted(task.text()));
      }
    }
    return tasks;
  }

  private List<Step> steps(At operations, Task task, Map<String, Template> headers) {
    List<Step> steps = new ArrayList<>();
    for (At at : list(operations, task.text())) {
      Optional.ofNullable(step(at, task, headers)).ifPresent(steps::add);
    }
    if (!steps.isEmpty()
        && steps.getLast().rules().stream().anyMatch(rule -> rule.is() == Meaning.NEXT)
        && steps.getLast().nextPage() == null) {
      wrong(
          operations.to(task.text()),
          "the last request of `%s` leads to a `next` one; expected that it ends"
              .formatted(task.text()));
    }
    return List.copyOf(steps);
  }

  private @Nullable Step step(At at, Task task, Map<String, Template> headers) {
    knows(at, "a request", REQUEST_KEYS);
    Set<Word> unknown = EnumSet.noneOf(Word.class);
    if (!task.hasId()) {
      unknown.add(Word.ACCOUNT_ID);
    }
    if (!at.has(NEXT_PAGE)) {
      unknown.add(Word.PAGE);
    }
    Set<Word> before = withAnswer(unknown);
    Map<String, Template> all = new LinkedHashMap<>(headers);
    all.putAll(headers(at, unknown));
    if (at.has(BODY) && at.has(FORM)) {
      wrong(at.to(FORM), "`body` and `form`; expected one of them");
    }
    if (at.has(FIRST_PAGE) && !at.has(NEXT_PAGE)) {
      wrong(at.to(FIRST_PAGE), "`first-page` without `next-page`; expected both, or none");
    }
    Set<Word> beforePages = EnumSet.of(Word.PAGE);
    beforePages.addAll(before);
    Expression when = expression(at, WHEN, Kind.TRUTH, beforePages);
    Expression body = expression(at, BODY, Kind.JSON, before);
    Expression nextPage = expression(at, NEXT_PAGE, Kind.ANY, EnumSet.of(Word.IT));
    List<Rule> rules = new ArrayList<>(rules(at, task));
    rules.addAll(ofAll);
    Map<String, Template> query = templates(mapping(at, QUERY), before);
    Map<String, Template> form = templates(mapping(at, FORM), before);
    Matcher start = START.matcher(text(at, REQUEST, ""));
    if (!start.matches()) {
      wrong(
          at.to(REQUEST),
          "`%s` is no request; expected such as `POST /users/{account.id}`"
              .formatted(at.get(REQUEST)));
      return null;
    }
    Template path = path(at, start, before);
    return path == null
        ? null
        : new Step(
            when,
            start.group(1),
            path,
            query,
            all,
            body,
            form,
            at.get(FIRST_PAGE),
            nextPage,
            List.copyOf(rules));
  }

  private @Nullable Template path(At at, Matcher start, Set<Word> unknown) {
    if (start.group(2) == null) {
      return new Template(List.of());
    }
    Template path = template(at.to(REQUEST), start.group(2), start.start(2), unknown);
    String literal = BRACES.matcher(start.group(2)).replaceAll("x");
    if (!PATH.matcher(literal).matches()
        || literal.contains("//")
        || ("/" + literal + "/").contains("/../")
        || ("/" + literal + "/").contains("/./")) {
      wrong(
          at.to(REQUEST),
          "`%s` is no path; expected such as `/users/{account.id}`, with parameters under `query`"
              .formatted(start.group(2)));
      return null;
    }
    return path;
  }

  // The answers.

  /**
   * @param task what is answered; null for all
   */
  private List<Rule> rules(At at, @Nullable Task task) {
    if (task == null && !at.has(ANSWERS)) {
      return List.of();
    }
    List<Rule> rules = new ArrayList<>();
    for (At each : list(at, ANSWERS)) {
      Optional.ofNullable(rule(each, task, at.has(NEXT_PAGE))).ifPresent(rules::add);
    }
    return rules;
  }

  private @Nullable Rule rule(At at, @Nullable Task task, boolean paged) {
    knows(at, "an answer", Stream.concat(ANSWER_KEYS.stream(), Part.texts().stream()).toList());
    List<String> meanings = task == null ? Meaning.textsOfAll() : Meaning.texts(task);
    Object said = at.get(IS);
    Meaning is = said == null || !meanings.contains(said) ? null : Meaning.of(said).orElse(null);
    if (is == null) {
      wrong(
          at.to(IS), "`%s` is no `is` here; expected one of %s".formatted(said, quoted(meanings)));
      return null;
    }
    Set<Word> unknown = EnumSet.noneOf(Word.class);
    if (task == null || !task.hasId()) {
      unknown.add(Word.ACCOUNT_ID);
    }
    if (!paged) {
      unknown.add(Word.PAGE);
    }
    Set<Word> beforeIt = EnumSet.of(Word.IT);
    beforeIt.addAll(unknown);
    fits(at, is);
    Map<Part, Expression> parts = new EnumMap<>(Part.class);
    if (is.describes()) {
      parts.putAll(account);
      parts.putAll(parts(at));
      needs(at, parts, is);
    }
    return new Rule(
        statuses(at),
        expression(at, AMONG, Kind.LIST, beforeIt),
        expression(at, WHEN, Kind.TRUTH, unknown),
        is,
        parts,
        expression(at, EXPIRES, Kind.TIME, unknown),
        expression(at, AFTER, Kind.SPAN, unknown),
        expression(at, WORDS, Kind.TEXT, unknown),
        keep(at, unknown));
  }

  /** What a meaning has nothing to do with, does not stand beside it. */
  private void fits(At at, Meaning is) {
    Set<String> fitting = new HashSet<>(List.of(STATUS, WHEN, AMONG, IS));
    if (is.describes()) {
      fitting.addAll(Part.texts());
    }
    switch (is) {
      case INVITED -> fitting.add(EXPIRES);
      case RETRY, BURST, QUOTA, UNAUTHORIZED -> fitting.add(AFTER);
      case REJECTED -> fitting.add(WORDS);
      case NEXT -> fitting.add(KEEP);
      case CREATED, CONFLICT, FOUND, ABSENT, DONE, GONE, WORKS -> {}
    }
    for (String key : at.keys()) {
      if ((ANSWER_KEYS.contains(key) || Part.of(key).isPresent()) && !fitting.contains(key)) {
        wrong(at.to(key), "`%s` says nothing of an answer that is `%s`".formatted(key, is.text()));
      }
    }
    if (is == Meaning.INVITED && !at.has(EXPIRES)) {
      wrong(at.path(), "an answer that is `invited` needs `expires`, when the invitation lapses");
    }
  }

  private void needs(At at, Map<Part, Expression> parts, Meaning is) {
    if (!parts.containsKey(Part.ID)) {
      wrong(
          at.path(),
          "an answer that is `%s` needs an `id`, here or under `account`".formatted(is.text()));
    }
    if (is == Meaning.FOUND && keepsExternalId && !parts.containsKey(Part.EXTERNAL_ID)) {
      wrong(
          at.path(),
          "an answer that is `found` needs an `externalId`, here or under `account`, where `external-id` is `kept`");
    }
  }

  private Map<Part, Expression> parts(At at) {
    Map<Part, Expression> parts = new EnumMap<>(Part.class);
    if (at.path().equals(ACCOUNT)) {
      knows(at, "`account`", Part.texts());
    }
    for (Part part : Part.values()) {
      Expression expression = expression(at, part.text(), part.kind(), EnumSet.of(Word.PAGE));
      if (expression != null) {
        parts.put(part, expression);
      }
    }
    return parts;
  }

  private Map<String, Expression> keep(At at, Set<Word> unknown) {
    Map<String, Expression> keep = new LinkedHashMap<>();
    At all = mapping(at, KEEP);
    for (String name : all.keys()) {
      Expression expression = expression(all, name, Kind.ANY, unknown);
      if (!NAME.matcher(name).matches()) {
        wrong(all.to(name), "`%s` is no name; expected such as `login`".formatted(name));
      } else if (expression != null) {
        keep.put(name, expression);
      }
    }
    return keep;
  }

  /** {@code 200}, {@code 2xx}, or a list of them. */
  private Set<Integer> statuses(At at) {
    Object value = at.get(STATUS);
    Set<Integer> statuses = new HashSet<>();
    for (Object each : value instanceof List<?> list ? list : List.of(String.valueOf(value))) {
      String text = String.valueOf(each);
      if (!STATUSES.matcher(text).matches()) {
        wrong(
            at.to(STATUS),
            "`%s` is no `status`; expected such as `201`, `2xx` or `[200, 404]`".formatted(text));
        return Set.of();
      }
      if (text.endsWith("xx")) {
        int from = (text.charAt(0) - '0') * 100;
        IntStream.range(from, from + 100).forEach(statuses::add);
      } else {
        statuses.add(Integer.parseInt(text));
      }
    }
    return Set.copyOf(statuses);
  }
}
