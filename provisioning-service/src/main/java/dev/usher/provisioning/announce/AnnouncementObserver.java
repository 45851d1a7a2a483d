package dev.usher.provisioning.announce;

import dev.usher.provisioning.account.Account;
import dev.usher.provisioning.account.Announcement;
import java.time.Instant;

/** Is told of each announcement. */
public interface AnnouncementObserver {

  /**
   * Kafka has it.
   *
   * @param account as it was announced
   * @param announcement what was announced
   * @param appendedAt the announcement's own timestamp in Kafka
   */
  void announced(Account account, Announcement announcement, Instant appendedAt);

  /** Kafka did not take it; it is told again later. */
  void postponed(Account account, Announcement announcement);
}
