package dev.usher.provisioning.person;

/** The fake keeps the law. */
class InMemoryStandingTest extends StandingLaw {

  private final InMemoryPersonStore store = new InMemoryPersonStore();

  @Override
  PersonStore store() {
    return store;
  }
}
