package dev.usher.benchmarks.policy;

import dev.usher.benchmarks.policy.Company.SignIn;

/** Decides a sign-in for all services. */
interface Engine {
  /** The services that the person may join, as bits by the service's number. */
  long decide(SignIn signIn);
}
