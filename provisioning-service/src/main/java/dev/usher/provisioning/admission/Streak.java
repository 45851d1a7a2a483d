package dev.usher.provisioning.admission;

import dev.usher.policy.Decision;
import dev.usher.policy.Decisions;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Sign-ins in a row to which the same was decided, as it is for most of a company: what follows
 * from the decisions alone is worked out, and told, once for all of them.
 */
final class Streak {

  private final List<AdmissionObserver> observers;
  private @Nullable Decisions decisions;
  private long fingerprint;
  private int signIns;

  Streak(List<AdmissionObserver> observers) {
    this.observers = observers;
  }

  /** Takes the next sign-in in. */
  void add(Decisions next) {
    if (decisions == null || !next.sameAs(decisions)) {
      end();
      decisions = next;
      fingerprint = fingerprint(next);
    }
    signIns++;
  }

  /** Of the decisions of the last sign-in: what makes them other ones, in 64 bits. */
  long fingerprint() {
    return fingerprint;
  }

  /** Tells how many there were. */
  void end() {
    if (decisions != null && signIns > 0) {
      Verdict verdict = Verdict.of(decisions);
      for (AdmissionObserver observer : observers) {
        observer.counted(verdict, signIns);
      }
    }
    signIns = 0;
  }

  private static long fingerprint(Decisions decisions) {
    long hash = decisions.revision().hashCode();
    for (int i = 0; i < decisions.size(); i++) {
      Decision decision = decisions.get(i);
      hash = hash * 0x9E3779B97F4A7C15L + decision.reason().text().hashCode();
      hash = (hash ^ (hash >>> 29)) * 31;
      if (decision.rule() != null) {
        hash += decision.rule().hashCode();
      }
    }
    return hash;
  }
}
