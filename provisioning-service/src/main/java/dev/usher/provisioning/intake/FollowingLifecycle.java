package dev.usher.provisioning.intake;

import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.context.SmartLifecycle;

/**
 * Runs {@link FollowingAccounts} on a thread of its own, from before the listeners start until
 * after they have stopped.
 */
final class FollowingLifecycle implements SmartLifecycle {

  /** Spring Kafka's listeners have the phase 100 below the latest; this comes before them. */
  private static final int BEFORE_LISTENERS = DEFAULT_PHASE - 500;

  private static final Duration LONGEST_END = Duration.ofSeconds(5);

  private final FollowingAccounts following;
  private @Nullable Thread thread;
  private volatile boolean running;

  FollowingLifecycle(FollowingAccounts following) {
    this.following = following;
  }

  @Override
  public void start() {
    running = true;
    thread = Thread.ofVirtual().name("usher-following").start(following::run);
  }

  @Override
  public void stop() {
    following.stop();
    try {
      if (thread != null) {
        thread.join(LONGEST_END);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    running = false;
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  @Override
  public int getPhase() {
    return BEFORE_LISTENERS;
  }
}
