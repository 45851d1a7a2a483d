package dev.usher.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** What holds for every policy and every person, tried on random ones. */
class LawsTest {
  private static final int PEOPLE = 20;

  @Property
  void theIndexSaysWhatTheRulesSayOneByOne(@ForAll long seed) {
    World world = new World(seed);
    TenantPolicy tenant = world.tenant();
    Index index = new Index(tenant);
    for (int i = 0; i < PEOPLE; i++) {
      Sighting sighting = world.sighting();
      Decision[] decisions = index.decide(sighting);
      for (int s = 0; s < decisions.length; s++) {
        Decision naive = Interpreter.decide(tenant, tenant.services().get(s), sighting);
        assertThat(decisions[s])
            .as("%s by %s", sighting, tenant.services().get(s).rules())
            .isEqualTo(naive);
      }
    }
  }

  @Property
  void addingAForbidNeverPermitsMore(@ForAll long seed) {
    World world = new World(seed);
    List<Rule> rules = world.rules();
    List<Rule> more = new ArrayList<>(rules);
    more.add(world.rule("one-more", Effect.FORBID));
    Collections.shuffle(more, new Random(seed));
    TenantPolicy tenant = world.tenant(List.of(World.service(0, rules), World.service(0, more)));
    Index index = new Index(tenant);
    for (int i = 0; i < PEOPLE; i++) {
      Decision[] decisions = index.decide(world.sighting());
      assertThat(decisions[1].permitted() && !decisions[0].permitted()).isFalse();
    }
  }

  @Property
  void ruleOrderNeverMatters(@ForAll long seed) {
    World world = new World(seed);
    List<Rule> rules = world.rules();
    List<Rule> shuffled = new ArrayList<>(rules);
    Collections.shuffle(shuffled, new Random(seed));
    TenantPolicy tenant =
        world.tenant(List.of(World.service(0, rules), World.service(0, shuffled)));
    Index index = new Index(tenant);
    for (int i = 0; i < PEOPLE; i++) {
      Decision[] decisions = index.decide(world.sighting());
      assertThat(decisions[1]).isEqualTo(decisions[0]);
    }
  }

  @Property
  void anExplanationIsOfTheDecision(@ForAll long seed) {
    World world = new World(seed);
    TenantPolicy tenant = world.tenant();
    for (ServicePolicy policy : tenant.services()) {
      Sighting sighting = world.sighting();
      Decision decision = Interpreter.decide(tenant, policy, sighting);
      Explanation explained = Explaining.explain(tenant, policy, sighting, decision);
      assertThat(explained.rules()).hasSameSizeAs(policy.rules());
      for (Explanation.RuleTrace trace : explained.rules()) {
        if (trace.rule().equals(decision.rule()) && decision.reason() == Reason.PERMITTED) {
          assertThat(trace.match()).isEqualTo(Explanation.Match.MATCHED);
        }
        boolean stops =
            trace.effect().equals("forbid")
                && (trace.match() == Explanation.Match.MATCHED
                    || trace.match() == Explanation.Match.UNKNOWN);
        assertThat(stops && decision.permitted()).isFalse();
        boolean asked = trace.match() != Explanation.Match.NOT_ELIGIBLE;
        boolean said = trace.because() != null || trace.effect().equals("forbid");
        assertThat(asked ? trace.because() == null : !said)
            .isEqualTo(asked && trace.match() == Explanation.Match.MATCHED);
      }
    }
  }

  @Property
  void normalizingTwiceIsNormalizingOnce(@ForAll("almostAddresses") String text) {
    if (EmailAddress.parse(text) instanceof EmailAddress email) {
      assertThat(EmailAddress.parse(email.toString())).isEqualTo(email);
      assertThat(email.toString()).isLowerCase().matches("[!-~]+@[a-z0-9.-]+");
    }
  }

  @Provide
  Arbitrary<String> almostAddresses() {
    Arbitrary<String> pieces =
        Arbitraries.of(
            "a",
            "B",
            "z9",
            ".",
            "-",
            "+",
            "@",
            "@",
            "acme.",
            "example",
            "xn--",
            "xn--bcher-kva",
            "\u00fc",
            "\u00df",
            "\u0430",
            "\u0441",
            "\u0301",
            "\u3042",
            "\u6f22",
            "\ud83d\ude00",
            "\u3002",
            "\uff0e",
            "\u0130",
            "\"",
            " ",
            "\u0000",
            ".com",
            "1");
    Arbitrary<String> built = pieces.list().ofMaxSize(9).map(list -> String.join("", list));
    Arbitrary<String> domains =
        pieces.list().ofMaxSize(5).map(list -> "jane@" + String.join("", list) + ".example");
    return Arbitraries.oneOf(built, domains, Arbitraries.strings());
  }

  @Property
  void addressesSurviveBeingWritten(@ForAll @Size(16) byte[] bytes) throws UnknownHostException {
    IpAddress address = read(InetAddress.getByAddress(bytes).getHostAddress());
    assertThat(IpAddress.parse(address.toString())).isEqualTo(address);
    byte[] four = {bytes[0], bytes[1], bytes[2], bytes[3]};
    String quad = InetAddress.getByAddress(four).getHostAddress();
    assertThat(IpAddress.parse("::ffff:" + quad)).isEqualTo(IpAddress.parse(quad)).isNotNull();
  }

  private static IpAddress read(String text) {
    return Objects.requireNonNull(IpAddress.parse(text), text);
  }

  @Property
  void aNetworkIsItsFirstBits(
      @ForAll @Size(16) byte[] one,
      @ForAll @Size(16) byte[] two,
      @ForAll @IntRange(max = 128) int n)
      throws UnknownHostException {
    byte[] near = two.clone();
    System.arraycopy(one, 0, near, 0, n / 8);
    IpAddress a = read(InetAddress.getByAddress(one).getHostAddress());
    IpAddress b = read(InetAddress.getByAddress(near).getHostAddress());
    if (!a.v4() && !b.v4()) {
      boolean same =
          new BigInteger(1, one)
              .shiftRight(128 - n)
              .equals(new BigInteger(1, near).shiftRight(128 - n));
      assertThat(new Network(a, n).contains(b)).isEqualTo(same);
    }
  }

  @Property
  void whateverTheTextNoAddressOrNetworkIsMadeUp(@ForAll("almostIps") String text) {
    IpAddress address = IpAddress.parse(text);
    if (address != null) {
      assertThat(text).matches("[0-9a-fA-F:.]{2,45}");
      assertThat(IpAddress.parse(address.toString())).isEqualTo(address);
    }
    Network network = Network.parse(text);
    if (network != null) {
      assertThat(network.contains(network.address())).isTrue();
      assertThat(network.aligned().contains(network.last())).isTrue();
    }
  }

  @Provide
  Arbitrary<String> almostIps() {
    return Arbitraries.of("1", "0", "255", "256", "01", "f", "ffff", ":", "::", ".", "/", "%", "10")
        .list()
        .ofMaxSize(16)
        .map(list -> String.join("", list));
  }

  @Property
  void aGlobMatchesWhatItsRegularExpressionMatches(
      @ForAll("globs") String glob, @ForAll("globs") String text) {
    String input = text.replace("*", "");
    String regex = glob.replace("*", ".*");
    assertThat(new Glob(glob).matches(input)).isEqualTo(input.matches(regex));
  }

  @Provide
  Arbitrary<String> globs() {
    return Arbitraries.strings().withChars("ab*").ofMaxLength(12);
  }

  @Property(tries = 100)
  void theSameWorldIsMadeAgain(@ForAll long seed) {
    assertThat(new HashSet<>(new World(seed).rules()))
        .isEqualTo(new HashSet<>(new World(seed).rules()));
  }
}
