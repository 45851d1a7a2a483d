package dev.usher.provisioning.person;

import dev.usher.provisioning.store.StoreUnavailableException;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * Where people are kept: one document each, every write an update of that document alone.
 *
 * <p>No call takes more than {@link #BATCH_LIMIT} people; more are an {@link
 * IllegalArgumentException}. All methods throw {@link StoreUnavailableException} while the database
 * cannot be reached; what they then did is unknown, and doing it again is safe.
 */
public interface PersonStore {

  /** The largest number of people that one call takes. */
  int BATCH_LIMIT = 1_000;

  /** Those of the people of whom anything is kept, by key. One read. */
  Map<PersonKey, Person> find(Collection<PersonKey> keys);

  /** Those of the people who have left, with that standing. One read, of the standings alone. */
  Map<PersonKey, Standing> leftAmong(Collection<PersonKey> keys);

  /**
   * Keeps these decisions, each in place of the one before for its service; leaves other services
   * and the standing as they are. Of whoever has left before, nothing is kept. Durable when it
   * returns. Of two writers at once for a service, the last one's stays. One write, unless somebody
   * has left.
   *
   * @param decisions by person, at most one for each service
   * @return those of them who have left, with that standing: all who had before it was written, and
   *     maybe some who did meanwhile
   */
  Map<PersonKey, Standing> keepDecisions(Map<PersonKey, List<KeptDecision>> decisions);

  /**
   * Takes in what the issuers say of people's being there. A standing is written only if it
   * outranks the one in force, so that neither the order nor the repetition of events changes where
   * they end. Durable when it returns. One read, and one write for those whom it changes.
   *
   * @return the standing in force afterwards, for each of the people; where it is of the same time
   *     and kind as the one given, it may name another event as its cause
   * @see Standing#outranks
   */
  Map<PersonKey, Standing> apply(Map<PersonKey, Standing> changes);

  /**
   * Notes repeats and last times, off the path of commits: times go forward only, counts are added.
   * It makes neither a person nor a decision that is not there. If the decision for a service
   * changed in between, the repeats are lost or count for its successor; doing it again after a
   * lost answer may count them twice. One write.
   */
  void seen(Map<PersonKey, Seen> seen);

  /**
   * Removes people of whom nothing was heard for long: no decision, standing or sign-in at or after
   * {@code unseenSince}. Of whoever has left, the standing is kept until an operator erases it,
   * since else a late sign-in would let them in; all else of them is removed likewise.
   *
   * @param limit how many at most, of either
   * @return how many are removed altogether
   */
  long expire(Instant unseenSince, int limit);
}
