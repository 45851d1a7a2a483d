package dev.usher.provisioning.provision.connector;

/**
 * One service, as far as accounts are concerned. Each call may take as long as its thread is not
 * interrupted; the caller sets the deadline. Calls may come from many threads at once.
 */
public interface Connector extends AutoCloseable {

  /** Asks the service to create the account. Never throws for what the service or network does. */
  Creation create(NewAccount account);

  /** Looks for the account, or for one that stands in its place. */
  Lookup find(NewAccount account);

  @Override
  void close();
}
