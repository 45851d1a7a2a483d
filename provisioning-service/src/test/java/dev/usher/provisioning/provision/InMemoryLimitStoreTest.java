package dev.usher.provisioning.provision;

/** The fake keeps the same promises. */
final class InMemoryLimitStoreTest extends LimitStoreContract {

  private final LimitStore store = new InMemoryLimitStore();

  @Override
  LimitStore store() {
    return store;
  }
}
