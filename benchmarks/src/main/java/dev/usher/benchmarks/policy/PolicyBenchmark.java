package dev.usher.benchmarks.policy;

import dev.usher.benchmarks.policy.Company.SignIn;
import dev.usher.policy.Decisions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** One sign-in over fifty services, a different person each time. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class PolicyBenchmark {

  /** The people of one tenant, one after another. */
  @State(Scope.Thread)
  public static class Queue {
    private final List<SignIn> people = Company.people(0);
    private int next;

    SignIn next() {
      next = (next + 1) & (Company.PEOPLE - 1);
      return people.get(next);
    }
  }

  /** Ours, by size and kind of the policies. */
  @State(Scope.Benchmark)
  public static class Ours {
    @Param({
      "native",
      "cel-in-every-tenth",
      "ten-times-the-rules",
      "1000-tenants",
      "1000-tenants-cel-in-every-tenth"
    })
    private String policies = "native";

    private UsherEngine engine = new UsherEngine(1, false, 0);

    /** Loads the policies. */
    @Setup
    public void load() {
      engine =
          new UsherEngine(
              policies.startsWith("1000-tenants") ? 1_000 : 1,
              policies.endsWith("cel-in-every-tenth"),
              policies.equals("ten-times-the-rules") ? 27 : 0);
    }
  }

  /** A peer, which must answer as we do. */
  @State(Scope.Benchmark)
  public static class Peer {
    @Param({"cel", "jcasbin", "cedar"})
    private String name = "cel";

    private Engine engine = signIn -> 0;

    /** Makes the peer and compares its answers with ours. */
    @Setup
    public void make() {
      engine = Peers.named(name);
      Peers.requireSameAnswers(engine, new UsherEngine(1, false, 0));
    }
  }

  /** Ours. */
  @Benchmark
  public Decisions usher(Ours ours, Queue queue) {
    return ours.engine.all(queue.next());
  }

  /** Theirs. */
  @Benchmark
  public long peer(Peer peer, Queue queue) {
    return peer.engine.decide(queue.next());
  }
}
