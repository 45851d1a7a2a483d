package dev.usher.provisioning.person;

/** The fake keeps the contract. */
final class InMemoryPersonStoreTest extends PersonStoreContract {

  private final InMemoryPersonStore store = new InMemoryPersonStore();

  @Override
  PersonStore store() {
    return store;
  }
}
