package dev.usher.provisioning.account;

/** A stage that is woken when an account's next piece of work is its own to do. */
public interface Stage {

  /** How many more accounts of the queue are worth fetching now; 0 while its service is down. */
  int room(Queue queue);

  /**
   * Starts the account's work and returns at once. The stage answers, in its own time, with exactly
   * one {@link AccountDesk#advance} or {@link AccountDesk#drop}.
   */
  void take(Account account);
}
