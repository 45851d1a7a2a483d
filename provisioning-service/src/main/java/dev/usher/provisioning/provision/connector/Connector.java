package dev.usher.provisioning.provision.connector;

/**
 * One service, as far as accounts are concerned. No call throws for what the service or the network
 * does; each ends by its deadline, at the latest when its thread is interrupted, and sends nothing
 * once the deadline has passed. Calls may come from many threads at once.
 *
 * <p>The ids are the service's own. Where an operation needs the whole account, as a PUT does, it
 * is given as it shall be. What the {@link #capabilities} lack is never called.
 */
public interface Connector extends AutoCloseable {

  /** What the service can do, and how it is known to behave; the same at each call. */
  Capabilities capabilities();

  /** Asks the service to create the account, or to invite the person. */
  Creation create(DesiredAccount account, Deadline deadline);

  /** Looks for the account by our {@code externalId}, or for one that stands in its place. */
  Lookup find(DesiredAccount account, Deadline deadline);

  /** Reads the account, or how far an invitation has come, by its id. */
  Lookup read(String id, DesiredAccount account, Deadline deadline);

  /** Makes its attributes and group memberships those that are desired. */
  Change update(String id, DesiredAccount account, Deadline deadline);

  /** Makes it unusable, in a way that can be undone. */
  Change suspend(String id, DesiredAccount account, Deadline deadline);

  /** Makes a suspended one usable again. */
  Change reactivate(String id, DesiredAccount account, Deadline deadline);

  /** Removes it, or withdraws the invitation. */
  Change delete(String id, DesiredAccount account, Deadline deadline);

  /** Whether credentials and endpoint work, without an effect on any account. */
  Probe probe(Deadline deadline);

  @Override
  void close();
}
