package dev.usher.provisioning.account;

import dev.usher.provisioning.store.StoreUnavailableException;
import java.util.List;

/**
 * One heartbeat document for each running instance.
 *
 * <p>All methods throw {@link StoreUnavailableException} while the database cannot be reached.
 */
interface InstanceStore {

  /**
   * A heartbeat as read.
   *
   * @param instance whose
   * @param beat how many so far; a dead instance's stands still
   * @param fenced whether another instance has declared it dead
   */
  record Heartbeat(String instance, long beat, boolean fenced) {}

  /** Writes the instance's first heartbeat. */
  void register(String instance);

  /**
   * Writes the next heartbeat.
   *
   * @return false if the instance has been fenced or is unknown; it then owns nothing any more
   */
  boolean beat(String instance);

  /** All heartbeats, at most 1,000. */
  List<Heartbeat> heartbeats();

  /**
   * Declares an instance dead, if its heartbeat still stands where it was seen.
   *
   * @return whether it is fenced now by this call
   */
  boolean fence(Heartbeat seen);

  /** Forgets the instance. */
  void remove(String instance);
}
