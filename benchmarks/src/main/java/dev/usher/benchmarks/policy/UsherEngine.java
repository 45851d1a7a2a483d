package dev.usher.benchmarks.policy;

import dev.usher.benchmarks.policy.Company.SignIn;
import dev.usher.policy.Decisions;
import dev.usher.policy.LoadResult;
import dev.usher.policy.PolicySet;
import dev.usher.policy.TenantSource;
import java.util.ArrayList;
import java.util.List;

/** Ours. */
final class UsherEngine implements Engine {
  private final PolicySet policies;

  UsherEngine(int tenants, boolean mixed, int further) {
    List<TenantSource> sources = new ArrayList<>();
    for (int i = 0; i < tenants; i++) {
      sources.add(Company.tenant(i, mixed, further));
    }
    this.policies =
        switch (PolicySet.load(sources)) {
          case LoadResult.Loaded loaded -> loaded.policies();
          case LoadResult.Refused refused ->
              throw new IllegalStateException(refused.problems().toString());
        };
  }

  Decisions all(SignIn signIn) {
    return policies.decide(signIn.facts());
  }

  @Override
  public long decide(SignIn signIn) {
    Decisions decisions = policies.decide(signIn.facts());
    long permitted = 0;
    for (int i = 0; i < decisions.size(); i++) {
      permitted |= decisions.get(i).permitted() ? 1L << i : 0;
    }
    return permitted;
  }
}
