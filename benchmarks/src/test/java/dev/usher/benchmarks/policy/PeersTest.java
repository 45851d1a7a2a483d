package dev.usher.benchmarks.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.usher.benchmarks.policy.Company.SignIn;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class PeersTest {
  private final UsherEngine ours = new UsherEngine(1, false, 0);

  @Test
  void celAnswersAsWeDo() {
    Peers.requireSameAnswers(new CelEngine(), ours);
  }

  @Test
  void jcasbinAnswersAsWeDo() {
    Peers.requireSameAnswers(new CasbinEngine(), ours);
  }

  @Test
  void cedarAnswersAsWeDo() {
    Peers.requireSameAnswers(new CedarEngine(), ours);
  }

  @Test
  void ourVariantsAnswerAlike() {
    Peers.requireSameAnswers(new UsherEngine(1, true, 0), ours);
    Peers.requireSameAnswers(new UsherEngine(3, false, 27), ours);
  }

  @Test
  void theAnswersAreWorthComparing() {
    LongStream permitted = Company.people(0).stream().map(ours::decide).mapToLong(Long::bitCount);
    long total = permitted.sum();
    assertThat(total).isBetween(200L, (long) Company.PEOPLE * Company.SERVICES - 200);
    assertThat(Company.people(0)).extracting(SignIn::mfa).contains(true, false);
  }
}
