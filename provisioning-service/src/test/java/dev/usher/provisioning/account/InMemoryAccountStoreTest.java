package dev.usher.provisioning.account;

/** The fake keeps the contract. */
final class InMemoryAccountStoreTest extends AccountStoreContract {

  private final InMemoryAccountStore store = new InMemoryAccountStore();

  @Override
  AccountStore store() {
    return store;
  }
}
